using System.Diagnostics;
using System.Runtime.CompilerServices;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Inverted;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Reading;

/// <summary>The reads that snapshots and transactions share, over one storage state and one catalog, under one scope.</summary>
/// <param name="region">Where this is; null for the fabric itself, which may look into what belongs elsewhere.</param>
internal sealed class FabricReads(IStorageReader storage, CatalogRuntime catalog, AccessScope scope, uint fabricId, ushort? region, IndexHistograms histograms, FabricTraffic traffic)
{
    /// <summary>Below this many entries selectivity is counted rather than estimated.</summary>
    private const int CountedEntriesMax = 512;
    private const int SampleTrustedFrom = 64;

    /// <summary>Entries of a range that are counted one by one, in some 20 µs.</summary>
    private const int CountedInRangeMax = 200;

    /// <summary>What is being asked of the storage engine; of no use between calls.</summary>
    [ThreadStatic]
    private static KeyBatch? s_asked;

    private KeyWriter? _keys;
    private CollectionDefinition? _lastAsked;
    private CollectionRuntime? _lastFound;
    private ReadTally _tally = new(traffic);

    public CatalogRuntime Catalog { get; set; } = catalog;

    public AccessScope Scope => scope;

    public IndexHistograms Histograms => histograms;

    public FabricTraffic Traffic => traffic;

    /// <summary>The same reads over a fork of the storage state.</summary>
    public FabricReads Over(IStorageReader fork) => new(fork, Catalog, scope, fabricId, region, histograms, traffic);

    /// <summary>
    /// The collection as this state knows it. Callers may hold a definition of another version: the id finds the right one.
    /// </summary>
    /// <exception cref="GeoFabricException">1203 when it does not exist here, 11 when the scope may not read it.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public CollectionRuntime Resolve(CollectionDefinition collection)
    {
        Debug.Assert(scope.FabricId == fabricId);
        return ReferenceEquals(collection, _lastAsked) ? _lastFound! : ResolveSlowly(collection);
    }

    /// <summary>The collection for who wants its documents.</summary>
    /// <exception cref="GeoFabricException">As <see cref="Resolve"/>, and 1479 when this region does not keep them: nothing of it is here, and nothing is no answer.</exception>
    public CollectionRuntime ResolveKept(CollectionDefinition collection)
    {
        var runtime = Resolve(collection);
        return region is not { } here || runtime.Definition.KeptAt.IsKeptAt(here)
            ? runtime
            : throw ErrorCodes.NotKeptHere.With($"'{collection.Name}'; ask a region that keeps it");
    }

    /// <summary>Counts documents that were read for whoever asked; what the server reads to write does not count.</summary>
    public void CountRead(CollectionRuntime collection, uint documents = 1) => _tally.Add(collection.ContentsId, documents);

    /// <summary>Forgets what was resolved: the catalog has changed.</summary>
    public void ForgetResolved() => _lastAsked = null;

    [SkipLocalsInit]
    public bool ContainsDocument(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8)
    {
        var runtime = ResolveKept(collection);
        CountRead(runtime);
        Span<byte> storageKey = stackalloc byte[KeyLayout.DocumentKeySizeMax];
        return KeyLayout.TryWriteDocumentKey(storageKey, runtime.DocumentPrefix, keyUtf8, out var size) && storage.Contains(storageKey[..size]);
    }

    [SkipLocalsInit]
    public void ContainsDocuments(CollectionDefinition collection, KeyBatch keysUtf8, Span<bool> areThere)
    {
        var runtime = ResolveKept(collection);
        CountRead(runtime, (uint)keysUtf8.Count);
        storage.ContainsMany(StorageKeysOf(runtime, keysUtf8), areThere);
    }

    public void GetDocuments(CollectionDefinition collection, KeyBatch keysUtf8, Span<Value> documents)
    {
        var runtime = ResolveKept(collection);
        CountRead(runtime, (uint)keysUtf8.Count);
        GetRecords(runtime, StorageKeysOf(runtime, keysUtf8), documents);
    }

    /// <param name="documents">Null for a key under which there is nothing.</param>
    public void GetRecords(CollectionRuntime collection, KeyBatch storageKeys, Span<Value> documents)
    {
        storage.GetMany(storageKeys);
        for (var index = 0; index < storageKeys.Count; index++)
            documents[index] = storageKeys.TryGetValue(index, out var record) ? DocumentOf(collection, storageKeys.KeyAt(index), record) : default;
    }

    /// <summary>Good until the thread asks again.</summary>
    [SkipLocalsInit]
    private static KeyBatch StorageKeysOf(CollectionRuntime collection, KeyBatch keysUtf8)
    {
        var asked = s_asked ??= new KeyBatch();
        asked.Clear();
        Span<byte> storageKey = stackalloc byte[KeyLayout.DocumentKeySizeMax];
        for (var index = 0; index < keysUtf8.Count; index++)
        {
            // What is no key keeps its place: there is nothing under the empty one.
            var isKey = KeyLayout.TryWriteDocumentKey(storageKey, collection.DocumentPrefix, keysUtf8.KeyAt(index), out var size);
            asked.Add(storageKey[..(isKey ? size : 0)]);
        }
        return asked;
    }

    [SkipLocalsInit]
    public bool TryGetDocument(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, out Value document)
    {
        var runtime = ResolveKept(collection);
        CountRead(runtime);
        Span<byte> storageKey = stackalloc byte[KeyLayout.DocumentKeySizeMax];
        if (KeyLayout.TryWriteDocumentKey(storageKey, runtime.DocumentPrefix, keyUtf8, out var size) && TryGetRecord(runtime, storageKey[..size], out document))
            return true;
        document = default;
        return false;
    }

    public bool TryGetRecord(CollectionRuntime collection, ReadOnlySpan<byte> storageKey, out Value document)
    {
        if (!storage.TryGet(storageKey, out var record))
        {
            document = default;
            return false;
        }
        document = DocumentOf(collection, storageKey, record);
        return true;
    }

    private static Value DocumentOf(CollectionRuntime collection, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> record)
    {
        DocumentRecord.Verify(storageKey, record, collection.Definition.Source);
        return Value.FromDocument(collection.Definition.Source, record);
    }

    public long CountDocuments(CollectionDefinition collection) => ReadCollectionCounters(ResolveKept(collection))[CollectionCounter.Documents];

    public long EstimateDocuments(CollectionDefinition collection) => ReadCollectionCounters(Resolve(collection))[CollectionCounter.Documents];

    public IDocumentCursor ScanCollection(CollectionDefinition collection, ScanDirection direction)
    {
        var runtime = ResolveKept(collection);
        return new DocumentCursor(this, storage.OpenCursor(KeyRange.WithPrefix(runtime.DocumentPrefix), direction), runtime, bounds: null);
    }

    public IDocumentCursor ScanCollection(CollectionDefinition collection, DocumentRange part) =>
        new DocumentCursor(this, storage.OpenCursor(part.Keys), ResolveKept(collection), bounds: null);

    public DocumentRange[] SplitCollection(CollectionDefinition collection, int parts) =>
        [.. KeyRangeSplitter.Split(storage, KeyRange.WithPrefix(ResolveKept(collection).DocumentPrefix), parts).Select(keys => new DocumentRange(keys))];

    public IDocumentCursor ScanIndex(CollectionDefinition collection, IndexDefinition index, IndexRange range, ScanDirection direction)
    {
        var runtime = ResolveKept(collection);
        if (index.Kind == IndexKind.Primary)
        {
            return KeyBounds.RangeOf(runtime, range, out var bounds) is { } documents
                ? new DocumentCursor(this, storage.OpenCursor(documents, direction), runtime, bounds)
                : new DocumentCursor(this, storage.OpenCursor(new KeyRange([0], [0]), direction), runtime, bounds: null);
        }
        var maintainer = FindIndex(runtime, index);
        ThrowIfBuilding(runtime, maintainer);
        var keys = IndexRangeKeys.Create(range, maintainer, _keys ??= new KeyWriter());
        return new IndexCursor(this, maintainer.OpenEntries(storage, keys.StorageRange(maintainer), direction), runtime, maintainer, keys);
    }

    public IDocumentCursor ScanBox(CollectionDefinition collection, IndexDefinition index, IndexBox box)
    {
        var runtime = ResolveKept(collection);
        var maintainer = FindIndex(runtime, index);
        ThrowIfBuilding(runtime, maintainer);
        var writer = _keys ??= new KeyWriter();
        writer.Clear();
        writer.WriteRaw(maintainer.Prefix);
        foreach (var value in box.EqualTo)
            writer.Write(value);
        // The points of entries with so long values in front are cut off, which leaves those values to go by.
        if (writer.Length - KeyLayout.IndexPrefixSize + (box.Lower.Length * ZOrder.BytesPerDimension) > KeyLayout.IndexFieldsSizeMax)
            return ScanIndex(collection, index, new IndexRange(box.EqualTo), ScanDirection.Forward);
        ICursor entries = BoxCursor.Open(storage, writer.Written, box) is { } found ? found : storage.OpenCursor(new KeyRange([0], [0]));
        return new IndexCursor(this, entries, runtime, maintainer, keys: null);
    }

    public EdgeCursor OpenEdges(CollectionDefinition collection, bool isInbound, HybridTimestamp? liveAt = null)
    {
        var runtime = ResolveKept(collection);
        var index = runtime.Indexes.OfType<EdgeIndex>().FirstOrDefault(candidate => candidate.IsInbound == isInbound)
            ?? throw ErrorCodes.CollectionTypeInvalid.With($"'{collection.Name}' is no edge collection");
        ThrowIfBuilding(runtime, index);
        return new EdgeCursor(this, storage, runtime, index) { LiveAt = runtime.HasExpiry ? liveAt : null };
    }

    /// <param name="expiredAt">Leaves out documents whose life is over at this time; null leaves in all.</param>
    public InvertedReader OpenInverted(CollectionDefinition collection, IndexDefinition index, HybridTimestamp? expiredAt)
    {
        var runtime = ResolveKept(collection);
        var inverted = runtime.FindInverted(index.Id) ?? throw ErrorCodes.IndexNotFound.With($"index '{index.Name}' of collection '{collection.Name}'");
        if (inverted.Definition.IsBuilding)
            throw ErrorCodes.IndexNotFound.With($"index '{index.Name}' of collection '{collection.Name}' is still being filled");
        var storageKey = new byte[KeyLayout.DocumentKeySizeMax];
        runtime.DocumentPrefix.CopyTo(storageKey);
        return new InvertedReader(storage, inverted, Find, expiredAt is not null);

        bool Find(ReadOnlySpan<byte> encodedKey, out Value document)
        {
            CountRead(runtime);
            encodedKey.CopyTo(storageKey.AsSpan(KeyLayout.CollectionPrefixSize));
            if (!TryGetRecord(runtime, storageKey.AsSpan(0, KeyLayout.CollectionPrefixSize + encodedKey.Length), out document))
            {
                throw ErrorCodes.CorruptedDocument.With(
                    $"index '{index.Name}' of collection '{collection.Name}' points to document '{DocumentKeyCodec.DecodeToString(encodedKey)}', which is not there; rebuild the index");
            }
            return expiredAt is not { } at || !runtime.IsExpired(document, at);
        }
    }

    public bool HasTruncatedEntries(CollectionDefinition collection, IndexDefinition index) =>
        index.Kind != IndexKind.Primary && ReadIndexCounters(Resolve(collection), index)[IndexCounter.Truncated] > 0;

    /// <summary>
    /// Distinct values per entry. Small indexes are counted; larger ones are estimated from the one in eight entries whose counters every write
    /// keeps up to date.
    /// </summary>
    public double EstimateSelectivity(CollectionDefinition collection, IndexDefinition index)
    {
        var runtime = Resolve(collection);
        if (index.Kind == IndexKind.Primary)
            return 1;
        var maintainer = FindIndex(runtime, index);
        var counters = ReadIndexCounters(runtime, index);
        var entries = counters[IndexCounter.Entries];
        if (maintainer.Definition.IsUnique || entries <= 1)
            return 1;
        if (entries <= CountedEntriesMax)
            return (double)CountDistinct(maintainer) / entries;
        if (counters[IndexCounter.SampledEntries] >= SampleTrustedFrom)
            return Math.Clamp((double)counters[IndexCounter.SampledDistinct] / counters[IndexCounter.SampledEntries], 1.0 / entries, 1);
        // Many entries and next to none in the sample: there are only a few distinct values, and none of them happens to be sampled.
        return Math.Min(1, IndexWriter.SampleEvery / 2.0 / entries);
    }

    /// <summary>As <see cref="IFabricReader.EstimateEntries"/>.</summary>
    public double? EstimateEntries(CollectionDefinition collection, IndexDefinition index, IndexRange range)
    {
        var runtime = Resolve(collection);
        if (index.Kind == IndexKind.Primary)
            return KeyBounds.RangeOf(runtime, range, out _) is not { } documents ? 0 : CountUpTo(storage.OpenCursor(documents), CountedInRangeMax) is var found && found < CountedInRangeMax ? found : null;
        var maintainer = FindIndex(runtime, index);
        var keys = IndexRangeKeys.Create(range, maintainer, _keys ??= new KeyWriter());
        var counted = CountUpTo(maintainer.OpenEntries(storage, keys.StorageRange(maintainer)), CountedInRangeMax);
        if (counted < CountedInRangeMax)
            return counted;
        var entries = ReadIndexCounters(runtime, index)[IndexCounter.Entries];
        return histograms.Find(storage, runtime, maintainer, entries) is { } histogram ? Math.Max(counted, entries * keys.ShareIn(histogram)) : null;
    }

    /// <summary>Reads where the entries of the collection's indexes lie; see <see cref="IndexHistograms.Analyze"/>.</summary>
    public int Analyze(CollectionDefinition collection) => histograms.Analyze(this, storage, ResolveKept(collection));

    public long[] ReadCollectionCounters(CollectionRuntime collection) =>
        ReadCounters(KeyLayout.CollectionCounterKey(collection.ContentsId), CollectionCounter.Size);

    public long[] ReadIndexCounters(CollectionRuntime collection, IndexDefinition index) =>
        ReadCounters(KeyLayout.IndexCounterKey(collection.ContentsId, index.Id), IndexCounter.Size);

    public long ReadLastKey(CollectionRuntime collection) => ReadCounters(KeyLayout.KeyGeneratorKey(collection.Definition.Id), 1)[0];

    public void Dispose()
    {
        _tally.TellAll();
        _keys?.Dispose();
    }

    private CollectionRuntime ResolveSlowly(CollectionDefinition collection)
    {
        if (!Catalog.TryGet(collection.Id, out var found))
            throw ErrorCodes.DataSourceNotFound.With(collection.Name);
        scope.DemandRead(found.Definition);
        _lastAsked = collection;
        _lastFound = found;
        return found;
    }

    private static IIndexMaintainer FindIndex(CollectionRuntime collection, IndexDefinition index) =>
        collection.FindIndex(index.Id)
        ?? throw ErrorCodes.IndexNotFound.With($"index '{index.Name}' of collection '{collection.Definition.Name}'");

    private static void ThrowIfBuilding(CollectionRuntime collection, IIndexMaintainer index)
    {
        if (index.Definition.IsBuilding)
            throw ErrorCodes.IndexNotFound.With($"index '{index.Definition.Name}' of collection '{collection.Definition.Name}' is still being filled");
    }

    private static int CountUpTo(ICursor entries, int most)
    {
        using var counted = entries;
        var count = 0;
        while (count < most && counted.MoveNext())
            count++;
        return count;
    }

    private long CountDistinct(IIndexMaintainer index)
    {
        using var cursor = index.OpenEntries(storage, KeyRange.WithPrefix(index.Prefix));
        Span<byte> previous = stackalloc byte[KeyLayout.KeySizeMax];
        var previousSize = -1;
        long distinct = 0;
        while (cursor.MoveNext())
        {
            var fields = IndexEntryRecord.FieldsOf(cursor.Key, cursor.Value);
            if (previousSize >= 0 && fields.SequenceEqual(previous[..previousSize]))
                continue;
            distinct++;
            fields.CopyTo(previous);
            previousSize = fields.Length;
        }
        return distinct;
    }

    private long[] ReadCounters(byte[] key, int count)
    {
        var values = new long[count];
        storage.TryGet(key, out var record);
        CounterRecord.Read(record, values);
        return values;
    }
}
