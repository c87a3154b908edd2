using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>A version in a simulated region; a value of <see langword="null"/> is a tombstone.</summary>
internal readonly record struct SimulatedVersion(string? Value, RevisionStamp Stamp, int Sequence);

/// <summary>One region of a simulated store.</summary>
/// <param name="skewMilliseconds">How far its wall clock is ahead of the truth.</param>
internal sealed class SimulatedRegion(ushort id, int regionCount, SimulatedFault fault, int skewMilliseconds)
{
    private readonly Dictionary<string, SimulatedVersion> _versions = [];

    /// <summary>By origin, the records that have come and wait.</summary>
    private readonly List<SimulatedRecord>[] _inboxes = [.. Enumerable.Range(0, regionCount).Select(_ => new List<SimulatedRecord>())];

    /// <summary>By origin: how many of its records are applied, and the stamp of the last.</summary>
    private readonly int[] _applied = new int[regionCount];

    private readonly ulong[] _stamps = new ulong[regionCount];
    private ulong _clock;

    public string Name => $"region{id}";

    public HashSet<(string Key, string Value)> Journal { get; } = [];

    public SimulatedVersion? Read(string key) => _versions.TryGetValue(key, out var version) ? version : null;

    public bool Covers(RecordedToken token) => token.Entries.All(entry => _stamps[entry.Key] >= entry.Value);

    /// <summary>Commits writes here and sends them to the others.</summary>
    public RevisionStamp Originate(Dictionary<string, string?> writes, TimeSpan now, SimulatedRegion[] regions, bool isDropped = false)
    {
        var wall = (ulong)(now.TotalMilliseconds + skewMilliseconds) << 16;
        _clock = Math.Max(_clock + 1, wall);
        var stamp = new RevisionStamp(new HybridTimestamp(_clock), id);
        var dependencies = _applied.ToArray();
        var sequence = ++_applied[id];
        _stamps[id] = _clock;
        Apply(new SimulatedRecord(stamp, sequence, dependencies, writes));
        foreach (var region in regions)
        {
            if (region != this)
                region._inboxes[id].AddRange(RecordsFor(stamp, sequence, dependencies, isDropped ? [] : writes));
        }
        return stamp;
    }

    /// <summary>Applies a random record whose turn it may be.</summary>
    /// <returns>Whether there was one.</returns>
    public bool DeliverOne(Random random)
    {
        var isAnyOrder = fault == SimulatedFault.IgnoreDependencies;
        var ready = Array.FindAll(_inboxes, inbox => inbox.Count > 0 && (isAnyOrder || IsReady(inbox[0])));
        if (ready.Length == 0)
            return false;
        var chosen = ready[random.Next(ready.Length)];
        var index = isAnyOrder ? random.Next(chosen.Count) : 0;
        var record = chosen[index];
        chosen.RemoveAt(index);
        var origin = record.Stamp.Origin;
        _applied[origin] = Math.Max(_applied[origin], record.Sequence);
        _stamps[origin] = Math.Max(_stamps[origin], record.Stamp.Timestamp.Bits);
        if (fault != SimulatedFault.ForgetClock)
            _clock = Math.Max(_clock, record.Stamp.Timestamp.Bits);
        Apply(record);
        return true;
    }

    public FinalState ToFinalState() =>
        new(Name, _versions.Where(version => version.Value.Value is not null).ToDictionary(version => version.Key, version => version.Value.Value!));

    private IEnumerable<SimulatedRecord> RecordsFor(RevisionStamp stamp, int sequence, int[] dependencies, Dictionary<string, string?> writes) =>
        fault == SimulatedFault.TearTransactions && writes.Count > 1
            ? writes.Select(write => new SimulatedRecord(stamp, sequence, dependencies, new Dictionary<string, string?> { [write.Key] = write.Value }))
            : [new SimulatedRecord(stamp, sequence, dependencies, writes)];

    /// <summary>All that the origin had applied by then, its own record before this one among it, is here.</summary>
    private bool IsReady(SimulatedRecord record)
    {
        for (var origin = 0; origin < regionCount; origin++)
        {
            if (_applied[origin] < record.Dependencies[origin])
                return false;
        }
        return true;
    }

    private void Apply(SimulatedRecord record)
    {
        foreach (var (key, value) in record.Writes)
        {
            var incoming = new SimulatedVersion(value, record.Stamp, record.Sequence);
            if (!_versions.TryGetValue(key, out var current))
            {
                _versions[key] = incoming;
                continue;
            }
            var isWinner = fault == SimulatedFault.ApplyByArrival || current.Stamp < record.Stamp;
            var isConcurrent = record.Dependencies[current.Stamp.Origin] < current.Sequence;
            if (isConcurrent && (isWinner ? current.Value : value) is { } loser)
                Journal.Add((key, loser));
            if (isWinner)
                _versions[key] = incoming;
        }
    }

    private sealed record SimulatedRecord(RevisionStamp Stamp, int Sequence, int[] Dependencies, Dictionary<string, string?> Writes);
}
