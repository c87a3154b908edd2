using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

/// <summary>The documents that any of several indexes finds, each once: the candidates of a condition whose alternatives different indexes serve.</summary>
public sealed record IndexUnionNode(Variable Variable, CollectionDefinition Collection, ImmutableArray<IndexNode> Branches) : LogicalNode
{
    /// <summary>As clients know an index scan, of one index or of several.</summary>
    public override string TypeName => "IndexNode";

    public override CollectionDefinition? ReadCollection => Collection;

    public override IEnumerable<Variable> Produced => [Variable];

    public override IEnumerable<Expression> Expressions => Branches.SelectMany(branch => branch.Expressions);

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        this with { Branches = [.. Branches.Select(branch => (IndexNode)branch.MapExpressions(map))] };

    public override bool IsRowWise => true;
}
