using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Transactions;

/// <summary>A consistent view of one fabric. Use it from one thread at a time and dispose it soon: it pins every page freed after it.</summary>
public sealed class FabricSnapshot : IFabricReader, IDisposable
{
    public CatalogSnapshot Catalog => throw new NotImplementedException();

    public bool TryGetDocument(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, out Value document) => throw new NotImplementedException();

    public long CountDocuments(CollectionDefinition collection) => throw new NotImplementedException();

    public IDocumentCursor ScanCollection(CollectionDefinition collection, ScanDirection direction = ScanDirection.Forward) => throw new NotImplementedException();

    public IDocumentCursor ScanIndex(CollectionDefinition collection, IndexDefinition index, IndexRange range, ScanDirection direction = ScanDirection.Forward) => throw new NotImplementedException();

    public bool HasTruncatedEntries(CollectionDefinition collection, IndexDefinition index) => throw new NotImplementedException();

    public double EstimateSelectivity(CollectionDefinition collection, IndexDefinition index) => throw new NotImplementedException();

    public void Dispose() => throw new NotImplementedException();
}
