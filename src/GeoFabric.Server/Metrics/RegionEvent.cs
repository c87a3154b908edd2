namespace GeoFabric.Server.Metrics;

/// <summary>Something that happened to a region or to a link, as one region saw it.</summary>
/// <param name="Region">The region that tells it.</param>
/// <param name="Peer">The other end of the link, or the region it happened to; null for the telling region itself.</param>
/// <param name="Kind">connected, disconnected, cut, restored, delayed, failed, healed, lagging or converged.</param>
internal sealed record RegionEvent(DateTimeOffset At, string Region, string? Peer, string Kind, string Text);
