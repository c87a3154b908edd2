using GeoFabric.Replication.Membership;

namespace GeoFabric.Replication.Links;

/// <summary>A link as operators see it.</summary>
/// <param name="IsGreeted">Both sides know each other's positions.</param>
/// <param name="Lag">How far what has been applied of the peer's log is behind what the peer last told of; in time.</param>
/// <param name="RecordsBehind">The same in records; null when the peer goes on under another incarnation.</param>
/// <param name="RoundTrip">Of the last beat; null before the first.</param>
public sealed record LinkStatus(
    ushort Peer, bool IsConnected, bool IsGreeted, ulong PeerEpoch, AppliedVector PeerApplied, TimeSpan? Lag, ulong? RecordsBehind,
    TimeSpan? RoundTrip, TimeSpan? ClockOffset, LinkCounters Counters);
