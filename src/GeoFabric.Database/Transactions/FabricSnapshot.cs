using GeoFabric.Database.Catalog;
using GeoFabric.Database.Inverted;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Reading;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Transactions;

/// <summary>A consistent view of one fabric. Use it from one thread at a time and dispose it soon: it pins every page freed after it.</summary>
public sealed class FabricSnapshot : IFabricReader, IDisposable
{
    private const int SizedEntriesMax = 100;

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

    public void GetDocuments(CollectionDefinition collection, KeyBatch keysUtf8, Span<Value> documents) => _reads.GetDocuments(collection, keysUtf8, documents);

    public bool ContainsDocument(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8) => _reads.ContainsDocument(collection, keyUtf8);

    public void ContainsDocuments(CollectionDefinition collection, KeyBatch keysUtf8, Span<bool> areThere) => _reads.ContainsDocuments(collection, keysUtf8, areThere);

    public long CountDocuments(CollectionDefinition collection) => _reads.CountDocuments(collection);

    public long EstimateDocuments(CollectionDefinition collection) => _reads.EstimateDocuments(collection);

    /// <summary>Sizes of a collection, kept exactly with every write: asking for them reads no document.</summary>
    public CollectionFigures ReadFigures(CollectionDefinition collection)
    {
        var runtime = _reads.Resolve(collection);
        var counters = _reads.ReadCollectionCounters(runtime);
        var entries = runtime.Indexes.Sum(index => _reads.ReadIndexCounters(runtime, index.Definition)[IndexCounter.Entries]);
        return new CollectionFigures(counters[CollectionCounter.Documents], counters[CollectionCounter.Bytes], entries, _reads.ReadLastKey(runtime));
    }

    /// <summary>Sizes of an index. Reads a hundred of its entries at most.</summary>
    public IndexFigures ReadFigures(CollectionDefinition collection, IndexDefinition index)
    {
        var runtime = _reads.ResolveKept(collection);
        if (index.Kind == IndexKind.Primary)
            return new IndexFigures(_reads.CountDocuments(collection), 0);
        var entries = _reads.ReadIndexCounters(runtime, index)[IndexCounter.Entries];
        var maintainer = runtime.FindIndex(index.Id);
        var (sampled, bytes) = (0L, 0L);
        using var cursor = _storage.OpenCursor(KeyRange.WithPrefix(KeyLayout.IndexPrefix(runtime.ContentsId, index.Id)));
        while (sampled < SizedEntriesMax && cursor.MoveNext())
        {
            bytes += cursor.Key.Length + cursor.Value.Length;
            sampled += maintainer?.CountEntries(cursor.Value) ?? 1;
        }
        return new IndexFigures(entries, sampled < SizedEntriesMax ? bytes : (long)((double)bytes / sampled * Math.Max(entries, sampled)));
    }

    public IDocumentCursor ScanCollection(CollectionDefinition collection, ScanDirection direction = ScanDirection.Forward) =>
        _reads.ScanCollection(collection, direction);

    /// <summary>The documents of one part, in <c>_key</c> order.</summary>
    public IDocumentCursor ScanCollection(CollectionDefinition collection, DocumentRange part) => _reads.ScanCollection(collection, part);

    /// <summary>
    /// Cuts a collection into adjoining parts in <c>_key</c> order, to be read one by one or side by side. How many documents each has is not looked at.
    /// </summary>
    /// <param name="parts">About how many; a small collection has fewer.</param>
    public IReadOnlyList<DocumentRange> SplitCollection(CollectionDefinition collection, int parts) => _reads.SplitCollection(collection, parts);

    /// <summary>The same view once more, for another thread to use at the same time. Documents of a fork live as long as this one.</summary>
    public FabricSnapshot Fork()
    {
        var storage = _storage.Fork();
        return new FabricSnapshot(storage, _reads.Over(storage), static () => { });
    }

    public IDocumentCursor ScanIndex(
        CollectionDefinition collection, IndexDefinition index, IndexRange range, ScanDirection direction = ScanDirection.Forward) =>
        _reads.ScanIndex(collection, index, range, direction);

    public IDocumentCursor ScanBox(CollectionDefinition collection, IndexDefinition index, IndexBox box) => _reads.ScanBox(collection, index, box);

    public IEdgeCursor OpenEdges(CollectionDefinition edges, bool isInbound) => _reads.OpenEdges(edges, isInbound);

    public bool HasTruncatedEntries(CollectionDefinition collection, IndexDefinition index) => _reads.HasTruncatedEntries(collection, index);

    public double EstimateSelectivity(CollectionDefinition collection, IndexDefinition index) => _reads.EstimateSelectivity(collection, index);

    public double? EstimateEntries(CollectionDefinition collection, IndexDefinition index, IndexRange range) => _reads.EstimateEntries(collection, index, range);

    public long StatisticsVersion => _reads.Histograms.Version;

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
