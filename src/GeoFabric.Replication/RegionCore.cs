using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Bootstrap;
using GeoFabric.Replication.Delivery;
using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;
using GeoFabric.Replication.Shipping;
using GeoFabric.Replication.Stability;

namespace GeoFabric.Replication;

/// <summary>
/// Replication of one fabric in one region: what happened goes in, what is to be done comes out. It opens no socket, starts no task, reads no clock and
/// touches no file, so a server and a simulator run the very same code.
/// </summary>
/// <remarks>
/// Not thread-safe: one caller steps it. After a crash, make a new one from what the storage remembers; nothing else has to survive.
/// </remarks>
public sealed class RegionCore
{
    private readonly StepContext _context;
    private readonly CausalBuffer _buffer;
    private readonly RecordReceiver _receiver;
    private readonly PullPlanner _pulls;
    private readonly ShippingDesk _shipping;
    private readonly WatermarkTable _watermarks;
    private readonly StabilityTracker _stability;
    private readonly ClockGuard _clocks;
    private readonly Heartbeat _heartbeat;
    private readonly SnapshotDonor _donor;
    private readonly SnapshotReceiver _snapshot;
    private readonly CatchUp _catchUp;
    private ClusterConfiguration? _nextConfiguration;

    public RegionCore(
        RegionState state, ClusterConfiguration configuration, IChangeSource source, ISnapshotSource snapshots,
        ReplicationOptions? options = null, ProtocolRules? rules = null)
    {
        _context = new StepContext(state, options ?? new ReplicationOptions(), rules ?? ProtocolRules.Default, source, configuration);
        _buffer = new CausalBuffer(_context);
        _receiver = new RecordReceiver(_context, _buffer);
        _pulls = new PullPlanner(_context, _buffer);
        _shipping = new ShippingDesk(_context);
        _watermarks = new WatermarkTable(_context);
        _stability = new StabilityTracker(_context);
        _clocks = new ClockGuard(_context);
        _heartbeat = new Heartbeat(_context, _watermarks, _stability, _clocks);
        _donor = new SnapshotDonor(_context, snapshots);
        _snapshot = new SnapshotReceiver(_context, state);
        _catchUp = new CatchUp(_context, _buffer, _watermarks, state);
    }

    /// <summary>When <see cref="TimePassed"/> is due if nothing else happens before; null when nothing is.</summary>
    public DateTimeOffset? NextWake => _context.NextWake;

    public RegionStanding Standing => _context.Standing;

    public HybridTimestamp Stable => _context.Stable;

    public ClusterConfiguration Configuration => _context.Configuration;

    /// <summary>What has been applied here, with watermarks: nothing at or before a region's timestamp is missing.</summary>
    public AppliedVector Applied => _watermarks.Vector;

    /// <summary>How far a linked peer said to have applied this region's own log; null before it has greeted.</summary>
    public OriginPosition? OwnLogAt(ushort peer) =>
        _context.Links.Find(peer) is { IsGreeted: true } link && link.Applied[_context.Self.Region] is var position && position.Incarnation == _context.Self.Incarnation ? position : null;

    /// <summary>Every peer there ever was a link to, with what is known of it.</summary>
    public IReadOnlyList<LinkStatus> Links => [.. _context.Links.Counters.Select(entry => Describe(entry.Peer, entry.Counters))];

    /// <summary>Takes in what happened and says what to do about it.</summary>
    /// <param name="now">The region's wall clock. It may be wrong and may go back: order never depends on it.</param>
    public IReadOnlyList<CoreOutput> Step(DateTimeOffset now, CoreInput input)
    {
        _context.Begin(now);
        Take(input);
        AdoptConfiguration();
        if (!_snapshot.IsReceiving)
            _catchUp.ReplayOwnLog();
        HandOver();
        _shipping.Ship();
        _heartbeat.Pass();
        LookForWhatIsMissing();
        Stand();
        return _context.End();
    }

    private void Take(CoreInput input)
    {
        switch (input)
        {
            case LocalCommitted committed:
                Commit(committed);
                break;
            case WatermarkTaken taken:
                Beat(taken);
                break;
            case RecordsApplied applied:
                Apply(applied.Vector);
                break;
            case FrameReceived received:
                Receive(received);
                break;
            case PeerConnected connected:
                Connect(connected.Peer);
                break;
            case PeerDisconnected disconnected:
                Disconnect(disconnected.Peer);
                break;
            case ConfigurationChanged changed:
                if (changed.Configuration.Epoch > (_nextConfiguration ?? _context.Configuration).Epoch)
                    _nextConfiguration = changed.Configuration;
                break;
            case SnapshotPieceStored stored:
                _snapshot.HasStored(stored);
                break;
            case SnapshotInstalled installed:
                Install(installed);
                break;
        }
    }

    /// <summary>
    /// Commits end on many threads, so one may be reported after the next: positions only go forward. Were the later one forgotten, records of peers
    /// that had seen it would wait for the next commit here, which does not come while every client's session waits for those records.
    /// </summary>
    private void Commit(LocalCommitted committed)
    {
        _context.LastActivity = _context.Now;
        _shipping.HasCommitted(committed.Bytes);
        if (committed.LastSequence <= _context.LastSequence)
            return;
        var position = new OriginPosition(_context.Self.Region, _context.Self.Incarnation, committed.LastSequence, committed.Timestamp);
        _context.LastSequence = committed.LastSequence;
        _context.Applied = _context.Applied.With(position);
        _watermarks.Refresh();
        _buffer.HasCommitted(position);
    }

    private void Beat(WatermarkTaken taken)
    {
        _heartbeat.Beat(taken);
        _stability.Advance(_watermarks.Vector);
        if (_context.HasCaughtUp)
            _stability.DropLogs(_watermarks.Vector, _donor.Pins);
    }

    private void Apply(AppliedVector applied)
    {
        _context.Applied = _context.Applied.Join(applied);
        _watermarks.Refresh();
        _buffer.HasApplied(_context.Applied);
        _shipping.Acknowledge(_watermarks.Vector);
    }

    private void Receive(FrameReceived received)
    {
        if (_context.Links.Find(received.Peer) is not { } link)
            return;
        link.Counters.FramesReceived++;
        link.Counters.BytesReceived += received.Frame.Length;
        if (!FrameEnvelope.IsSound(received.Frame.Span, _context.Rules))
        {
            Refuse(link, RefusalReason.DamagedFrame, CloseReason.BadFrame);
            return;
        }
        try
        {
            Dispatch(link, FrameCodec.Decode(received.Frame), received.Frame.Length);
            // A peer whose greeting was missed may go on for ever without another one: then the link has to begin anew.
            if (link.IsGreeted)
                link.LastHeard = _context.Now;
        }
        catch (Exception malformed) when (malformed is InvalidDataException or OverflowException)
        {
            Refuse(link, RefusalReason.MalformedFrame, CloseReason.BadFrame);
        }
    }

    private void Dispatch(PeerLink link, Frame? frame, int frameBytes)
    {
        switch (frame)
        {
            case null:
                link.Counters.Refuse(RefusalReason.UnknownKind);
                break;
            case HelloFrame hello when link.IsGreeted:
                // The one that was taken may have been left over from the connection before: what the peer tells from now on goes beyond this one.
                if (hello.Origin == link.Origin)
                {
                    link.Learn(hello.Applied);
                    _pulls.Hear(link, hello.Applied);
                }
                break;
            case HelloFrame hello:
                if (IsWelcome(link, hello))
                    Greet(link, hello);
                break;
            case GoodbyeFrame:
                break;
            case var _ when !link.IsGreeted:
                link.Counters.Refuse(RefusalReason.NotGreeted);
                break;
            case BatchFrame { Incarnation: var sender } when !_context.Rules.IsOfIncarnation(sender, link.Origin.Incarnation):
            case AcknowledgementFrame { Incarnation: var speaker } when speaker != link.Origin.Incarnation:
            case BeatFrame { Incarnation: var beating } when beating != link.Origin.Incarnation:
                // Replayed from before the peer lost its disk.
                link.Counters.Refuse(RefusalReason.ForeignIdentity);
                break;
            case BatchFrame batch:
                if (_snapshot.IsReceiving)
                    link.ConsumedBytes += batch.IsPulled ? 0 : frameBytes;
                else
                    Receive(link, batch, frameBytes);
                break;
            case AcknowledgementFrame acknowledgement:
                _shipping.IsAcknowledged(link, acknowledgement);
                _pulls.Hear(link, acknowledgement.Changes);
                break;
            case BeatFrame beat:
                Hear(link, beat);
                break;
            case PullFrame pull:
                _shipping.Serve(link, pull);
                break;
            case UnavailableFrame unavailable:
                _pulls.IsUnavailable(link, unavailable);
                break;
            case SnapshotRequestFrame request:
                _donor.Serve(link, request);
                break;
            case SnapshotPieceFrame piece:
                _snapshot.Receive(link, piece);
                break;
        }
    }

    private void Receive(PeerLink link, BatchFrame batch, int frameBytes)
    {
        _receiver.Receive(link, batch, frameBytes);
        if (link.IsOpen)
            _pulls.HasReceived(link, batch);
    }

    private void Hear(PeerLink link, BeatFrame beat)
    {
        if (_context.IsTooFarAhead(beat.WallMilliseconds) || _context.IsTooFarAhead(beat.Watermark.UnixMilliseconds))
        {
            Quarantine(link);
            return;
        }
        _context.Calm(AlarmKind.ClockQuarantine);
        _heartbeat.Receive(link, beat);
        _pulls.Hear(link, beat.Changes);
        _catchUp.Hear(link);
        if (link.Epoch > _context.Configuration.Epoch)
            _context.Ask(new ConfigurationWanted(link.Peer, link.Epoch));
    }

    private bool IsWelcome(PeerLink link, HelloFrame hello)
    {
        if (hello.Version != HelloFrame.CurrentVersion)
        {
            Refuse(link, RefusalReason.UnknownVersion, CloseReason.NotAccepted);
            return false;
        }
        if (hello.Epoch > _context.Configuration.Epoch)
            _context.Ask(new ConfigurationWanted(link.Peer, hello.Epoch));
        if (hello.Origin.Region != link.Peer || _context.Configuration.Member(link.Peer)?.Origin != hello.Origin)
        {
            var isNews = hello.Origin.Region == link.Peer && hello.Epoch > _context.Configuration.Epoch;
            Refuse(link, isNews ? RefusalReason.UnknownEpoch : RefusalReason.ForeignIdentity, isNews ? CloseReason.EpochUnknown : CloseReason.NotAccepted);
            return false;
        }
        if (!_context.IsTooFarAhead(hello.WallMilliseconds))
            return true;
        Quarantine(link);
        return false;
    }

    private void Greet(PeerLink link, HelloFrame hello)
    {
        _heartbeat.Greet(link, hello);
        _pulls.Hear(link, hello.Applied);
        _pulls.LookSoon();
        _catchUp.Hear(link);
        _shipping.Begin(link, hello.Received);
        _context.LastActivity = _context.Now;
    }

    private void Connect(ushort peer)
    {
        Disconnect(peer);
        var link = _context.Links.Open(peer, _context.Now);
        var own = _watermarks.Vector;
        link.Told = own;
        var hello = new HelloFrame(
            HelloFrame.CurrentVersion, _context.Self, _context.Configuration.Epoch, _context.HasCaughtUp, _context.Now.ToUnixTimeMilliseconds(),
            _context.LastSequence, _buffer.Find(peer)?.Received ?? default, _context.Options.WindowBytes, own);
        _context.Send(link, hello);
        _context.Send(link, hello, FrameLane.Bulk);
    }

    private void Disconnect(ushort peer)
    {
        _context.Links.Remove(peer);
        _shipping.End(peer);
        _pulls.HasDisconnected(peer);
        _clocks.Forget(peer);
    }

    /// <summary>Records handed over were judged by the old configuration, so it stays until they are durable; what members report after that is final.</summary>
    private void AdoptConfiguration()
    {
        _buffer.IsHalted = _nextConfiguration is not null;
        if (_nextConfiguration is not { } next || _buffer.IsApplying)
            return;
        _nextConfiguration = null;
        _buffer.IsHalted = false;
        _context.Configuration = next;
        _buffer.Adopt();
        _pulls.LookSoon();
        _watermarks.Refresh();
        if (_context.HasCaughtUp && next.EndsBefore(_context.Applied))
            _context.Raise(AlarmKind.AppliedBeyondEnd, $"{_context.Applied} was applied here, which goes behind an end that epoch {next.Epoch} gives a log");
        if (!_context.IsMember)
            _context.Raise(AlarmKind.NotAMember, $"epoch {next.Epoch} has no region {_context.Self.Region} of incarnation {_context.Self.Incarnation}");
        foreach (var link in _context.Links.All.ToList())
        {
            if (link.IsGreeted && (next.Member(link.Peer)?.Origin != link.Origin || !_context.IsMember))
                _context.Close(link, CloseReason.NotAccepted);
        }
    }

    private void HandOver()
    {
        if (_snapshot.IsReceiving)
            return;
        var records = _buffer.HandOver();
        if (records.Count > 0)
            _context.Ask(new ApplyRecords(records));
    }

    private void LookForWhatIsMissing()
    {
        var wasReceiving = _snapshot.IsReceiving;
        if (wasReceiving)
        {
            if (_snapshot.HasToBeginAnew)
                _snapshot.Begin([]);
        }
        else
        {
            _pulls.Plan();
            if (_pulls.Dropped.Count == 0)
                _context.Calm(AlarmKind.NoDonor);
            if (!_buffer.IsApplying && (_catchUp.HasToBeginAnew || (_pulls.Dropped.Count > 0 && _snapshot.CanBegin(_pulls.Dropped))))
                _snapshot.Begin([.. _pulls.Dropped]);
        }
        _snapshot.Pass();
        if (_snapshot.HasDonor)
            _catchUp.BeginAnew();
        if (wasReceiving && !_snapshot.IsReceiving)
            _pulls.Restart();
    }

    private void Install(SnapshotInstalled installed)
    {
        _catchUp.Install(installed.Target, _snapshot.Held);
        _snapshot.HasInstalled();
        _context.Applied = installed.Applied;
        // A commit from before may be reported only now: the state that had it is gone, so it does not count as applied, and is replayed.
        _context.LastSequence = Math.Max(_context.LastSequence, installed.LastSequence);
        _watermarks.Refresh();
        _buffer.Restart();
        _pulls.Restart();
        // Peers have sent what this region no longer has; they begin again behind its new positions.
        foreach (var link in _context.Links.All.ToList())
            _context.Close(link, CloseReason.Restarting);
    }

    private void Stand()
    {
        var standing = _catchUp.Judge(_clocks.IsAway, _snapshot.IsReceiving);
        if (standing == _context.Standing)
            return;
        _context.Standing = standing;
        _context.Ask(new StandingChanged(standing, _catchUp.ClockFloor));
    }

    private void Refuse(PeerLink link, RefusalReason reason, CloseReason close)
    {
        link.Counters.Refuse(reason);
        _context.Close(link, close);
    }

    private void Quarantine(PeerLink link)
    {
        _context.Raise(AlarmKind.ClockQuarantine, $"region {link.Peer} is more than {_context.Options.ClockAheadMax} ahead of this region's clock");
        Refuse(link, RefusalReason.ClockAhead, CloseReason.ClockAhead);
    }

    private LinkStatus Describe(ushort peer, LinkCounters counters)
    {
        var link = _context.Links.Find(peer);
        var here = _watermarks.Vector[peer];
        var measured = _clocks.Of(peer);
        var told = link?.Watermark.UnixMilliseconds ?? 0;
        return new LinkStatus(
            peer, link is not null, link?.IsGreeted ?? false, link?.IsLive ?? false, link?.Epoch ?? 0, link?.Applied ?? AppliedVector.Empty,
            told == 0 ? null : TimeSpan.FromMilliseconds(Math.Max(0, told - here.Timestamp.UnixMilliseconds)),
            link is null || here.Incarnation != _context.Configuration.Member(peer)?.Incarnation ? null : link.LastSequence - Math.Min(link.LastSequence, here.Sequence),
            measured?.RoundTrip, measured?.Offset, counters);
    }
}
