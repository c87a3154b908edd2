using System.Collections.Concurrent;
using GeoFabric.Database.Indexes;
using GeoFabric.Storage;

namespace GeoFabric.Database.Reading;

/// <summary>The histograms of one fabric's indexes, in memory only (docs/adr/0016). Thread-safe.</summary>
internal sealed class IndexHistograms
{
    /// <summary>Indexes up to this many entries are read when a plan first asks, in some 20 ms; larger ones when they are analyzed.</summary>
    public const int ReadOnDemandMax = 100_000;

    private readonly ConcurrentDictionary<(uint ContentsId, uint IndexId), IndexHistogram> _known = new();
    private long _version;

    /// <summary>Grows whenever a collection is analyzed: plans that were made before may not be the best any more.</summary>
    public long Version => Interlocked.Read(ref _version);

    /// <summary>The histogram of an index, read now where that is quick; null when it is not known.</summary>
    public IndexHistogram? Find(IStorageReader storage, CollectionRuntime collection, IIndexMaintainer index, long entries)
    {
        var isKnown = _known.TryGetValue((collection.ContentsId, index.Definition.Id), out var known);
        if ((isKnown && !known!.IsStale(entries)) || entries > ReadOnDemandMax)
            return known;
        return Read(storage, collection, index, entries);
    }

    /// <summary>Reads the histograms of a collection's indexes, however large, and forgets those of contents that are gone.</summary>
    /// <returns>Number of indexes that were read.</returns>
    public int Analyze(FabricReads reads, IStorageReader storage, CollectionRuntime collection)
    {
        foreach (var key in _known.Keys.Where(key => reads.Catalog.FindContents(key.ContentsId)?.FindIndex(key.IndexId) is null))
            _known.TryRemove(key, out _);
        var indexes = collection.Indexes.Where(index => !index.Definition.IsBuilding).ToList();
        foreach (var index in indexes)
            Read(storage, collection, index, reads.ReadIndexCounters(collection, index.Definition)[Layout.IndexCounter.Entries]);
        Interlocked.Increment(ref _version);
        return indexes.Count;
    }

    private IndexHistogram Read(IStorageReader storage, CollectionRuntime collection, IIndexMaintainer index, long entries) =>
        _known[(collection.ContentsId, index.Definition.Id)] = IndexHistogram.Read(storage, index, entries);
}
