using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace GeoFabric.Database.Catalog;

/// <summary>All definitions of one fabric at one version. Immutable and swapped whole, so a request or a plan sees one state from start to end.</summary>
/// <param name="Version">Grows with every change; plans are cached under it.</param>
public sealed record CatalogSnapshot(long Version, ImmutableDictionary<string, CollectionDefinition> Collections)
{
    /// <summary>Whether any collection asks for more than the usual of its readers or writers. Almost none does, so this is asked before anything else.</summary>
    public bool HasConsistencyRules { get; } = Collections.Values.Any(collection => collection.IsSpot || collection.Consistency is not null);

    public bool TryGetCollection(string name, [MaybeNullWhen(false)] out CollectionDefinition collection) =>
        Collections.TryGetValue(name, out collection);

    /// <summary>The collection of that name.</summary>
    /// <exception cref="Primitives.Errors.GeoFabricException">1203.</exception>
    public CollectionDefinition GetCollection(string name) =>
        TryGetCollection(name, out var collection) ? collection : throw Primitives.Errors.ErrorCodes.DataSourceNotFound.With(name);
}
