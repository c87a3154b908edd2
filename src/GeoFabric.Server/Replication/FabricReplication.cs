using System.Threading.Channels;
using GeoFabric.Database;
using GeoFabric.Database.Jobs;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;
using GeoFabric.Server.Consistency;
using GeoFabric.Server.Options;
using GeoFabric.Server.Transport;

namespace GeoFabric.Server.Replication;

/// <summary>Drives the replication core of one fabric: brings it what happens, and does what it says.</summary>
/// <remarks>One loop steps the core; commits, the network and the clock put what they have into its queue. Applying has a loop of its own, in order.</remarks>
internal sealed partial class FabricReplication : IAsyncDisposable
{
    /// <summary>Forgetting metadata in small steps would cost a commit each.</summary>
    private static readonly TimeSpan s_stablePause = TimeSpan.FromMilliseconds(200);

    /// <summary>Between two attempts to do what the store refused.</summary>
    private static readonly TimeSpan s_retryPause = TimeSpan.FromMilliseconds(500);

    private static readonly TimeSpan s_pauseMax = TimeSpan.FromHours(1);

    private readonly FabricReplica _replica;
    private readonly Func<ushort, IPeerLink?> _links;
    private readonly Action<ushort> _fetchCatalog;
    private readonly Action<FabricReplication> _hasFailed;
    private readonly TimeProvider _clock;
    private readonly ILogger _logger;
    private readonly RegionCore _core;
    private readonly Channel<QueuedInput> _inputs = Channel.CreateUnbounded<QueuedInput>(new UnboundedChannelOptions { SingleReader = true });
    private readonly Channel<CoreOutput> _toStore = Channel.CreateUnbounded<CoreOutput>(new UnboundedChannelOptions { SingleReader = true });
    private readonly LogKeeper _logs;
    private readonly ArrivalNotes _arrivals;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _committedGate = new();
    private LocalCommitted? _committed;
    private HybridTimestamp _stableWanted;
    private volatile StandingChanged? _lastStanding;
    private Task _forgetting = Task.CompletedTask;
    private Task _beating = Task.CompletedTask;
    private Task _loops = Task.CompletedTask;
    private volatile TaskCompletionSource _moved = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile FabricPositions _positions;
    private FabricJob? _receipt;
    private int _isDisposed;

    /// <param name="hasFailed">Called when it has stopped by itself: nothing is exchanged until another one takes its place.</param>
    public FabricReplication(
        FabricDatabase database, ClusterConfiguration configuration, Func<ushort, IPeerLink?> links, Action<ushort> fetchCatalog, Action<FabricReplication> hasFailed,
        PeerOptions options, TimeProvider clock, ILogger logger)
    {
        FabricId = database.Fabric.Id;
        _replica = database.Replica;
        _links = links;
        _fetchCatalog = fetchCatalog;
        _hasFailed = hasFailed;
        _clock = clock;
        _logger = logger;
        _logs = new LogKeeper(_replica, options, clock);
        var logs = new ReplicaLogs(_replica);
        _core = new RegionCore(ReplicationMapping.ToRegionState(_replica), configuration, logs, logs);
        _positions = Describe();
        _arrivals = new ArrivalNotes(_core.Applied[_replica.Origin.Region], clock);
        Standing = _core.Standing;
        _replica.Committed = HasCommitted;
    }

    public uint FabricId { get; }

    /// <summary>How far the copy has got, as of the last step.</summary>
    public FabricPositions Positions => _positions;

    public RegionStanding Standing { get; private set; }

    /// <summary>What last went wrong between regions, for operators.</summary>
    public string? LastAlarm { get; private set; }

    /// <summary>How often this region took a snapshot of another since it started.</summary>
    public int SnapshotsBegun { get; private set; }

    /// <summary>When what this region wrote came to the others.</summary>
    public ArrivalNotes Arrivals => _arrivals;

    /// <summary>Ends when the positions change.</summary>
    public Task Moved => _moved.Task;

    public void Start() => _loops = Task.WhenAll(Task.Run(StepAsync), Task.Run(StoreAsync), Task.Run(() => _logs.RunAsync(_stop.Token)));

    /// <summary>Queues something that happened; what has to be seen to be done is done when the task ends.</summary>
    public Task PostAsync(CoreInput input)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _inputs.Writer.TryWrite(new QueuedInput(input, null, done)) ? done.Task : Task.CompletedTask;
    }

    /// <summary>The state of every link, read between two steps.</summary>
    public async Task<IReadOnlyList<LinkStatus>> ReadLinksAsync() => await InspectAsync(() => _core.Links) ?? [];

    /// <summary>What this region holds, read between two steps; null when the fabric is being closed.</summary>
    public Task<MemberReport?> ReadReportAsync() => InspectAsync(
        () => new MemberReport(_core.Configuration.Epoch, _core.Standing != RegionStanding.CatchingUp, ReplicationMapping.ToVector(_replica.ReadState())));

    public async ValueTask DisposeAsync()
    {
        var isFirst = Interlocked.Exchange(ref _isDisposed, 1) == 0;
        if (isFirst)
        {
            _replica.Committed = null;
            _inputs.Writer.TryComplete();
            _toStore.Writer.TryComplete();
            await _stop.CancelAsync();
        }
        await _loops;
        EndReceipt();
        await _beating;
        await _forgetting;
        _moved.TrySetResult();
        if (isFirst)
            _stop.Dispose();
    }

    private async Task<T?> InspectAsync<T>(Func<T> look)
        where T : class
    {
        T? found = null;
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        if (_inputs.Writer.TryWrite(new QueuedInput(null, () => found = look(), done)))
            await done.Task;
        return found;
    }

    /// <summary>Commits end on many threads and not in order: only the last one counts, and one entry in the queue is enough for all that wait.</summary>
    private void HasCommitted(ulong sequence, HybridTimestamp timestamp, int bytes)
    {
        _arrivals.Note(_replica.Origin.Region, new OriginPosition(_replica.Origin.Region, _replica.Origin.Incarnation, sequence, timestamp));
        lock (_committedGate)
        {
            var isQueued = _committed is not null;
            var before = _committed ?? new LocalCommitted(0, default, 0);
            _committed = sequence > before.LastSequence
                ? new LocalCommitted(sequence, timestamp, before.Bytes + bytes)
                : before with { Bytes = before.Bytes + bytes };
            if (isQueued)
                return;
        }
        _inputs.Writer.TryWrite(new QueuedInput(null, null, null));
    }

    private LocalCommitted? TakeCommitted()
    {
        lock (_committedGate)
        {
            var committed = _committed;
            _committed = null;
            return committed;
        }
    }

    private async Task StepAsync()
    {
        try
        {
            Step(TimePassed.Instance);
            while (await WaitAsync())
            {
                while (_inputs.Reader.TryRead(out var next))
                    Handle(next);
                if (_core.NextWake <= _clock.GetUtcNow())
                    Step(TimePassed.Instance);
            }
        }
        catch (Exception error)
        {
            // A core that threw is in no known state: another one has to begin with what is stored.
            LastAlarm = $"replication has stopped: {error.Message}";
            Log.Stopped(_logger, error, FabricId);
            _hasFailed(this);
        }
        // Links wait for what they bring to be taken, and bring it for all fabrics in turn: nobody may wait for a loop that has ended.
        _inputs.Writer.TryComplete();
        while (_inputs.Reader.TryRead(out var left))
            left.Done?.TrySetResult();
    }

    /// <summary>Waits for an input or for the time the core wants to be woken.</summary>
    private async Task<bool> WaitAsync()
    {
        var pause = _core.NextWake - _clock.GetUtcNow();
        if (pause is null)
            return await _inputs.Reader.WaitToReadAsync();
        if (pause <= TimeSpan.Zero)
            return !_stop.IsCancellationRequested;
        // With nothing to do the core names a time that no timer reaches.
        using var timeout = new CancellationTokenSource(pause.Value < s_pauseMax ? pause.Value : s_pauseMax, _clock);
        try
        {
            return await _inputs.Reader.WaitToReadAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            return !_stop.IsCancellationRequested;
        }
    }

    private void Handle(QueuedInput next)
    {
        try
        {
            if (next.Input is { } input)
                Step(input);
            else if (next.Inspect is { } inspect)
                inspect();
            else if (TakeCommitted() is { } committed)
                Step(committed);
        }
        finally
        {
            next.Done?.TrySetResult();
        }
    }

    private void Step(CoreInput input)
    {
        foreach (var output in _core.Step(_clock.GetUtcNow(), input))
            Do(output);
        if (input is FrameReceived { Peer: var peer } && _core.OwnLogAt(peer) is { } told)
            _arrivals.Note(peer, told);
        Publish();
    }

    private void Do(CoreOutput output)
    {
        switch (output)
        {
            case SendFrame send:
                _links(send.Peer)?.Send(send.Lane == FrameLane.Control ? PeerLane.Control : PeerLane.Bulk, FabricId, send.Frame);
                break;
            case ApplyRecords or SnapshotBegun or StoreSnapshotPiece:
                _toStore.Writer.TryWrite(output);
                break;
            case LogDroppable droppable:
                _logs.Note(droppable);
                break;
            case StableAdvanced advanced:
                _stableWanted = advanced.Stable;
                if (_forgetting.IsCompleted)
                    _forgetting = ForgetAsync();
                break;
            case RequestWatermark:
                _beating = TakeWatermarkAsync();
                break;
            case CloseLink close:
                _links(close.Peer)?.Close(close.Reason.ToString());
                break;
            case AlarmRaised alarm:
                LastAlarm = $"{alarm.Kind}: {alarm.Detail}";
                Log.Alarm(_logger, FabricId, LastAlarm);
                break;
            case ConfigurationWanted wanted:
                _fetchCatalog(wanted.Peer);
                break;
            case StandingChanged changed:
                _lastStanding = changed;
                // What the region may no longer do ends at once; what it may do begins when that is stored.
                if (changed.Standing != RegionStanding.Live)
                    Standing = changed.Standing;
                _toStore.Writer.TryWrite(changed);
                break;
        }
    }

    /// <summary>Stores what the core hands over, in its order.</summary>
    private async Task StoreAsync()
    {
        await foreach (var output in _toStore.Reader.ReadAllAsync())
        {
            if (!await TryStoreAsync(Gather(output)))
                return;
        }
    }

    /// <summary>Records that wait behind others are applied with them, in one transaction.</summary>
    private CoreOutput Gather(CoreOutput first)
    {
        if (first is not ApplyRecords apply)
            return first;
        var records = new List<ReadOnlyMemory<byte>>(apply.Records);
        while (_toStore.Reader.TryPeek(out var next) && next is ApplyRecords more && _toStore.Reader.TryRead(out _))
            records.AddRange(more.Records);
        return new ApplyRecords(records);
    }

    /// <summary>Stores something however long it takes: what is refused is tried again, since the core asks nobody for what it has once handed on.</summary>
    /// <returns>Whether it is stored; if not, the fabric is being closed.</returns>
    private async Task<bool> TryStoreAsync(CoreOutput output)
    {
        string? refusal = null;
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await StoreAsync(output);
                if (refusal is not null && LastAlarm == refusal)
                    LastAlarm = null;
                return true;
            }
            catch (Exception error)
            {
                // A full disk, mostly. Nothing was stored, and an administrator can mend it. Whatever else it is, a loop that ended here would leave a region
                // that looks healthy and takes nothing from the others any more.
                var isNew = refusal?.EndsWith(error.Message, StringComparison.Ordinal) != true;
                LastAlarm = refusal = $"what replication has to store cannot be stored: {error.Message}";
                // Every half second the same would fill the log.
                if (isNew)
                    Log.CannotStore(_logger, error, FabricId);
            }
            await PauseAsync();
        }
        return false;
    }

    private async Task StoreAsync(CoreOutput output)
    {
        switch (output)
        {
            case ApplyRecords apply:
                await _replica.ApplyAsync(apply.Records, CancellationToken.None);
                Enqueue(new RecordsApplied(ReplicationMapping.ToVector(_replica.ReadState())));
                break;
            case SnapshotBegun begun:
                SnapshotsBegun++;
                EndReceipt();
                _receipt = _replica.Jobs.Begin(JobKind.SnapshotReceipt);
                Log.SnapshotBegun(_logger, FabricId);
                await _replica.BeginSnapshotAsync(begun.KeptScopes, begun.KeptRegions, begun.LostOrigins, CancellationToken.None);
                break;
            case StoreSnapshotPiece { Piece: var piece }:
                // One that had begun before a restart goes on.
                _receipt ??= _replica.Jobs.Begin(JobKind.SnapshotReceipt);
                await _replica.StorePieceAsync(piece.Token, piece.NextToken, piece.Content, CancellationToken.None);
                _receipt.Advance(piece.Content.Length);
                if (!piece.IsLast)
                {
                    Enqueue(new SnapshotPieceStored(piece.NextToken));
                    break;
                }
                await _replica.InstallSnapshotAsync(CancellationToken.None);
                EndReceipt();
                var state = _replica.ReadState();
                Enqueue(new SnapshotInstalled(ReplicationMapping.ToVector(state), ReplicationMapping.ToVector(state.Target), state.LastSequence));
                break;
            case StandingChanged changed:
                if (changed.Standing == RegionStanding.Live)
                {
                    _replica.RaiseClock(changed.ClockFloor);
                    if (!_replica.ReadIsEstablished())
                        await _replica.StoreIsEstablishedAsync(CancellationToken.None);
                }
                if (ReferenceEquals(changed, _lastStanding))
                    Standing = changed.Standing;
                break;
        }
    }

    private void EndReceipt()
    {
        _receipt?.Dispose();
        _receipt = null;
    }

    private void Enqueue(CoreInput input) => _inputs.Writer.TryWrite(new QueuedInput(input, null, null));

    /// <summary>Brings the core the watermark it asked for, however long it takes: it does not ask again before it has it, and beats for others wait for it.</summary>
    private async Task TakeWatermarkAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                var (sequence, timestamp) = await _replica.TakeWatermarkAsync(_stop.Token);
                Enqueue(new WatermarkTaken(sequence, timestamp));
                return;
            }
            catch (Exception)
            {
                // The store refuses work: a full disk or queue, mostly.
            }
            await PauseAsync();
        }
    }

    private async Task PauseAsync() => await Task.Delay(s_retryPause, _clock, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    private async Task ForgetAsync()
    {
        try
        {
            await Task.Delay(s_stablePause, _clock, _stop.Token);
            await _replica.AdvanceStableAsync(_stableWanted, _stop.Token);
        }
        catch (Exception)
        {
            // A full or closing store, mostly; what is not forgotten now is forgotten later.
        }
    }

    private void Publish()
    {
        var positions = Describe();
        if (positions.Stable == _positions.Stable && positions.Regions.SequenceEqual(_positions.Regions))
            return;
        _positions = positions;
        var moved = _moved;
        _moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        moved.TrySetResult();
    }

    private FabricPositions Describe() =>
        new(_core.Stable, _core.Applied.Positions.ToDictionary(position => position.Region, position => position.Timestamp));

    /// <summary>Something for the loop: an input of the core, a look at it, or, with neither, commits that wait.</summary>
    private sealed record QueuedInput(CoreInput? Input, Action? Inspect, TaskCompletionSource? Done);

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Critical, Message = "Replication of fabric {Fabric} has stopped.")]
        public static partial void Stopped(ILogger logger, Exception error, uint fabric);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Fabric {Fabric} is too late for the logs of the other regions and takes a snapshot.")]
        public static partial void SnapshotBegun(ILogger logger, uint fabric);

        [LoggerMessage(Level = LogLevel.Error, Message = "What replication has to store cannot be stored in fabric {Fabric}; it is tried again.")]
        public static partial void CannotStore(ILogger logger, Exception error, uint fabric);

        [LoggerMessage(Level = LogLevel.Warning, Message = "Replication of fabric {Fabric}: {Alarm}")]
        public static partial void Alarm(ILogger logger, uint fabric, string alarm);
    }
}
