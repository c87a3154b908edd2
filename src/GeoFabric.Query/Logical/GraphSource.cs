using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Logical;

/// <summary>An edge collection and how it is walked.</summary>
public sealed record GraphEdges(CollectionDefinition Collection, EdgeDirection Direction);

/// <summary>Where a traversal or path search walks.</summary>
/// <param name="Name">Name of the graph, when it was given by name.</param>
public sealed record GraphSource(string? Name, ImmutableArray<GraphEdges> Edges)
{
    public override string ToString()
    {
        var edges = string.Join(", ", Edges.Select(edge => $"{edge.Direction.ToString().ToUpperInvariant()} {NameText.Quote(edge.Collection.Name)}"));
        return Name is null ? edges : $"GRAPH {NameText.Quote(Name)} ({edges})";
    }
}
