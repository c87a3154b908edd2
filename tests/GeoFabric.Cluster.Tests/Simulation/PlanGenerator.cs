using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>
/// Draws a plan from a seed. Each seed has its own mixture: some kinds of faults and of operations are left out altogether, because what is
/// always there hides what needs it to be absent (swarm testing: Groce and others, 2012).
/// </summary>
internal sealed class PlanGenerator
{
    private readonly SeededRandom _random;
    private readonly ulong _seed;
    private readonly TimeSpan _duration;
    private readonly List<ushort> _regions;
    private readonly List<ReplicationScope> _scopes = [];
    private long _value;

    private PlanGenerator(ulong seed)
    {
        _seed = seed;
        _random = new SeededRandom(seed);
        _duration = _random.Time(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(14));
        var count = _random.Chance(0.6) ? 3 : _random.Between(3, 7);
        _regions = [.. Enumerable.Range(1, count).Select(number => (ushort)number)];
    }

    public static SimulationPlan Generate(ulong seed) => new PlanGenerator(seed).Generate();

    private SimulationPlan Generate()
    {
        var network = DrawNetwork();
        var replica = new ReplicaSettings(
            TimeSpan.FromMilliseconds(_random.Chance(0.7) ? 3 : 40), _random.Chance(0.3) ? 1 : 100,
            // Few to a piece, so that a snapshot has many; with seconds between them it would take too long.
            _random.Between(2, 12) * (network.BulkDelayMax > TimeSpan.Zero ? 10 : 1));
        var options = DrawOptions(network);
        if (_random.Chance(0.3))
            DrawScopes();
        var faults = DrawFaults();
        var operations = DrawOperations();
        return new SimulationPlan(_seed, network, replica, options, _regions, _scopes, faults, operations, _duration);
    }

    private NetworkSettings DrawNetwork() => new(
        TimeSpan.FromMilliseconds(1),
        TimeSpan.FromMilliseconds(_random.Pick([2, 40, 150])),
        TimeSpan.FromMilliseconds(_random.Pick([0, 1, 10, 80])),
        _random.Pick([1e9, 1e7, 1e6]),
        _random.Chance(0.3) ? 0.02 : 0,
        _random.Chance(0.2) ? 0.002 : 0,
        _random.Chance(0.3) ? 0.5 : 0,
        TimeSpan.FromSeconds(_random.Chance(0.25) ? 2 : 0));

    private ReplicationOptions DrawOptions(NetworkSettings network)
    {
        var isTight = _random.Chance(0.4);
        return new ReplicationOptions
        {
            BatchBytes = isTight ? _random.Pick([200, 1000, 8000]) : 64 << 10,
            WindowBytes = isTight ? _random.Pick([500, 4000, 64000]) : 4 << 20,
            WaitingBytesMax = isTight ? _random.Pick([1000, 4000, 64000]) : 32 << 20,
            // A log of some kilobytes, fetched in parts with seconds between them: more of it to a part, as of a snapshot to a piece.
            PullBytes = isTight ? _random.Pick([300, 4000]) * (network.BulkDelayMax > TimeSpan.Zero ? 10 : 1) : 512 << 10,
            ActiveBeat = TimeSpan.FromMilliseconds(_random.Pick([50, 150, 300])),
            IdleBeat = TimeSpan.FromMilliseconds(_random.Pick([500, 1000])),
            SnapshotPiecesPerRequest = _random.Between(1, 4),
            ClockAwayMax = TimeSpan.FromSeconds(_random.Chance(0.5) ? 2 : 60),
        };
    }

    private void DrawScopes()
    {
        // Two share one, so that each of them can be given back what it lost by the other; one is a single region's.
        _scopes.Add(new ReplicationScope(7, [_regions[0], _regions[1]]));
        _scopes.Add(new ReplicationScope(8, [_random.Pick(_regions)]));
    }

    private List<Fault> DrawFaults()
    {
        var faults = new List<Fault>();
        var kinds = Enumerable.Range(0, 11).Where(_ => _random.Chance(0.35)).ToList();
        // A log that was dropped by force and a disk that is lost can together take the last copy: no protocol survives that.
        if (kinds.Contains(10))
            kinds.RemoveAll(kind => kind is 8 or 9);
        foreach (var kind in kinds)
        {
            for (var count = _random.Between(1, kind is 7 or 8 or 9 ? 1 : 4); count > 0; count--)
                faults.Add(Draw(kind));
        }
        return [.. faults.OrderBy(fault => fault.Time)];
    }

    private Fault Draw(int kind)
    {
        var time = _random.Time(TimeSpan.FromMilliseconds(200), _duration);
        var region = _random.Pick(_regions);
        var other = _regions[(_regions.IndexOf(region) + _random.Between(1, _regions.Count - 1)) % _regions.Count];
        var duration = _random.Time(TimeSpan.FromMilliseconds(50), _random.Chance(0.8) ? TimeSpan.FromSeconds(3) : TimeSpan.FromSeconds(9));
        return kind switch
        {
            0 => new LinkReset(time, region, other),
            1 => new OneWayCut(time, region, other, duration),
            2 => DrawPartition(time, duration),
            3 => new Crash(time, region, duration),
            4 => new Pause(time, region, duration),
            5 => new ClockJump(time, region, _random.Time(TimeSpan.FromSeconds(-4.5), TimeSpan.FromSeconds(4.5))),
            6 => new ClockDrift(time, region, (_random.Fraction() - 0.5) * 0.04),
            7 => new RegionAdded(time, 20),
            8 => _regions.Count > 3 && _scopes.Count == 0
                ? new RegionRemoved(time, region, _random.Chance(0.5))
                : new Crash(time, region, duration),
            9 => new RegionRestored(time, region, time * _random.Fraction()),
            _ => new ForcedTruncation(time, region),
        };
    }

    private Partition DrawPartition(TimeSpan time, TimeSpan duration)
    {
        var pairs = from left in _regions from right in _regions where left < right select (Left: left, Right: right);
        switch (_random.Below(3))
        {
            case 0:
                var half = _regions.Where(_ => _random.Chance(0.5)).ToHashSet();
                return new Partition(time, "halves", [.. pairs.Where(pair => half.Contains(pair.Left) != half.Contains(pair.Right))], duration);
            case 1:
                var alone = _random.Pick(_regions);
                return new Partition(time, "alone", [.. pairs.Where(pair => pair.Left == alone || pair.Right == alone)], duration);
            default:
                // Each reaches its neighbours only.
                return new Partition(time, "ring", [.. pairs.Where(pair => pair.Right - pair.Left is not 1 && pair.Right - pair.Left != _regions.Count - 1)], duration);
        }
    }

    private List<ClientOperation> DrawOperations()
    {
        var kinds = Enumerable.Range(0, 6).Where(_ => _random.Chance(0.6)).ToList();
        if (kinds.Count == 0)
            kinds.Add(1);
        var regions = _regions.Append((ushort)20).ToList();
        var keys = _random.Pick([2, 6, 20]);
        var count = _random.Between(60, 350);
        var operations = new List<ClientOperation>(count);
        for (var i = 0; i < count; i++)
        {
            var time = _random.Time(TimeSpan.FromMilliseconds(300), _duration);
            var region = _random.Chance(0.05) ? regions[^1] : _random.Pick(_regions);
            operations.Add(Draw(_random.Pick(kinds), time, region, keys));
        }
        return [.. operations.OrderBy(operation => operation.Time)];
    }

    private ClientOperation Draw(int kind, TimeSpan time, ushort region, int keys)
    {
        var scope = DrawScope(region);
        switch (kind)
        {
            case 0:
                return Write(time, region, [DrawRegister(scope, keys)]);
            case 1:
                return Write(time, region, [DrawCounter(scope, keys)]);
            case 2:
                return Write(time, region, [DrawSet(scope, keys)]);
            case 3:
                var first = new ModelKey(ModelKind.Paired, _random.Below(keys) * 2, scope);
                var value = ++_value;
                return Write(time, region, [new ModelChange(first, ChangeVerb.Set, value), new ModelChange(first with { Number = first.Number + 1 }, ChangeVerb.Set, value)]);
            case 4:
                var changes = new List<ModelChange>();
                for (var count = _random.Between(2, 5); count > 0; count--)
                    changes.Add(_random.Below(3) switch { 0 => DrawRegister(scope, keys), 1 => DrawCounter(DrawScope(region), keys), _ => DrawSet(0, keys) });
                return Write(time, region, changes);
            default:
                return DrawSession(time, region, keys);
        }
    }

    private ClientOperation DrawSession(TimeSpan time, ushort region, int keys)
    {
        var key = new ModelKey(ModelKind.Session, _random.Below(keys), 0);
        IReadOnlyList<ModelChange> changes = _random.Chance(0.4) ? [new ModelChange(key, ChangeVerb.Set, ++_value)] : [];
        return new ClientOperation(time, region, changes, [key, new ModelKey(ModelKind.Paired, _random.Below(keys) * 2, 0)], _random.Below(4));
    }

    private ModelChange DrawRegister(ulong scope, int keys)
    {
        var key = new ModelKey(ModelKind.Register, _random.Below(keys), scope);
        return _random.Chance(0.3) ? new ModelChange(key, ChangeVerb.Delete, 0) : new ModelChange(key, ChangeVerb.Set, ++_value);
    }

    private ModelChange DrawCounter(ulong scope, int keys) => new(new ModelKey(ModelKind.Counter, _random.Below(keys), scope), ChangeVerb.Add, _random.Between(-3, 9));

    private ModelChange DrawSet(ulong scope, int keys) => new(
        new ModelKey(ModelKind.Set, _random.Below(keys), scope), _random.Chance(0.6) ? ChangeVerb.Include : ChangeVerb.Exclude, _random.Between(1, 5));

    /// <summary>A region writes to collections it holds only.</summary>
    private ulong DrawScope(ushort region)
    {
        var held = _scopes.Where(scope => scope.Regions.Contains(region)).Select(scope => scope.Id).ToList();
        return held.Count > 0 && _random.Chance(0.4) ? _random.Pick(held) : 0;
    }

    private static ClientOperation Write(TimeSpan time, ushort region, IReadOnlyList<ModelChange> changes) => new(time, region, changes, [], -1);
}
