using System.Collections.Immutable;

namespace GeoFabric.Query.Logical;

public enum TraversalOrder
{
    /// <summary>Paths in pre-order.</summary>
    DepthFirst,

    /// <summary>Paths by depth.</summary>
    BreadthFirst,

    /// <summary>Paths by the sum of their edges' weights.</summary>
    Weighted,
}

/// <summary>Where a vertex may come once only.</summary>
public enum VertexUniqueness
{
    None,
    Path,
    Global,
}

/// <summary>The OPTIONS of a traversal or path search.</summary>
/// <param name="HasUniqueEdges">Whether an edge comes once only on a path.</param>
/// <param name="VertexCollections">The collections whose vertices may be visited; empty for all. The start is always allowed.</param>
/// <param name="WeightAttribute">Attribute of edges that holds their weight; null when each counts as <paramref name="DefaultWeight"/>.</param>
public sealed record TraversalOptions(
    TraversalOrder Order,
    VertexUniqueness UniqueVertices,
    bool HasUniqueEdges,
    ImmutableArray<string> VertexCollections,
    string? WeightAttribute,
    double DefaultWeight)
{
    public static TraversalOptions Default { get; } = new(TraversalOrder.DepthFirst, VertexUniqueness.None, true, [], null, 1);

    /// <summary>What differs from the defaults, as plans show it.</summary>
    public override string ToString()
    {
        var parts = new List<string>();
        if (Order != TraversalOrder.DepthFirst)
            parts.Add(Order == TraversalOrder.BreadthFirst ? "bfs" : "weighted");
        if (UniqueVertices != VertexUniqueness.None)
            parts.Add($"uniqueVertices {UniqueVertices.ToString().ToLowerInvariant()}");
        if (!HasUniqueEdges)
            parts.Add("uniqueEdges none");
        if (VertexCollections.Length > 0)
            parts.Add($"vertexCollections {string.Join(", ", VertexCollections)}");
        if (WeightAttribute is not null)
            parts.Add($"weightAttribute {WeightAttribute}");
        return string.Join(", ", parts);
    }
}
