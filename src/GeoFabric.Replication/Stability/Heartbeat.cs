using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Stability;

/// <summary>
/// Sends regular beats with a fresh watermark and what changed of the applied vector, takes those of peers, and closes links that fell silent.
/// Visibility does not depend on beats; stability, staleness, and the discovery of what is missing do.
/// </summary>
internal sealed class Heartbeat(StepContext context, WatermarkTable watermarks, StabilityTracker stability, ClockGuard clocks)
{
    /// <summary>Beats are frequent for this many idle intervals after something happened: the last records still have to become stable.</summary>
    private const int ActiveIntervals = 2;

    private DateTimeOffset? _lastBeat;
    private bool _isAsking;

    public void Greet(PeerLink link, HelloFrame hello)
    {
        link.Greet(hello);
        stability.Say(hello.Origin, hello.Epoch, hello.Applied, hello.LastSequence);
    }

    public void Receive(PeerLink link, BeatFrame beat)
    {
        link.Learn(beat);
        link.LastBeat = (beat.WallMilliseconds, context.Now);
        clocks.Measure(link.Peer, beat.WallMilliseconds, beat.EchoMilliseconds, beat.EchoAge);
        if (context.Configuration.Member(link.Peer) is not { } member)
            return;
        watermarks.Promise(new OriginPosition(link.Peer, member.Incarnation, beat.LastSequence, beat.Watermark));
        stability.Say(member.Origin, beat.Epoch, link.Applied, beat.LastSequence);
    }

    /// <summary>Asks for a watermark when a beat is due, and closes links on which nothing comes any more.</summary>
    public void Pass()
    {
        while (FindSilent() is { } silent)
            context.Close(silent, CloseReason.Silent);
        var isActive = context.Now - context.LastActivity < context.Options.IdleBeat * ActiveIntervals;
        var dueAt = _lastBeat + (isActive ? context.Options.ActiveBeat : context.Options.IdleBeat) ?? context.Now;
        // A clock that was set back must not silence the region until it has caught up.
        var isDue = context.Now >= dueAt || context.Now < _lastBeat;
        if (isDue && !_isAsking)
        {
            _isAsking = true;
            context.Ask(RequestWatermark.Instance);
        }
        else if (!_isAsking)
        {
            context.WakeAt(dueAt);
        }
    }

    private PeerLink? FindSilent()
    {
        foreach (var link in context.Links.All)
        {
            var silentAt = link.LastHeard + context.Options.LinkSilenceMax;
            if (context.Now >= silentAt)
                return link;
            context.WakeAt(silentAt);
        }
        return null;
    }

    /// <summary>Sends a beat to all peers.</summary>
    public void Beat(WatermarkTaken taken)
    {
        _isAsking = false;
        _lastBeat = context.Now;
        if (taken.LastSequence == context.LastSequence)
            watermarks.Promise(new OriginPosition(context.Self.Region, context.Self.Incarnation, taken.LastSequence, taken.Timestamp));
        var own = watermarks.Vector;
        foreach (var link in context.Links.All)
        {
            if (!link.IsGreeted)
                continue;
            var (echo, age) = link.LastBeat is { } last ? (last.WallMilliseconds, (long)(context.Now - last.CameAt).TotalMilliseconds) : (0, 0);
            context.Send(link, new BeatFrame(
                context.Self.Incarnation, context.Configuration.Epoch, context.HasCaughtUp, context.Now.ToUnixTimeMilliseconds(), echo, age, context.Stable,
                taken.LastSequence, taken.Timestamp, link.TellChanges(own)));
        }
    }
}
