using GeoFabric.Replication;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>A server process of one region: it steps the core, does what the core asks for, and can die, stand still and have a wrong clock.</summary>
internal sealed class SimulatedRegion(SimulationRun run, ushort id, ISimulatedReplica replica, SeededRandom random)
{
    private const int LateReportMilliseconds = 50;

    private readonly Queue<CoreInput> _inputs = [];
    private readonly List<Action> _whilePaused = [];
    private readonly Queue<ReadOnlyMemory<byte>> _toApply = [];
    private readonly Queue<SnapshotPiece> _toStore = [];
    private bool _isStoring;
    private bool _isStepping;
    private bool _isApplying;
    private TimeSpan _clockSetAt;
    private TimeSpan _clockAtSetting;
    private double _clockRate;
    private TimeSpan? _wakeAt;

    /// <summary>Distinguishes processes: what an earlier one had begun does not happen in this one.</summary>
    private int _process;

    public ushort Id => id;

    public ISimulatedReplica Replica { get; set; } = replica;

    public RegionCore? Core { get; private set; }

    public bool IsUp => Core is not null;

    public bool IsPaused { get; private set; }

    /// <summary>An operator keeps it down.</summary>
    public bool IsHeld { get; set; }

    /// <summary>It takes no writes because it is about to leave.</summary>
    public bool IsDraining { get; set; }

    public bool IsBusy => _isApplying || _toApply.Count > 0;

    public bool IsLive => Core?.Standing == RegionStanding.Live;

    public List<AlarmKind> Alarms { get; } = [];

    public int SnapshotsBegun { get; private set; }

    /// <summary>What the region's clock shows.</summary>
    public DateTimeOffset Wall => SimulationRun.Start + _clockAtSetting + ((run.Events.Now - _clockSetAt) * (1 + _clockRate));

    public void SetClock(TimeSpan offset, double rate)
    {
        _clockAtSetting = run.Events.Now + offset;
        _clockSetAt = run.Events.Now;
        _clockRate = rate;
    }

    public void DriftFromNow(double rate)
    {
        _clockAtSetting = Wall - SimulationRun.Start;
        _clockSetAt = run.Events.Now;
        _clockRate = rate;
    }

    public void Start()
    {
        if (IsUp || IsHeld)
            return;
        _process++;
        Core = new RegionCore(Replica.State, Replica.Configuration, Replica, Replica, run.Plan.Options, run.Mutation.Rules);
        Step(TimePassed.Instance);
    }

    public void Crash()
    {
        if (!IsUp)
            return;
        Core = null;
        _inputs.Clear();
        _toApply.Clear();
        _toStore.Clear();
        _isStoring = false;
        _whilePaused.Clear();
        _isApplying = false;
        _wakeAt = null;
        IsPaused = false;
        Replica.Crash();
        run.Network.HasDied(id);
    }

    public void Pause() => IsPaused = IsUp;

    public void Resume()
    {
        if (!IsPaused)
            return;
        IsPaused = false;
        var waiting = _whilePaused.ToList();
        _whilePaused.Clear();
        foreach (var action in waiting)
            Do(action);
    }

    /// <summary>Does something in this process: later when it stands still, never when it has died before.</summary>
    public void Do(Action action)
    {
        if (IsPaused)
            _whilePaused.Add(action);
        else if (IsUp)
            action();
    }

    public void DoAfter(TimeSpan delay, Action action)
    {
        var process = _process;
        run.Events.After(delay, () =>
        {
            if (process == _process)
                Do(action);
        });
    }

    public void Step(CoreInput input)
    {
        _inputs.Enqueue(input);
        if (_isStepping)
            return;
        _isStepping = true;
        while (Core is { } core && _inputs.TryDequeue(out var next))
        {
            foreach (var output in core.Step(Wall, next))
                Handle(output);
        }
        _isStepping = false;
        ScheduleWake();
    }

    /// <summary>Writes a transaction for a client.</summary>
    /// <returns>Whether it was acknowledged.</returns>
    public bool TryWrite(IReadOnlyList<ModelChange> changes)
    {
        if (!IsLive || IsPaused || IsDraining)
            return false;
        return Note(Replica.Commit(Wall, changes));
    }

    /// <summary>Writes what the replicas want to be there before anything else.</summary>
    public void SetUp() => Note(Replica.SetUp(Wall));

    private bool Note(CommitOutcome? outcome)
    {
        if (outcome is null)
            return false;
        run.History.Commit(Replica.State.Origin, outcome, run.Events.Now);
        var committed = new LocalCommitted(outcome.LastSequence, outcome.Timestamp, outcome.Bytes);
        // Commits end on many threads: now and then one is reported after the next.
        if (random.Below(4) == 0)
            DoAfter(TimeSpan.FromMilliseconds(random.Between(1, LateReportMilliseconds)), () => Step(committed));
        else
            Step(committed);
        return true;
    }

    public void Learn(ClusterConfiguration configuration)
    {
        if (configuration.Epoch <= Replica.Configuration.Epoch)
            return;
        Replica.Configuration = configuration;
        Do(() => Step(new ConfigurationChanged(configuration)));
    }

    /// <summary>Where the region stands, for people who look for what it waits for.</summary>
    public IEnumerable<string> Describe()
    {
        var state = Replica.State;
        var origin = $"region {id}.{state.Origin.Incarnation}";
        if (Core is not { } core)
        {
            yield return $"{origin} is down, had applied {state.Applied}";
            yield break;
        }
        yield return $"{origin} is {core.Standing} in epoch {core.Configuration.Epoch}, wrote {state.LastSequence} records, applied {state.Applied}, stable is {SimulationRun.Milliseconds(core.Stable)} ms, "
            + $"{Replica.UnstableDocuments} documents with metadata, knows all before {Times(core.Applied)}";
        foreach (var link in core.Links)
        {
            var standing = link.IsGreeted ? $"{(link.IsPeerLive ? "live" : "not live")} in epoch {link.PeerEpoch}, has applied {link.PeerApplied}, knows all before {Times(link.PeerApplied)}" : "not greeted";
            yield return $"  to region {link.Peer}: {standing}";
        }
    }

    private static string Times(AppliedVector vector) => string.Join(' ', vector.Positions.Select(position => $"{position.Region}.{position.Incarnation}@{SimulationRun.Milliseconds(position.Timestamp)}"));

    private void Handle(CoreOutput output)
    {
        switch (output)
        {
            case SendFrame send:
                run.Network.Send(id, send.Peer, send.Lane, send.Frame);
                break;
            case ApplyRecords apply:
                foreach (var record in apply.Records)
                    _toApply.Enqueue(record);
                ApplySoon();
                break;
            case StableAdvanced advanced:
                Replica.AdvanceStable(advanced.Stable);
                break;
            case RequestWatermark:
                var (lastSequence, timestamp) = Replica.TakeWatermark(Wall);
                _inputs.Enqueue(new WatermarkTaken(lastSequence, timestamp));
                break;
            case CloseLink close:
                run.Network.Close(id, close.Peer);
                break;
            case ConfigurationWanted wanted:
                run.Network.FetchConfiguration(this, wanted.Peer);
                break;
            case LogDroppable droppable:
                DropLog(droppable);
                break;
            case StandingChanged changed:
                if (changed.Standing == RegionStanding.Live)
                    Replica.BecomeEstablished(changed.ClockFloor);
                break;
            case SnapshotBegun begun:
                SnapshotsBegun++;
                _toApply.Clear();
                _toStore.Clear();
                Replica.BeginSnapshot(begun);
                break;
            case StoreSnapshotPiece store:
                _toStore.Enqueue(store.Piece);
                StoreSoon();
                break;
            case AlarmRaised alarm:
                Alarms.Add(alarm.Kind);
                run.Note($"region {id} alarm {alarm.Kind}: {alarm.Detail}");
                break;
        }
    }

    /// <summary>What a majority has, for a forced truncation later.</summary>
    private AppliedVector _droppableByMajority = AppliedVector.Empty;

    public void ForceTruncation() => Replica.DropLog(_droppableByMajority);

    private void DropLog(LogDroppable droppable)
    {
        _droppableByMajority = droppable.ByMajority;
        Replica.DropLog(droppable.ByAll);
    }

    private void ApplySoon()
    {
        if (_isApplying || _toApply.Count == 0)
            return;
        _isApplying = true;
        DoAfter(ApplyTime(), Apply);
    }

    private void Apply()
    {
        _isApplying = false;
        var records = _toApply.ToList();
        _toApply.Clear();
        if (records.Count == 0)
            return;
        foreach (var record in records)
            run.History.Apply(id, record, run.Events.Now);
        Note(Replica.Apply(records));
        run.Checks.HasApplied(this, records);
        Step(new RecordsApplied(Replica.State.Applied));
        ApplySoon();
    }

    private void StoreSoon()
    {
        if (_isStoring || _toStore.Count == 0)
            return;
        _isStoring = true;
        DoAfter(ApplyTime(), Store);
    }

    private void Store()
    {
        _isStoring = false;
        if (!_toStore.TryDequeue(out var piece))
            return;
        StoreSoon();
        Replica.StorePiece(piece);
        if (!piece.IsLast)
        {
            Step(new SnapshotPieceStored(piece.NextToken));
            return;
        }
        var before = Replica.State.Applied;
        var (applied, target) = Replica.InstallSnapshot();
        run.History.Replace(id, applied, run.Plan.Scopes.Count == 0 ? null : before.Join(piece.Applied));
        run.Note($"region {id} installed a snapshot at {applied}");
        Step(new SnapshotInstalled(applied, target, Replica.State.LastSequence));
    }

    private TimeSpan ApplyTime() => random.Time(TimeSpan.FromMilliseconds(0.1), run.Plan.Replica.ApplyTimeMax);

    private void ScheduleWake()
    {
        if (Core?.NextWake is not { } wake)
            return;
        var delay = wake - Wall;
        var at = run.Events.Now + (delay > TimeSpan.Zero ? delay / (1 + _clockRate) : TimeSpan.Zero) + TimeSpan.FromTicks(1);
        if (_wakeAt <= at && _wakeAt > run.Events.Now)
            return;
        _wakeAt = at;
        var process = _process;
        run.Events.At(at, () =>
        {
            if (process != _process || _wakeAt != at)
                return;
            _wakeAt = null;
            Do(() => Step(TimePassed.Instance));
        });
    }
}
