using GeoFabric.Database.Layout;
using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Replication.Delivery;

/// <summary>
/// Fetches what does not come by itself. A region's log normally comes from the region; when others have more of it and nothing came for a
/// while, or a gap shows, it is asked of whoever has it. That is what makes up for cuts between two regions, dropped records and regions that are gone.
/// </summary>
internal sealed class PullPlanner(StepContext context, CausalBuffer buffer)
{
    private readonly SortedDictionary<ushort, Pull> _pulls = [];

    /// <summary>By region, the peers that said they cannot serve what is missing of its log, until when that counts, and whether they have dropped it.</summary>
    private readonly SortedDictionary<ushort, SortedDictionary<ushort, (DateTimeOffset Until, bool IsDropped)>> _unhelpful = [];

    /// <summary>When something may be due that was not when last looked at; what happens in between makes it earlier.</summary>
    private DateTimeOffset _nextLook;

    private readonly SortedDictionary<ushort, OriginPosition> _dropped = [];

    /// <summary>Where the logs stand here of which what follows was dropped, so that nobody who is further can serve it: only a snapshot helps.</summary>
    public IReadOnlyCollection<OriginPosition> Dropped => _dropped.Values;

    /// <summary>A peer said how far it is.</summary>
    /// <param name="changes">What it said anew.</param>
    public void Hear(PeerLink link, AppliedVector changes)
    {
        foreach (var position in changes)
            Hear(position);
        // The region itself may hold records that it has not applied again since it took a snapshot.
        Hear(new OriginPosition(link.Peer, link.Origin.Incarnation, link.LastSequence, default));
    }

    private void Hear(OriginPosition position)
    {
        if (buffer.Find(position.Region) is not { } stream || !stream.Furthest.IsBehind(position))
            return;
        stream.Furthest = position;
        LookSoon();
    }

    /// <summary>Something has changed: the next <see cref="Plan()"/> looks at every log.</summary>
    public void LookSoon() => _nextLook = DateTimeOffset.MinValue;

    /// <summary>An answer came: as long as the peer has more, ask it for more without waiting.</summary>
    public void HasReceived(PeerLink link, BatchFrame batch)
    {
        if (buffer.Find(batch.Origin.Region) is not { } stream)
            return;
        if (stream.HasGap)
            LookSoon();
        if (stream.LastArrival == context.Now)
        {
            _unhelpful.Remove(batch.Origin.Region);
            _dropped.Remove(batch.Origin.Region);
        }
        if (!batch.IsPulled || !_pulls.TryGetValue(batch.Origin.Region, out var pull))
            return;
        // An answer may come so late that another peer has been asked meanwhile. When it helps all the same, what the other one is asked for is here already;
        // to wait for that one, as late perhaps, would take a timeout for each answer.
        if (pull.Peer != link.Peer && stream.LastArrival != context.Now)
            return;
        _pulls.Remove(batch.Origin.Region);
        buffer.Advance();
        if (stream.LastArrival == context.Now && IsAhead(link, stream) && HasRoomFor(stream))
            Ask(link, stream);
    }

    public void IsUnavailable(PeerLink link, UnavailableFrame answer)
    {
        if (!_pulls.TryGetValue(answer.Origin.Region, out var pull) || pull.Peer != link.Peer || pull.Origin != answer.Origin || pull.FromSequence != answer.FromSequence)
            return;
        LookSoon();
        _pulls.Remove(answer.Origin.Region);
        // What came another way meanwhile may have left the peer's log for that very reason; it says nothing of what is missing now.
        if (buffer.Find(answer.Origin.Region) is not { } stream || stream.Received.Origin != answer.Origin || stream.ReceivedThrough + 1 != answer.FromSequence)
            return;
        if (!_unhelpful.TryGetValue(answer.Origin.Region, out var peers))
            _unhelpful.Add(answer.Origin.Region, peers = []);
        // What was dropped does not return; what is not held as a whole may be served later.
        peers[link.Peer] = (answer.IsDropped ? DateTimeOffset.MaxValue : context.Now + context.Options.PullTimeout, answer.IsDropped);
    }

    public void HasDisconnected(ushort peer)
    {
        LookSoon();
        foreach (var region in _pulls.Where(pull => pull.Value.Peer == peer).Select(pull => pull.Key).ToList())
            _pulls.Remove(region);
        foreach (var peers in _unhelpful.Values)
            peers.Remove(peer);
    }

    public void Restart()
    {
        _pulls.Clear();
        _unhelpful.Clear();
        _dropped.Clear();
        LookSoon();
    }

    /// <summary>Looks at every region's log and asks for what is due, if anything can be.</summary>
    public void Plan()
    {
        if (context.Now < _nextLook)
        {
            context.WakeAt(_nextLook);
            return;
        }
        _nextLook = DateTimeOffset.MaxValue;
        _dropped.Clear();
        foreach (var (region, stream) in buffer.Streams)
        {
            if (!IsOwn(stream))
                Plan(region, stream);
        }
    }

    /// <summary>Whether a log is the own one and what is missing of it lies in it. After a snapshot some of it may be with others only.</summary>
    private bool IsOwn(OriginStream stream) =>
        stream.Delivered.Origin == context.Self
        && (stream.ReceivedThrough >= context.LastSequence || context.Source.FirstSequence(context.Self) <= stream.ReceivedThrough + 1);

    private void Plan(ushort region, OriginStream stream)
    {
        if (!IsBehind(stream))
        {
            stream.BehindSince = null;
            return;
        }
        stream.BehindSince ??= context.Now;
        if (_pulls.TryGetValue(region, out var pull))
        {
            LookAt(pull.DueAt);
            if (context.Now < pull.DueAt)
                return;
            _pulls.Remove(region);
        }
        var silentSince = SilentSince(stream);
        var isDue = stream.HasGap || context.Now - silentSince >= context.Options.SilenceBeforePull;
        if (!isDue)
            LookAt(silentSince + context.Options.SilenceBeforePull);
        else if (HasRoomFor(stream) && Choose(region, stream, pull?.Peer) is { } link)
            Ask(link, stream);
        else
            LookAt(context.Now + context.Options.SilenceBeforePull);
    }

    private void Ask(PeerLink link, OriginStream stream)
    {
        var pull = new Pull(link.Peer, stream.Delivered.Origin, stream.ReceivedThrough + 1, context.Now + context.Options.PullTimeout);
        _pulls[stream.Delivered.Region] = pull;
        LookAt(pull.DueAt);
        link.Counters.Pulls++;
        context.Send(link, new PullFrame(pull.Origin, pull.FromSequence, context.Options.PullBytes));
    }

    /// <summary>The region itself first, then the others in turn.</summary>
    private PeerLink? Choose(ushort region, OriginStream stream, ushort? failed)
    {
        var unhelpful = _unhelpful.GetValueOrDefault(region);
        PeerLink? first = null, next = null;
        foreach (var link in context.Links.All)
        {
            if (!link.IsGreeted || !IsAhead(link, stream) || (link.Peer != region && !context.Rules.PullsFromOthers))
                continue;
            if (unhelpful is not null && unhelpful.TryGetValue(link.Peer, out var answer) && context.Now < answer.Until)
            {
                if (!answer.IsDropped)
                    LookAt(answer.Until);
                continue;
            }
            if (failed is null && link.Peer == region)
                return link;
            first ??= link;
            if (failed is { } last && link.Peer > last)
                next ??= link;
        }
        if (first is null && unhelpful is not null && unhelpful.Values.Any(answer => answer.IsDropped))
            NoteDropped(stream);
        return next ?? first;
    }

    /// <summary>A member that is out of reach, the log's own region most of all, may still have what all others have dropped.</summary>
    private void NoteDropped(OriginStream stream)
    {
        var dueAt = context.HasCaughtUp && !context.IsEveryMemberGreeted ? SilentSince(stream) + context.Options.SnapshotPatience : context.Now;
        if (context.Now < dueAt)
            LookAt(dueAt);
        else
            _dropped[stream.Delivered.Region] = stream.Received;
    }

    private static DateTimeOffset SilentSince(OriginStream stream) =>
        stream.BehindSince is { } behindSince && behindSince > stream.LastArrival ? behindSince : stream.LastArrival;

    /// <summary>What would be the next to be applied may come whatever else waits: it may be what all the others wait for.</summary>
    private bool HasRoomFor(OriginStream stream) => buffer.HasRoom || !stream.HasWholeTransaction;

    private bool IsBehind(OriginStream stream) =>
        stream.HasGap || (stream.Received.IsBehind(stream.Furthest) && stream.ReceivedThrough < context.Configuration.LastSequence(stream.Delivered.Origin));

    private void LookAt(DateTimeOffset time)
    {
        if (time < _nextLook)
            _nextLook = time;
        context.WakeAt(time);
    }

    private bool IsAhead(PeerLink link, OriginStream stream)
    {
        var received = stream.Received;
        var end = context.Configuration.LastSequence(received.Origin);
        if (stream.ReceivedThrough >= end)
            return false;
        return received.IsBehind(link.Applied[received.Region])
            || (link.Peer == received.Region && received.IsBehind(new OriginPosition(link.Peer, link.Origin.Incarnation, link.LastSequence, default)));
    }

    private sealed record Pull(ushort Peer, ChangeOrigin Origin, ulong FromSequence, DateTimeOffset DueAt);
}
