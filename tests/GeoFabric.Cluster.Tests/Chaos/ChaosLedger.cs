using System.Collections.Concurrent;
using System.Diagnostics;
using GeoFabric.Cluster.Tests.Checking;

namespace GeoFabric.Cluster.Tests.Chaos;

/// <summary>What the clients of a run did and were told, in the forms the checkers take. Clients write to it from several threads.</summary>
internal sealed class ChaosLedger
{
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);

    /// <summary>True time since the run began.</summary>
    public TimeSpan Now => _clock.Elapsed;

    /// <summary>Transactions on the keys of collection "registers".</summary>
    public HistoryRecorder Registers { get; } = new();

    public CounterLedger Counters { get; } = new();

    /// <summary>Documents that are written once, by key.</summary>
    public ConcurrentDictionary<string, TransactionOutcome> Inserts { get; } = new(StringComparer.Ordinal);

    /// <summary>Writes and strong reads of the collection that the home serves.</summary>
    public ConcurrentBag<ObjectOperation> Spots { get; } = [];

    /// <summary>Answers no client should ever get.</summary>
    public ConcurrentBag<string> Complaints { get; } = [];

    public IEnumerable<KeyValuePair<string, int>> Counts => _counts.OrderBy(count => count.Key, StringComparer.Ordinal);

    public void Count(string what) => _counts.AddOrUpdate(what, 1, (_, count) => count + 1);

    public int CountOf(string what) => _counts.GetValueOrDefault(what);
}
