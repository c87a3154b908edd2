namespace GeoFabric.Server.Metrics;

/// <summary>What was asked of the server in some stretch of time.</summary>
internal sealed class TrafficCounts
{
    public long Requests { get; private set; }

    /// <summary>Answered with 500 and more.</summary>
    public long Errors { get; private set; }

    /// <summary>Answered with 400 to 499.</summary>
    public long Refusals { get; private set; }

    /// <summary>Requests of methods that change something.</summary>
    public long Writes { get; private set; }

    public LatencyHistogram Latencies { get; private init; } = new();

    /// <summary>In the order of <see cref="ServerCaches.Names"/>.</summary>
    public CacheCounts[] Caches { get; init; } = new CacheCounts[ServerCaches.Names.Length];

    public void Add(TrafficCounts other)
    {
        Requests += other.Requests;
        Errors += other.Errors;
        Refusals += other.Refusals;
        Writes += other.Writes;
        Latencies.Add(other.Latencies);
        for (var i = 0; i < Caches.Length; i++)
            Caches[i] += other.Caches[i];
    }

    /// <summary>Counts as requests come. Thread-safe.</summary>
    public sealed class Meter
    {
        private readonly LatencyHistogram _latencies = new();
        private long _requests;
        private long _errors;
        private long _refusals;
        private long _writes;

        public void Count(int status, bool isWrite, TimeSpan duration)
        {
            Interlocked.Increment(ref _requests);
            if (status >= 500)
                Interlocked.Increment(ref _errors);
            else if (status >= 400)
                Interlocked.Increment(ref _refusals);
            if (isWrite)
                Interlocked.Increment(ref _writes);
            _latencies.Add(duration);
        }

        /// <summary>Takes out what was counted since the last time.</summary>
        /// <param name="caches">What the caches were asked since then.</param>
        public TrafficCounts Drain(CacheCounts[] caches) => new()
        {
            Requests = Interlocked.Exchange(ref _requests, 0),
            Errors = Interlocked.Exchange(ref _errors, 0),
            Refusals = Interlocked.Exchange(ref _refusals, 0),
            Writes = Interlocked.Exchange(ref _writes, 0),
            Latencies = _latencies.Drain(),
            Caches = caches,
        };
    }
}
