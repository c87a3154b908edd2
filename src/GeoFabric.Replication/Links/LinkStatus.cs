using GeoFabric.Replication.Membership;

namespace GeoFabric.Replication.Links;

/// <summary>A link as operators see it.</summary>
/// <param name="IsGreeted">Both sides know each other's positions.</param>
/// <param name="IsPeerLive">Whether the peer may be relied on; one that is catching up may hold parts of a snapshot beyond what it says to have applied.</param>
/// <param name="Lag">How far what has been applied of the peer's log is behind what the peer last told of; in time.</param>
/// <param name="RecordsBehind">The same in records; null when the peer goes on under another incarnation.</param>
/// <param name="RoundTrip">Of the last beat; null before the first.</param>
public sealed record LinkStatus(
    ushort Peer, bool IsConnected, bool IsGreeted, bool IsPeerLive, ulong PeerEpoch, AppliedVector PeerApplied, TimeSpan? Lag, ulong? RecordsBehind,
    TimeSpan? RoundTrip, TimeSpan? ClockOffset, LinkCounters Counters);
