using GeoFabric.Database.Catalog;
using GeoFabric.Database.Inverted;
using GeoFabric.Database.Reading;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Transactions;

/// <summary>A consistent view of one fabric. Use it from one thread at a time and dispose it soon: it pins every page freed after it.</summary>
public sealed class FabricSnapshot : IFabricReader, IDisposable
{
    private readonly ISnapshot _storage;
    private readonly FabricReads _reads;
    private readonly Action _closed;
    private bool _isDisposed;

    internal FabricSnapshot(ISnapshot storage, FabricReads reads, Action closed)
    {
        _storage = storage;
        _reads = reads;
        _closed = closed;
    }

    public CatalogSnapshot Catalog => _reads.Catalog.Snapshot;

    internal FabricReads Reads => _reads;

    internal ISnapshot Storage => _storage;

    public bool TryGetDocument(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, out Value document) =>
        _reads.TryGetDocument(collection, keyUtf8, out document);

    public bool ContainsDocument(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8) => _reads.ContainsDocument(collection, keyUtf8);

    public long CountDocuments(CollectionDefinition collection) => _reads.CountDocuments(collection);

    public long EstimateDocuments(CollectionDefinition collection) => _reads.EstimateDocuments(collection);

    public IDocumentCursor ScanCollection(CollectionDefinition collection, ScanDirection direction = ScanDirection.Forward) =>
        _reads.ScanCollection(collection, direction);

    public IDocumentCursor ScanIndex(
        CollectionDefinition collection, IndexDefinition index, IndexRange range, ScanDirection direction = ScanDirection.Forward) =>
        _reads.ScanIndex(collection, index, range, direction);

    public IEdgeCursor OpenEdges(CollectionDefinition edges, bool isInbound) => _reads.OpenEdges(edges, isInbound);

    public bool HasTruncatedEntries(CollectionDefinition collection, IndexDefinition index) => _reads.HasTruncatedEntries(collection, index);

    public double EstimateSelectivity(CollectionDefinition collection, IndexDefinition index) => _reads.EstimateSelectivity(collection, index);

    public InvertedReader OpenInverted(CollectionDefinition collection, IndexDefinition index) => _reads.OpenInverted(collection, index, expiredAt: null);

    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        _reads.Dispose();
        _storage.Dispose();
        _closed();
    }
}
