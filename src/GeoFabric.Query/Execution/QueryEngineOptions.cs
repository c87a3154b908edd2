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

    /// <summary>Where queries put rows that do not fit into their memory; null for the system's directory of temporary files.</summary>
    public string? SpillDirectory { get; init; }

    /// <summary>Queries that run longer are kept in the list of slow queries.</summary>
    public TimeSpan SlowQueryThreshold { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Rules of the optimizer in the order they run. Only tests of the tests have others.</summary>
    public IReadOnlyList<IPlanRule> Rules { get; init; } = RuleSchedule.Rules;
}
