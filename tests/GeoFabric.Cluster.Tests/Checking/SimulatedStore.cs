using System.Collections.Immutable;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Size and mixture of a simulated run.</summary>
internal sealed record SimulatedLoad
{
    public int Transactions { get; init; } = 120;

    public int Sessions { get; init; } = 5;

    public int Regions { get; init; } = 3;

    public int Keys { get; init; } = 6;

    public int OperationsMax { get; init; } = 4;

    /// <summary>Of writes, how many delete.</summary>
    public double DeleteShare { get; init; }

    /// <summary>Of transactions, how many end unknown, and how many are refused.</summary>
    public double UnknownShare { get; init; } = 0.08;

    public double FailedShare { get; init; } = 0.07;

    /// <summary>Of steps, how many deliver a record instead of running a transaction. Low ones let regions drift apart.</summary>
    public double DeliveryShare { get; init; } = 0.6;
}

/// <summary>What a simulated run leaves behind.</summary>
internal sealed record SimulatedRun(History History, IReadOnlyList<FinalState> FinalStates, IReadOnlySet<(string Key, string Value)> Journal);

/// <summary>
/// A causally consistent store of last-writer-wins registers in a few regions, simulated on one thread from a seed: the clients' histories of it are what
/// checkers have to accept, and with a fault, to reject.
/// </summary>
/// <remarks>A transaction runs at one instant in its region; its record reaches the others later, in any order that respects what it depends on.</remarks>
internal sealed class SimulatedStore
{
    private readonly SimulatedLoad _load;
    private readonly SimulatedFault _fault;
    private readonly Random _random;
    private readonly SimulatedRegion[] _regions;
    private readonly SimulatedSession[] _sessions;
    private readonly HistoryRecorder _recorder = new();
    private readonly List<Action> _late = [];
    private TimeSpan _now;
    private int _lastValue;

    private SimulatedStore(int seed, SimulatedLoad load, SimulatedFault fault)
    {
        _load = load;
        _fault = fault;
        _random = new Random(seed);
        _regions = [.. Enumerable.Range(0, load.Regions).Select(id => new SimulatedRegion((ushort)id, load.Regions, fault, _random.Next(100)))];
        _sessions = [.. Enumerable.Range(0, load.Sessions).Select(id => new SimulatedSession($"c{id}", _random.Next(load.Regions)))];
    }

    public static SimulatedRun Run(int seed, SimulatedLoad? load = null, SimulatedFault fault = SimulatedFault.None) => new SimulatedStore(seed, load ?? new SimulatedLoad(), fault).Run();

    private SimulatedRun Run()
    {
        for (var done = 0; done < _load.Transactions;)
        {
            _now += TimeSpan.FromMicroseconds(1 + _random.Next(500));
            if (_random.NextDouble() < _load.DeliveryShare)
                _regions[_random.Next(_regions.Length)].DeliverOne(_random);
            else if (_late.Count > 0 && _random.Next(8) == 0)
                RunLate();
            else if (_sessions[_random.Next(_sessions.Length)] is var session && session.FreeAt <= _now)
            {
                RunTransaction(session);
                done++;
            }
        }
        while (_late.Count > 0)
            RunLate();
        foreach (var region in _regions)
        {
            var isLeft = true;
            while (isLeft)
                isLeft = region.DeliverOne(_random);
        }
        var journal = _regions.SelectMany(region => region.Journal).ToHashSet();
        return new SimulatedRun(_recorder.ToHistory(_now + TimeSpan.FromSeconds(1)), [.. _regions.Select(region => region.ToFinalState())], journal);
    }

    private void RunLate()
    {
        var index = _random.Next(_late.Count);
        _late[index]();
        _late.RemoveAt(index);
    }

    private void RunTransaction(SimulatedSession session)
    {
        Move(session);
        var region = _regions[session.Region];
        var called = _now - TimeSpan.FromMicroseconds(_random.Next(400));
        var call = _recorder.Begin(session.Name, region.Name, called < session.FreeAt ? session.FreeAt : called, session.Token);
        session.FreeAt = _now + TimeSpan.FromMicroseconds(_random.Next(400));
        var draw = _random.NextDouble();
        if (draw < _load.UnknownShare)
            RunUnknown(session, region, call);
        else if (draw < _load.UnknownShare + _load.FailedShare)
        {
            var writes = RunOperations(region, call, session);
            if (_fault == SimulatedFault.KeepRefused)
                region.Originate(writes, _now, _regions);
            call.End(TransactionOutcome.Failed, session.FreeAt);
        }
        else
        {
            var writes = RunOperations(region, call, session);
            RevisionStamp? stamp = writes.Count > 0 ? region.Originate(writes, _now, _regions, _fault == SimulatedFault.DropRecords && _random.Next(10) == 0) : null;
            session.Token = stamp is { } own ? session.Token.With(own) : session.Token;
            call.End(TransactionOutcome.Ok, session.FreeAt, stamp, session.Token);
        }
    }

    /// <summary>Its writes happen now, later, or not at all. The client never learns the answer, so nothing is read.</summary>
    private void RunUnknown(SimulatedSession session, SimulatedRegion region, RecordedCall call)
    {
        var writes = DrawWrites(1 + _random.Next(_load.OperationsMax));
        foreach (var (key, value) in writes)
            call.Add(new HistoryOperation(true, key, value));
        call.End(TransactionOutcome.Unknown, session.FreeAt);
        switch (_random.Next(3))
        {
            case 0:
                region.Originate(writes, _now, _regions);
                break;
            case 1:
                _late.Add(() => region.Originate(writes, _now, _regions));
                break;
        }
    }

    private void Move(SimulatedSession session)
    {
        if (_random.Next(5) != 0)
            return;
        var target = _random.Next(_regions.Length);
        if (_fault == SimulatedFault.IgnoreTokens || _regions[target].Covers(session.Token))
            session.Region = target;
    }

    private Dictionary<string, string?> RunOperations(SimulatedRegion region, RecordedCall call, SimulatedSession session)
    {
        var writes = new Dictionary<string, string?>();
        for (var count = 1 + _random.Next(_load.OperationsMax); count > 0; count--)
        {
            var key = $"k{_random.Next(_load.Keys)}";
            if (_random.Next(2) == 0)
            {
                writes[key] = DrawValue();
                call.Add(new HistoryOperation(true, key, writes[key]));
            }
            else if (writes.TryGetValue(key, out var own))
                call.Add(HistoryOperation.Read(key, own));
            else
            {
                var version = region.Read(key);
                call.Add(HistoryOperation.Read(key, version?.Value));
                if (version is { } found)
                    session.Token = session.Token.With(found.Stamp);
            }
        }
        return writes;
    }

    private Dictionary<string, string?> DrawWrites(int count)
    {
        var writes = new Dictionary<string, string?>();
        for (; count > 0; count--)
            writes[$"k{_random.Next(_load.Keys)}"] = DrawValue();
        return writes;
    }

    private string? DrawValue() => _random.NextDouble() < _load.DeleteShare ? null : $"{++_lastValue}";

    private sealed class SimulatedSession(string name, int region)
    {
        public string Name { get; } = name;

        public int Region { get; set; } = region;

        public TimeSpan FreeAt { get; set; }

        public RecordedToken Token { get; set; } = new(0, ImmutableSortedDictionary<ushort, ulong>.Empty);
    }
}
