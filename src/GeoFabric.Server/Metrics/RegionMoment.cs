using GeoFabric.Server.Consistency;

namespace GeoFabric.Server.Metrics;

/// <summary>How one region saw itself, the others and its links at one time.</summary>
/// <param name="OutOfService">The regions taken out of service, by the catalog it had.</param>
internal sealed record RegionMoment(DateTimeOffset At, RegionReadiness Readiness, IReadOnlyList<string> OutOfService, IReadOnlyList<LinkMoment> Links);

/// <param name="Lag">How far the copies of the region that tells it were behind the other one; null when nothing was heard of that.</param>
internal readonly record struct LinkMoment(string Peer, bool IsConnected, bool IsCut, TimeSpan Delay, TimeSpan? Lag);
