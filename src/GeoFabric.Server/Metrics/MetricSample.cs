namespace GeoFabric.Server.Metrics;

/// <summary>What the server holds at one moment.</summary>
internal readonly record struct Gauges(long StorageBytes, long Documents, long MemoryBytes, long Connections, long RunningQueries)
{
    /// <summary>Null when it is not known.</summary>
    public DiskSpace? Disk { get; init; }
}

/// <summary>The server in one stretch of time: rates over all of it, the rest as of its end.</summary>
internal sealed record MetricSample(DateTimeOffset At, TimeSpan Step, TrafficCounts Traffic, Gauges Gauges)
{
    public TimeSpan? Median { get; } = Traffic.Latencies.Percentile(0.5);

    public TimeSpan? Percentile99 { get; } = Traffic.Latencies.Percentile(0.99);

    public double PerSecond(long count) => count / Step.TotalSeconds;
}
