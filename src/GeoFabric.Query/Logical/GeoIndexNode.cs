using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

/// <summary>
/// The documents that a geo index has around a shape, and those without a place. More than are wanted may come: the conditions stay behind it. When the
/// shape is none, or what is around it is a good part of the globe, all documents come.
/// </summary>
/// <param name="Target">The shape, as GeoJSON or [longitude, latitude].</param>
/// <param name="Probe">The call that asks about the documents, on a valid place: null or a warning means that it would do the same for each of them.</param>
/// <param name="Radius">Metres that a document's centroid is away from the target's at most; null for no limit.</param>
public sealed record GeoIndexNode(
    Variable Variable, CollectionDefinition Collection, IndexDefinition Index, Expression Target, Expression Probe, Expression? Radius) : LogicalNode
{
    /// <summary>
    /// Set when the nearest documents are wanted first: they come in rings around the target, and this variable is a number of metres that all
    /// documents behind a row are away at least; null as long as there is none.
    /// </summary>
    public Variable? Reached { get; init; }

    /// <summary>How many of the nearest are wanted, as far as known.</summary>
    public LimitNode? Limit { get; init; }

    public override string TypeName => "IndexNode";

    public override CollectionDefinition? ReadCollection => Collection;

    public override IEnumerable<Variable> Produced => Reached is null ? [Variable] : [Variable, Reached];

    public override IEnumerable<Expression> Expressions => Radius is null ? [Target, Probe] : [Target, Probe, Radius];

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        this with { Target = map(Target), Probe = map(Probe), Radius = Radius is null ? null : map(Radius) };

    public override bool IsRowWise => true;
}
