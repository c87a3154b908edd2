using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;

namespace GeoFabric.Database.Transactions;

/// <summary>Changes of graphs. Collections they name and that do not exist are created with them.</summary>
internal static class GraphOperations
{
    public static GraphDefinition Create(FabricTransaction transaction, GraphDefinition graph)
    {
        CollectionName.Check(graph.Name, isSystem: false);
        if (transaction.Catalog.Graphs.ContainsKey(graph.Name))
            throw ErrorCodes.DuplicateGraph.With($"'{graph.Name}'");
        var used = graph.Edges.SelectMany(edges => edges.VertexCollections).ToHashSet(StringComparer.Ordinal);
        return Define(transaction, graph with { Orphans = [.. graph.Orphans.Where(orphan => !used.Contains(orphan)).Distinct(StringComparer.Ordinal)] });
    }

    public static GraphDefinition AddEdges(FabricTransaction transaction, string name, EdgeDefinition edges)
    {
        var graph = transaction.Catalog.GetGraph(name);
        return Define(transaction, graph.WithEdges(graph.Edges.Add(edges)));
    }

    public static GraphDefinition ReplaceEdges(FabricTransaction transaction, string name, EdgeDefinition edges)
    {
        var graph = transaction.Catalog.GetGraph(name);
        return Define(transaction, graph.WithEdges(graph.Edges.Replace(RequireEdges(graph, edges.Collection), edges)));
    }

    public static GraphDefinition RemoveEdges(FabricTransaction transaction, string name, string collection, bool dropsCollection)
    {
        var graph = transaction.Catalog.GetGraph(name);
        var changed = Define(transaction, graph.WithEdges(graph.Edges.Remove(RequireEdges(graph, collection))));
        if (dropsCollection)
            DropUnused(transaction, [collection]);
        return changed;
    }

    public static GraphDefinition AddVertices(FabricTransaction transaction, string name, string collection)
    {
        var graph = transaction.Catalog.GetGraph(name);
        if (graph.Orphans.Contains(collection))
            throw ErrorCodes.CollectionUsedInOrphans.With($"'{collection}' is one of the graph '{name}'");
        if (graph.VertexCollections.Contains(collection))
            throw ErrorCodes.CollectionUsedInEdges.With($"'{collection}' is one of the graph '{name}'");
        return Define(transaction, graph with { Orphans = graph.Orphans.Add(collection) });
    }

    public static GraphDefinition RemoveVertices(FabricTransaction transaction, string name, string collection, bool dropsCollection)
    {
        var graph = transaction.Catalog.GetGraph(name);
        if (!graph.Orphans.Contains(collection))
            throw ErrorCodes.CollectionNotOrphan.With($"'{collection}' in graph '{name}'; only vertex collections that no edges lead to can be taken out");
        var changed = Define(transaction, graph with { Orphans = graph.Orphans.Remove(collection) });
        if (dropsCollection)
            DropUnused(transaction, [collection]);
        return changed;
    }

    /// <param name="dropsCollections">Drop its collections as well, but for those of other graphs.</param>
    public static GraphDefinition Drop(FabricTransaction transaction, string name, bool dropsCollections)
    {
        var graph = transaction.Catalog.GetGraph(name);
        CatalogOperations.DropNamed(transaction, NamedDefinition.OfGraph(name));
        transaction.ReloadNamedDefinitions();
        if (dropsCollections)
            DropUnused(transaction, [.. graph.Edges.Select(edges => edges.Collection), .. graph.VertexCollections]);
        return graph;
    }

    /// <summary>Graphs follow a collection that is renamed. The ends of edges do not: they name documents, as they always did.</summary>
    public static void FollowRename(FabricTransaction transaction, string collection, string newName)
    {
        foreach (var graph in transaction.Catalog.Graphs.Values.Where(graph => graph.IsOver(collection)).OrderBy(graph => graph.Name, StringComparer.Ordinal).ToList())
            Put(transaction, graph.WithRenamed(collection, newName));
    }

    private static EdgeDefinition RequireEdges(GraphDefinition graph, string collection) =>
        graph.FindEdges(collection) ?? throw ErrorCodes.EdgeCollectionNotUsed.With($"'{collection}' in graph '{graph.Name}'");

    private static GraphDefinition Define(FabricTransaction transaction, GraphDefinition graph)
    {
        foreach (var edges in graph.Edges)
            CheckEdges(transaction, graph, edges);
        foreach (var vertices in graph.VertexCollections)
            EnsureCollection(transaction, vertices, CollectionType.Document);
        return Put(transaction, graph);
    }

    private static GraphDefinition Put(FabricTransaction transaction, GraphDefinition graph)
    {
        graph = graph with { Revision = transaction.Stamp };
        CatalogOperations.PutNamed(transaction, NamedDefinition.OfGraph(graph.Name), GraphCodec.Write(graph));
        transaction.ReloadNamedDefinitions();
        return graph;
    }

    private static void CheckEdges(FabricTransaction transaction, GraphDefinition graph, EdgeDefinition edges)
    {
        if (graph.Edges.Count(other => other.Collection == edges.Collection) > 1)
            throw ErrorCodes.EdgeCollectionMultiUse.With($"'{edges.Collection}' twice in graph '{graph.Name}'");
        foreach (var other in transaction.Catalog.Graphs.Values.Where(other => other.Name != graph.Name))
        {
            if (other.FindEdges(edges.Collection) is { } theirs && !theirs.HasSameEnds(edges))
                throw ErrorCodes.EdgeCollectionMultiUse.With($"'{edges.Collection}' leads between other vertex collections in graph '{other.Name}'");
        }
        EnsureCollection(transaction, edges.Collection, CollectionType.Edge);
    }

    private static void EnsureCollection(FabricTransaction transaction, string name, CollectionType type)
    {
        if (!transaction.Catalog.TryGetCollection(name, out var collection))
            CatalogOperations.CreateCollection(transaction, new CollectionSettings(name, type));
        else if (type == CollectionType.Edge && collection.Type != CollectionType.Edge)
            throw ErrorCodes.CollectionTypeInvalid.With($"'{name}' is no edge collection");
    }

    private static void DropUnused(FabricTransaction transaction, ImmutableArray<string> collections)
    {
        var used = transaction.Catalog.Graphs.Values.SelectMany(graph => graph.VertexCollections.Concat(graph.Edges.Select(edges => edges.Collection))).ToHashSet(StringComparer.Ordinal);
        foreach (var name in collections.Where(name => !used.Contains(name) && transaction.Catalog.TryGetCollection(name, out _)))
            CatalogOperations.DropCollection(transaction, name);
    }
}
