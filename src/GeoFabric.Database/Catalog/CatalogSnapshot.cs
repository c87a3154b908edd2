using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using GeoFabric.Database.Analysis;

namespace GeoFabric.Database.Catalog;

/// <summary>All definitions of one fabric at one version. Immutable and swapped whole, so a request or a plan sees one state from start to end.</summary>
/// <param name="Version">Grows with every change; plans are cached under it.</param>
public sealed record CatalogSnapshot(long Version, ImmutableDictionary<string, CollectionDefinition> Collections)
{
    /// <summary>Search views by name.</summary>
    public ImmutableSortedDictionary<string, ViewDefinition> Views { get; init; } = ImmutableSortedDictionary<string, ViewDefinition>.Empty;

    /// <summary>Analyzers by name, without those every fabric has.</summary>
    public ImmutableSortedDictionary<string, AnalyzerDefinition> Analyzers { get; init; } = ImmutableSortedDictionary<string, AnalyzerDefinition>.Empty;

    /// <summary>Whether any collection asks for more than the usual of its readers or writers. Almost none does, so this is asked before anything else.</summary>
    public bool HasConsistencyRules { get; } = Collections.Values.Any(collection => collection.IsSpot || collection.Consistency is not null);

    /// <summary>The fabric's graphs by name.</summary>
    public ImmutableDictionary<string, GraphDefinition> Graphs { get; init; } = ImmutableDictionary<string, GraphDefinition>.Empty;

    /// <summary>The graph of that name.</summary>
    /// <exception cref="Primitives.Errors.GeoFabricException">1924.</exception>
    public GraphDefinition GetGraph(string name) =>
        Graphs.TryGetValue(name, out var graph) ? graph : throw Primitives.Errors.ErrorCodes.GraphNotFound.With($"'{name}'");

    public bool TryGetCollection(string name, [MaybeNullWhen(false)] out CollectionDefinition collection) =>
        Collections.TryGetValue(name, out collection);

    /// <summary>The collection of that name.</summary>
    /// <exception cref="Primitives.Errors.GeoFabricException">1203.</exception>
    public CollectionDefinition GetCollection(string name) =>
        TryGetCollection(name, out var collection) ? collection : throw Primitives.Errors.ErrorCodes.DataSourceNotFound.With(name);

    public bool TryGetView(string name, [MaybeNullWhen(false)] out ViewDefinition view) => Views.TryGetValue(name, out view);

    /// <summary>The view of that name.</summary>
    /// <exception cref="Primitives.Errors.GeoFabricException">1203.</exception>
    public ViewDefinition GetView(string name) =>
        TryGetView(name, out var view) ? view : throw Primitives.Errors.ErrorCodes.DataSourceNotFound.With(name);

    public bool TryGetAnalyzer(string name, [MaybeNullWhen(false)] out AnalyzerDefinition analyzer) =>
        BuiltInAnalyzers.ByName.TryGetValue(name, out analyzer) || Analyzers.TryGetValue(name, out analyzer);

    /// <summary>The analyzer of that name.</summary>
    /// <exception cref="Primitives.Errors.GeoFabricException">1202.</exception>
    public AnalyzerDefinition GetAnalyzer(string name) =>
        TryGetAnalyzer(name, out var analyzer) ? analyzer : throw Primitives.Errors.ErrorCodes.DocumentNotFound.With($"analyzer '{name}'");

    /// <summary>The collections a view is over, as far as they exist here; in the order of their names.</summary>
    public IEnumerable<CollectionDefinition> CollectionsOf(ViewDefinition view) =>
        Collections.Values.Where(view.IsOver).OrderBy(collection => collection.Name, StringComparer.Ordinal);

    /// <summary>The collections a search view is over, with what is searched of each, as far as they exist here; in the order of their names.</summary>
    public IEnumerable<(CollectionDefinition Collection, SearchField Link)> LinksOf(ViewDefinition view) =>
        CollectionsOf(view).Where(collection => view.Links.ContainsKey(collection.WireId)).Select(collection => (collection, view.Links[collection.WireId]));
}
