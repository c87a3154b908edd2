using GeoFabric.Query.Optimizer;

namespace GeoFabric.Query.Execution;

/// <summary>Settings of the query engine.</summary>
public sealed record QueryEngineOptions
{
    /// <summary>Queries that run at one time; more wait their turn.</summary>
    public int ConcurrentQueriesMax { get; init; } = 64;

    public int CachedPlansMax { get; init; } = 1024;

    /// <summary>Bytes of results that waiting cursors may hold together.</summary>
    public long CursorBytesMax { get; init; } = 1L << 30;

    /// <summary>Streamed queries at one time, each of which holds a snapshot.</summary>
    public int StreamsMax { get; init; } = 64;

    /// <summary>Where queries put rows that do not fit into their memory; null for the system's directory of temporary files.</summary>
    public string? SpillDirectory { get; init; }

    /// <summary>What is kept of running and slow queries until a fabric is told otherwise.</summary>
    public QueryTracking Tracking { get; init; } = new();

    /// <summary>Called with every slow query when it has ended; must not wait for anything.</summary>
    public Action<QueryInfo>? SlowQueryEnded { get; init; }

    /// <summary>Threads that may work at one time: queries and those that help them.</summary>
    public int Processors { get; init; } = Environment.ProcessorCount;

    /// <summary>Threads beside their own that all queries together may use to read big collections; null for all processors but one, 0 for none.</summary>
    public int? ScanHelpersMax { get; init; }

    /// <summary>Smaller collections are read by one thread.</summary>
    public long ParallelScanFrom { get; init; } = 100_000;

    /// <summary>About how many documents a thread reads before it takes the next part.</summary>
    public int DocumentsPerScanPart { get; init; } = 4096;

    /// <summary>Whether this is the only region, so that nothing changes meanwhile in another one and queries are not warned of it.</summary>
    public Func<bool> IsOnlyRegion { get; init; } = static () => false;

    /// <summary>Rules of the optimizer in the order they run. Only tests of the tests have others.</summary>
    public IReadOnlyList<IPlanRule> Rules { get; init; } = RuleSchedule.Rules;
}
