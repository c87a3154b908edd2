using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

/// <summary>
/// The documents in those lists of a vector index that are near a vector, with how near they are. In no order: a sort with a limit is behind it, and
/// filters in between leave out what they will.
/// </summary>
/// <param name="Score">Gets the document's similarity or distance.</param>
/// <param name="Target">The vector.</param>
/// <param name="Options">An object such as <c>{nProbe: 10}</c>; null for none.</param>
public sealed record VectorIndexNode(
    Variable Variable, Variable Score, CollectionDefinition Collection, IndexDefinition Index, Expression Target, Expression? Options) : LogicalNode
{
    public override string TypeName => "EnumerateNearVectorNode";

    public override CollectionDefinition? ReadCollection => Collection;

    public override IEnumerable<Variable> Produced => [Variable, Score];

    public override IEnumerable<Expression> Expressions => Options is null ? [Target] : [Target, Options];

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with { Target = map(Target), Options = Options is null ? null : map(Options) };

    public override bool IsRowWise => true;
}
