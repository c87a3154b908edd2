using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Protocol;
using GeoFabric.Server.Consistency;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Regions;

/// <summary>How replication goes, fabric by fabric and link by link, for root of the root tenant: as JSON for people, as metrics for collectors.</summary>
internal static class LinkEndpoints
{
    private const string Tag = "Regions";

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/_api/replication/links", ListAsync, "listReplicationLinks", "Show how far each fabric's copy is behind each region, and what went over the links", Tag, RouteScope.Tenant),
        new("GET", "/metrics", WriteMetricsAsync, "readMetrics", "Read links, lag and refusals as metrics in the text format of Prometheus", "Administration", RouteScope.Tenant),
    ];

    private static async Task ListAsync(ApiRequest request)
    {
        Demand(request);
        var services = request.Services;
        var now = services.Clock.GetUtcNow();
        var fabrics = await services.Replication.ReadLinksAsync();
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.List(fabrics.Select(fabric => ObjectValue.Of(
            ("tenant", Value.FromString(fabric.Tenant)),
            ("fabric", Value.FromString(fabric.Fabric)),
            ("standing", Value.FromString(NameOf(fabric.Standing.ToString()))),
            ("stable", TimeValue.Of(fabric.Positions.Stable)),
            ("stableAgeMilliseconds", Age(fabric.Positions.Stable, now)),
            ("lastAlarm", fabric.LastAlarm is { } alarm ? Value.FromString(alarm) : Value.Null),
            ("links", ObjectValue.List(fabric.Links.Select(link => Describe(request, fabric, link, now)))))))));
    }

    private static async Task WriteMetricsAsync(ApiRequest request)
    {
        Demand(request);
        var services = request.Services;
        var text = MetricsText.Write(services, await services.Replication.ReadLinksAsync());
        request.Http.Response.ContentType = "text/plain; version=0.0.4; charset=utf-8";
        await request.Http.Response.WriteAsync(text, request.Aborted);
    }

    private static Value Describe(ApiRequest request, FabricLinks fabric, LinkStatus link, DateTimeOffset now) => ObjectValue.Of(
        ("region", Value.FromString(request.Services.Membership.NameOf(link.Peer))),
        ("isConnected", Value.FromBoolean(link.IsConnected)),
        ("isGreeted", Value.FromBoolean(link.IsGreeted)),
        ("appliedThrough", TimeValue.Of(fabric.Positions[link.Peer])),
        ("lagMilliseconds", Age(fabric.Positions[link.Peer], now)),
        ("recordsBehind", link.RecordsBehind is { } behind ? Value.FromInteger((long)behind) : Value.Null),
        ("roundTripMilliseconds", Milliseconds(link.RoundTrip)),
        ("clockOffsetMilliseconds", Milliseconds(link.ClockOffset)),
        ("connections", Value.FromInteger(link.Counters.Connections)),
        ("framesSent", Value.FromInteger(link.Counters.FramesSent)),
        ("framesReceived", Value.FromInteger(link.Counters.FramesReceived)),
        ("bytesSent", Value.FromInteger(link.Counters.BytesSent)),
        ("bytesReceived", Value.FromInteger(link.Counters.BytesReceived)),
        ("recordsSent", Value.FromInteger(link.Counters.RecordsSent)),
        ("recordsReceived", Value.FromInteger(link.Counters.RecordsReceived)),
        ("duplicates", Value.FromInteger(link.Counters.Duplicates)),
        ("pulls", Value.FromInteger(link.Counters.Pulls)),
        ("refused", ObjectValue.Of(Enum.GetValues<RefusalReason>().Where(reason => link.Counters.Refused(reason) > 0)
            .Select(reason => (NameOf(reason.ToString()), Value.FromInteger(link.Counters.Refused(reason)))))));

    private static Value Age(HybridTimestamp time, DateTimeOffset now) =>
        time == default ? Value.Null : Value.FromInteger((long)time.AgeAt(now).TotalMilliseconds);

    private static Value Milliseconds(TimeSpan? time) => time is { } value ? Value.FromDouble(Math.Round(value.TotalMilliseconds, 3)) : Value.Null;

    /// <summary>As JSON writes names.</summary>
    internal static string NameOf(string name) => char.ToLowerInvariant(name[0]) + name[1..];

    private static void Demand(ApiRequest request)
    {
        if (!request.Principal.IsServerAdministrator)
            throw ErrorCodes.PermissionDenied.With("only root of tenant '_mm' sees how replication goes");
    }
}
