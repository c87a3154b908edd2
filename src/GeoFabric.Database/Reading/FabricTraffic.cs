using System.Collections.Concurrent;

namespace GeoFabric.Database.Reading;

/// <summary>What is read from and written to the collections of one fabric, by their contents. Thread-safe; finding a collection takes no lock.</summary>
/// <param name="readContents">The contents that the fabric's collections have now.</param>
internal sealed class FabricTraffic(TimeProvider clock, Func<IEnumerable<uint>> readContents)
{
    /// <summary>So many may be gone before somebody looks.</summary>
    private const int LookedThroughFrom = 64;

    private readonly ConcurrentDictionary<uint, CollectionTraffic> _byContents = new();
    private readonly long _began = clock.GetTimestamp();
    private readonly long _perSecond = clock.TimestampFrequency;
    private int _lookThroughAt = LookedThroughFrom;

    /// <summary>Collections that are counted.</summary>
    public int Count => _byContents.Count;

    /// <summary>Seconds since the fabric was opened, from 1: 0 is the second of what has never been counted.</summary>
    private uint Second => (uint)((clock.GetTimestamp() - _began) / _perSecond) + 1;

    public void AddReads(uint contentsId, uint documents) => Of(contentsId).AddReads(Second, documents);

    public void AddWrites(uint contentsId, uint documents) => Of(contentsId).AddWrites(Second, documents);

    public TrafficRates RatesOf(uint contentsId) => _byContents.TryGetValue(contentsId, out var traffic) ? traffic.RatesBefore(Second) : default;

    private CollectionTraffic Of(uint contentsId) => _byContents.TryGetValue(contentsId, out var traffic) ? traffic : Add(contentsId);

    /// <summary>Contents are dropped, truncated and made anew: what is gone is forgotten whenever twice as many are counted as were there the last time.</summary>
    private CollectionTraffic Add(uint contentsId)
    {
        if (_byContents.Count >= Volatile.Read(ref _lookThroughAt))
        {
            var present = readContents().ToHashSet();
            foreach (var gone in _byContents.Keys.Where(id => !present.Contains(id)))
                _byContents.TryRemove(gone, out _);
            Volatile.Write(ref _lookThroughAt, Math.Max(LookedThroughFrom, _byContents.Count * 2));
        }
        return _byContents.GetOrAdd(contentsId, static _ => new CollectionTraffic());
    }
}
