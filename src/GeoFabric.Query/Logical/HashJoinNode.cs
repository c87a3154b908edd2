using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

/// <summary>An equality between the loop's document and the rows before it.</summary>
/// <param name="Inner">Reads the loop's document and nothing else of the row.</param>
/// <param name="Outer">Does not read the loop's document.</param>
public sealed record JoinKey(Expression Inner, Expression Outer);

/// <summary>
/// The documents of a collection whose keys equal those of an incoming row, in key order: what a loop over all of them with filters behind it finds,
/// from a table that is built once.
/// </summary>
/// <param name="Conditions">What else the documents have to satisfy; read the loop's document and nothing else of the row.</param>
public sealed record HashJoinNode(
    Variable Variable, CollectionDefinition Collection, ImmutableArray<JoinKey> Keys, ImmutableArray<Expression> Conditions) : LogicalNode
{
    public override string TypeName => "HashJoinNode";

    public override IEnumerable<Variable> Produced => [Variable];

    public override CollectionDefinition? ReadCollection => Collection;

    public override IEnumerable<Expression> Expressions => [.. Keys.SelectMany(key => new[] { key.Inner, key.Outer }), .. Conditions];

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with
    {
        Keys = [.. Keys.Select(key => new JoinKey(map(key.Inner), map(key.Outer)))],
        Conditions = [.. Conditions.Select(map)],
    };

    public override bool IsRowWise => true;
}
