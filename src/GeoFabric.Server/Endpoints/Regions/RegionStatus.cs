using System.Text;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Consistency;
using GeoFabric.Server.Http;
using GeoFabric.Server.Metrics;
using GeoFabric.Server.Transport;

namespace GeoFabric.Server.Endpoints.Regions;

/// <summary>What a region tells the others about itself and its links. It goes over the ports that only regions reach.</summary>
internal static class RegionStatus
{
    public static async Task<byte[]> TellAsync(ServerServices services, bool withHistory) => Encoding.UTF8.GetBytes((await ReadAsync(services, withHistory)).ToString());

    public static async Task<Value> ReadAsync(ServerServices services, bool withHistory)
    {
        var status = await ReadAsync(services);
        return withHistory ? ObjectValue.With(status, ReadHistory(services)) : status;
    }

    /// <summary>How this region and its links were, and what happened, with how long ago it was: another region's clock may show another time.</summary>
    private static Value ReadHistory(ServerServices services)
    {
        var now = services.Clock.GetUtcNow();
        return ObjectValue.Of(
            ("moments", ObjectValue.List((services.Timeline?.Moments ?? []).Select(moment => Describe(moment, now)))),
            ("happened", ObjectValue.List((services.Timeline?.Events ?? []).Select(told => ObjectValue.With(Describe(told), ObjectValue.Of(("ago", Ago(told.At, now))))))));
    }

    private static async Task<Value> ReadAsync(ServerServices services)
    {
        var last = services.Metrics.Last;
        var fabrics = await services.Replication.ReadLinksAsync();
        return ObjectValue.Of(
            ("version", Value.FromString(ServerServices.Version)),
            ("readiness", Value.FromString(StateOf(services.Replication.Readiness))),
            ("uptimeSeconds", Value.FromInteger((long)(services.Clock.GetUtcNow() - services.Started).TotalSeconds)),
            ("storageBytes", last is null ? Value.Null : Value.FromInteger(last.Gauges.StorageBytes)),
            ("documents", last is null ? Value.Null : Value.FromInteger(last.Gauges.Documents)),
            ("requestsPerSecond", last is null ? Value.Null : Value.FromDouble(last.PerSecond(last.Traffic.Requests))),
            ("links", ObjectValue.List((services.Network?.Links ?? []).Select(link => Describe(services, link, fabrics)))),
            ("events", ObjectValue.List((services.Timeline?.Events ?? []).Select(Describe))));
    }

    private static Value Describe(ServerServices services, PeerLink link, IReadOnlyList<FabricLinks> fabrics)
    {
        var ofFabrics = fabrics.SelectMany(fabric => fabric.Links).Where(status => status.Peer == link.Region).ToList();
        var roundTrip = ofFabrics.Min(status => status.RoundTrip);
        var isKnown = ofFabrics.Exists(status => status.RecordsBehind is not null);
        return ObjectValue.Of(
            ("from", Value.FromString(services.Region)),
            ("to", Value.FromString(link.Name)),
            ("isConnected", Value.FromBoolean(link.IsConnected)),
            ("isCut", Value.FromBoolean(link.Fault.IsCut)),
            ("delayMilliseconds", Value.FromInteger((long)link.Fault.OneWayDelay.TotalMilliseconds)),
            ("roundTripMilliseconds", link.IsConnected && roundTrip is { } time ? Value.FromDouble(Math.Round(time.TotalMilliseconds, 2)) : Value.Null),
            ("lagMilliseconds", RegionValue.Lag(services, link.Region)),
            ("recordsBehind", isKnown ? Value.FromInteger(ofFabrics.Sum(status => (long)(status.RecordsBehind ?? 0))) : Value.Null));
    }

    private static Value Describe(RegionMoment moment, DateTimeOffset now) => ObjectValue.Of(
        ("ago", Ago(moment.At, now)),
        ("readiness", Value.FromString(StateOf(moment.Readiness))),
        ("outOfService", ObjectValue.Strings(moment.OutOfService)),
        ("links", ObjectValue.List(moment.Links.Select(link => ObjectValue.Of(
            ("to", Value.FromString(link.Peer)),
            ("isConnected", Value.FromBoolean(link.IsConnected)),
            ("isCut", Value.FromBoolean(link.IsCut)),
            ("delayMilliseconds", Value.FromInteger((long)link.Delay.TotalMilliseconds)),
            ("lagMilliseconds", link.Lag is { } lag ? Value.FromInteger((long)lag.TotalMilliseconds) : Value.Null))))));

    private static Value Ago(DateTimeOffset at, DateTimeOffset now) => Value.FromInteger((long)(now - at).TotalMilliseconds);

    private static Value Describe(RegionEvent told) => ObjectValue.Of(
        ("at", TimeValue.Of(told.At)),
        ("region", Value.FromString(told.Region)),
        ("peer", told.Peer is null ? Value.Null : Value.FromString(told.Peer)),
        ("kind", Value.FromString(told.Kind)),
        ("text", Value.FromString(told.Text)));

    private static string StateOf(RegionReadiness readiness) => readiness switch
    {
        RegionReadiness.Ready => "up",
        RegionReadiness.CatchingUp => "catchingUp",
        _ => "readOnly",
    };
}
