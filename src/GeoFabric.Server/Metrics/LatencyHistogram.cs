namespace GeoFabric.Server.Metrics;

/// <summary>Counts durations in buckets that grow by a fifth, so that a percentile is right within a tenth. Thread-safe for adding.</summary>
internal sealed class LatencyHistogram
{
    private const int BucketsPerDoubling = 4;

    /// <summary>From a microsecond to more than an hour.</summary>
    private const int BucketCount = 33 * BucketsPerDoubling;

    private readonly long[] _counts = new long[BucketCount];

    public void Add(TimeSpan duration) => Interlocked.Increment(ref _counts[BucketOf(duration)]);

    public void Add(LatencyHistogram other)
    {
        for (var i = 0; i < BucketCount; i++)
            _counts[i] += other._counts[i];
    }

    /// <summary>Takes out what was counted.</summary>
    public LatencyHistogram Drain()
    {
        var drained = new LatencyHistogram();
        for (var i = 0; i < BucketCount; i++)
            drained._counts[i] = Interlocked.Exchange(ref _counts[i], 0);
        return drained;
    }

    /// <summary>The duration that a share of all durations does not exceed; null when there are none.</summary>
    public TimeSpan? Percentile(double share)
    {
        var total = _counts.Sum();
        if (total == 0)
            return null;
        var rank = (long)Math.Ceiling(share * total);
        var passed = 0L;
        for (var i = 0; i < BucketCount; i++)
        {
            passed += _counts[i];
            if (passed >= rank)
                return TimeSpan.FromMicroseconds(Math.Pow(2, (i + 0.5) / BucketsPerDoubling));
        }
        return null;
    }

    private static int BucketOf(TimeSpan duration)
    {
        var microseconds = Math.Max(1, duration.TotalMicroseconds);
        return Math.Min(BucketCount - 1, (int)(Math.Log2(microseconds) * BucketsPerDoubling));
    }
}
