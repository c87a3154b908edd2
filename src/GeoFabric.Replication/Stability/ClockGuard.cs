using GeoFabric.Replication.Links;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Stability;

/// <summary>
/// Compares this region's clock with its peers'. Stamps of a clock that runs ahead win over everything written elsewhere for as long as it is
/// ahead, so a region that finds itself away from the median of its peers stops writing until that is mended.
/// </summary>
internal sealed class ClockGuard(StepContext context)
{
    private readonly SortedDictionary<ushort, (TimeSpan RoundTrip, TimeSpan Offset)> _peers = [];

    public bool IsAway { get; private set; }

    public (TimeSpan RoundTrip, TimeSpan Offset)? Of(ushort peer) => _peers.TryGetValue(peer, out var measured) ? measured : null;

    /// <summary>A beat brought the peer's clock, and how long ago it got one of ours.</summary>
    public void Measure(ushort peer, long peerMilliseconds, long echoMilliseconds, long echoAge)
    {
        if (echoMilliseconds == 0)
            return;
        var now = context.Now.ToUnixTimeMilliseconds();
        var roundTrip = now - echoMilliseconds - echoAge;
        // A clock was set in between; the next beat measures again.
        if (roundTrip < 0 || roundTrip > context.Options.LinkSilenceMax.TotalMilliseconds * 2)
            return;
        _peers[peer] = (TimeSpan.FromMilliseconds(roundTrip), TimeSpan.FromMilliseconds(peerMilliseconds + (roundTrip / 2) - now));
        Judge();
    }

    public void Forget(ushort peer)
    {
        if (_peers.Remove(peer))
            Judge();
    }

    private void Judge()
    {
        // This clock votes too. With one peer nobody knows which of the two is wrong; the limit for what comes from ahead has to do.
        var offsets = _peers.Values.Select(peer => peer.Offset).Append(TimeSpan.Zero).Order().ToList();
        var median = offsets.Count < 3 ? TimeSpan.Zero : offsets[(offsets.Count - 1) / 2];
        IsAway = median.Duration() > context.Options.ClockAwayMax;
        if (IsAway)
            context.Raise(AlarmKind.ClockAway, $"this region's clock is {median.Negate().TotalSeconds:0.0} s away from the median of its peers");
        else
            context.Calm(AlarmKind.ClockAway);
    }
}
