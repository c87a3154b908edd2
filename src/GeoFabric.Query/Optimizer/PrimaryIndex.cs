using GeoFabric.Database.Catalog;

namespace GeoFabric.Query.Optimizer;

/// <summary>The index that every collection has: its documents by <c>_key</c>.</summary>
internal static class PrimaryIndex
{
    /// <summary>The primary index and those of the collection.</summary>
    public static IEnumerable<IndexDefinition> AllOf(CollectionDefinition collection) =>
        collection.Indexes.Where(index => index.Kind != IndexKind.Primary).Prepend(IndexDefinition.Primary);
}
