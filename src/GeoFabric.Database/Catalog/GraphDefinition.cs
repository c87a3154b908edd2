using System.Collections.Immutable;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Database.Catalog;

/// <summary>An edge collection of a graph, and the collections between which its edges lead.</summary>
public sealed record EdgeDefinition(string Collection, ImmutableArray<string> From, ImmutableArray<string> To)
{
    public IEnumerable<string> VertexCollections => From.Concat(To);

    public bool HasSameEnds(EdgeDefinition other) => From.ToHashSet().SetEquals(other.From) && To.ToHashSet().SetEquals(other.To);
}

/// <summary>A graph by name: which edge collections lead where. It names collections and owns none.</summary>
/// <param name="Orphans">Vertex collections that no edges lead to.</param>
public sealed record GraphDefinition(string Name, ImmutableArray<EdgeDefinition> Edges, ImmutableArray<string> Orphans)
{
    /// <summary>When it was defined; of two regions' changes the later counts.</summary>
    public RevisionStamp Revision { get; init; }

    /// <summary>All vertex collections, each once, by name.</summary>
    public IEnumerable<string> VertexCollections =>
        Edges.SelectMany(edges => edges.VertexCollections).Concat(Orphans).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal);

    public bool IsOver(string collection) => FindEdges(collection) is not null || VertexCollections.Contains(collection, StringComparer.Ordinal);

    /// <summary>With another name for one of its collections.</summary>
    public GraphDefinition WithRenamed(string collection, string newName)
    {
        string Rename(string name) => name == collection ? newName : name;
        return this with
        {
            Edges = [.. Edges.Select(edges => new EdgeDefinition(Rename(edges.Collection), [.. edges.From.Select(Rename)], [.. edges.To.Select(Rename)]))],
            Orphans = [.. Orphans.Select(Rename)],
        };
    }

    public EdgeDefinition? FindEdges(string collection) => Edges.FirstOrDefault(edges => edges.Collection == collection);

    /// <summary>With other edges: vertex collections that no edges lead to any more stay as orphans.</summary>
    public GraphDefinition WithEdges(ImmutableArray<EdgeDefinition> edges)
    {
        var used = edges.SelectMany(definition => definition.VertexCollections).ToHashSet(StringComparer.Ordinal);
        return this with { Edges = edges, Orphans = [.. VertexCollections.Where(collection => !used.Contains(collection))] };
    }
}
