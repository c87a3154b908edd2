using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Storage;

namespace GeoFabric.Database.Indexes;

/// <summary>The catalog of one version with its collections' runtimes. Immutable and swapped whole after the commit that changed it.</summary>
internal sealed class CatalogRuntime
{
    private readonly Dictionary<uint, CollectionRuntime> _byId;
    private readonly Dictionary<ulong, CollectionRuntime> _byWireId;

    private CatalogRuntime(CatalogSnapshot snapshot, Dictionary<uint, CollectionRuntime> byId)
    {
        Snapshot = snapshot;
        _byId = byId;
        _byWireId = byId.Values.ToDictionary(collection => collection.Definition.WireId);
    }

    public static CatalogRuntime Empty { get; } = new(new CatalogSnapshot(0, ImmutableDictionary<string, CollectionDefinition>.Empty), []);

    public CatalogSnapshot Snapshot { get; }

    public IReadOnlyCollection<CollectionRuntime> Collections => _byId.Values;

    public bool TryGet(uint collectionId, [MaybeNullWhen(false)] out CollectionRuntime collection) => _byId.TryGetValue(collectionId, out collection);

    /// <summary>Finds a collection by what all regions call it.</summary>
    public bool TryGetShared(ulong wireId, [MaybeNullWhen(false)] out CollectionRuntime collection) => _byWireId.TryGetValue(wireId, out collection);

    /// <summary>The collection that has these contents now, or null.</summary>
    public CollectionRuntime? FindContents(uint contentsId) => _byId.Values.FirstOrDefault(collection => collection.ContentsId == contentsId);

    /// <summary>The next version, with one collection added or changed.</summary>
    public CatalogRuntime With(CollectionDefinition definition)
    {
        var byId = new Dictionary<uint, CollectionRuntime>(_byId);
        var collections = Snapshot.Collections;
        if (byId.TryGetValue(definition.Id, out var previous) && previous.Definition.Name != definition.Name)
            collections = collections.Remove(previous.Definition.Name);
        byId[definition.Id] = new CollectionRuntime(definition);
        return new CatalogRuntime(Next(collections.SetItem(definition.Name, definition)), byId);
    }

    /// <summary>The next version, without one collection.</summary>
    public CatalogRuntime Without(CollectionDefinition definition)
    {
        var byId = new Dictionary<uint, CollectionRuntime>(_byId);
        byId.Remove(definition.Id);
        return new CatalogRuntime(Next(Snapshot.Collections.Remove(definition.Name)), byId);
    }

    /// <summary>The next version, with analyzers, views and graphs as they are stored now.</summary>
    public CatalogRuntime WithNamedDefinitions(IStorageReader storage) => new(ReadNamedDefinitions(storage, Next(Snapshot.Collections)), _byId);

    private CatalogSnapshot Next(ImmutableDictionary<string, CollectionDefinition> collections) =>
        new(Snapshot.Version + 1, collections) { Views = Snapshot.Views, Analyzers = Snapshot.Analyzers, Graphs = Snapshot.Graphs };

    /// <summary>Reads all definitions of a storage state.</summary>
    public static CatalogRuntime Load(IStorageReader storage, long version)
    {
        var byId = new Dictionary<uint, CollectionRuntime>();
        var byName = ImmutableDictionary.CreateBuilder<string, CollectionDefinition>(StringComparer.Ordinal);
        using var cursor = storage.OpenCursor(KeyLayout.AllCollections);
        while (cursor.MoveNext())
        {
            var definition = DefinitionCodec.ReadCollection(CatalogRecord.Read(cursor.Key, cursor.Value));
            byId.Add(definition.Id, new CollectionRuntime(definition));
            byName.Add(definition.Name, definition);
        }
        return new CatalogRuntime(ReadNamedDefinitions(storage, new CatalogSnapshot(version, byName.ToImmutable())), byId);
    }

    private static CatalogSnapshot ReadNamedDefinitions(IStorageReader storage, CatalogSnapshot catalog)
    {
        var views = ImmutableSortedDictionary.CreateBuilder<string, ViewDefinition>(StringComparer.Ordinal);
        var analyzers = ImmutableSortedDictionary.CreateBuilder<string, AnalyzerDefinition>(StringComparer.Ordinal);
        var graphs = ImmutableDictionary.CreateBuilder<string, GraphDefinition>(StringComparer.Ordinal);
        using var cursor = storage.OpenCursor(KeyLayout.AllStoredQueries);
        while (cursor.MoveNext())
        {
            var name = KeyLayout.ReadStoredQueryName(cursor.Key);
            if (NamedDefinition.IsStoredQuery(name))
                break;
            var content = CatalogRecord.Read(cursor.Key, cursor.Value);
            if (DefinitionCodec.IsDropped(content))
                continue;
            if (NamedDefinition.IsAnalyzer(name) && SearchCodec.ReadAnalyzer(content) is var analyzer)
                analyzers.Add(analyzer.Name, analyzer);
            else if (NamedDefinition.TryReadView(name, out var view))
                views.Add(view, SearchCodec.ReadView(content));
            else if (NamedDefinition.IsGraph(name) && GraphCodec.Read(content) is var graph)
                graphs.Add(graph.Name, graph);
        }
        return new CatalogSnapshot(catalog.Version, catalog.Collections) { Views = views.ToImmutable(), Analyzers = analyzers.ToImmutable(), Graphs = graphs.ToImmutable() };
    }
}
