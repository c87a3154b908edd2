namespace GeoFabric.Server.Metrics;

/// <summary>How often a cache was asked for what it had, and for what it had not.</summary>
internal readonly record struct CacheCounts(long Hits, long Misses)
{
    public static CacheCounts operator +(CacheCounts one, CacheCounts other) => new(one.Hits + other.Hits, one.Misses + other.Misses);

    /// <summary>What came since. Counts fall when a fabric is dropped, and then nothing is known of what came.</summary>
    public CacheCounts Since(CacheCounts before) => new(Math.Max(0, Hits - before.Hits), Math.Max(0, Misses - before.Misses));
}
