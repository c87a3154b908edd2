using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace GeoFabric.Server.Transport;

/// <summary>Counts what was refused of other regions, by reason, for metrics and for the list of regions.</summary>
internal sealed class PeerCounters
{
    private static readonly Meter s_meter = new("GeoFabric.Server");
    private static readonly Counter<long> s_refusals = s_meter.CreateCounter<long>("geofabric.peer.refusals", description: "Requests, frames and catalogs of other regions that were refused");

    private readonly ConcurrentDictionary<string, long> _refusals = new(StringComparer.Ordinal);

    /// <summary>Refusals since the start, by reason.</summary>
    public IReadOnlyDictionary<string, long> Refusals => _refusals;

    public void Refuse(string reason)
    {
        _refusals.AddOrUpdate(reason, 1, (_, count) => count + 1);
        s_refusals.Add(1, new KeyValuePair<string, object?>("reason", reason));
    }
}
