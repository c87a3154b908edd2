using System.Buffers;
using System.Globalization;
using System.Text.Json;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Server.Cluster;
using Microsoft.AspNetCore.Http.Features;

namespace GeoFabric.Server.Transport;

internal delegate Task PeerRouteHandler(HttpContext http, ClusterRegion caller);

/// <summary>One thing regions ask of each other.</summary>
internal sealed record PeerRoute(string Method, string Pattern, PeerRouteHandler Handler);

/// <summary>What a demonstration does to a link; null leaves it as it is.</summary>
internal sealed record LinkDisturbance(long? DelayMilliseconds, bool? IsCut);

/// <summary>Where a region can be reached, as it says itself.</summary>
internal sealed record RegionAnnouncement(string PublicUrl, string PeerUrl);

/// <summary>What regions ask of each other beside the lanes of their links. The caller has been authenticated before any of it runs.</summary>
/// <param name="fault">What a demonstration does to the way to a region.</param>
/// <param name="tellStatus">What this region says about itself and its links, as JSON; with how they were during the last minutes when that is asked for.</param>
/// <param name="disturb">Delays or cuts the link to a region.</param>
/// <param name="leave">Prepares the removal of this region: ends when it writes nothing more and the others have all that it wrote.</param>
internal sealed class PeerRoutes(
    DatabaseHost databases, ClusterMembership membership, PeerAcceptor acceptor, CatalogGossip gossip, Func<ushort, PeerLinkFault> fault,
    Func<bool, Task<byte[]>> tellStatus, Action<string, LinkDisturbance> disturb, Func<CancellationToken, Task> leave)
{
    public const string CatalogPath = "/gfr/1/catalog";
    public const string AnnouncementPath = "/gfr/1/announcement";
    public const string StatusPath = "/gfr/1/status";

    /// <summary>Behind <see cref="StatusPath"/>; a region that does not know it leaves the history out.</summary>
    public const string HistoryQuery = "?history=true";


    public const string FaultPath = "/gfr/1/fault/";
    public const string CertificatePath = "/gfr/1/certificate";
    public const string LeavePath = "/gfr/1/leave";

    private const int SigningRequestLengthMax = 16 << 10;

    public IReadOnlyList<PeerRoute> Table =>
    [
        new("POST", "/gfr/1/link/{lane}", LinkAsync),
        new("GET", CatalogPath, SendCatalogAsync),
        new("PUT", CatalogPath, TakeCatalogAsync),
        new("PUT", AnnouncementPath, TakeAnnouncementAsync),
        new("POST", CertificatePath, RenewCertificateAsync),
        new("GET", StatusPath, SendStatusAsync),
        new("PUT", FaultPath + "{region}", TakeFaultAsync),
        new("POST", LeavePath, LeaveAsync),
    ];

    /// <exception cref="PeerRefusedException">The way between the two regions is cut.</exception>
    public Task HandleAsync(PeerRoute route, HttpContext http, ClusterRegion caller) => fault(caller.Id).IsCut
        ? throw new PeerRefusedException("cut", "the link is cut by a demonstration")
        : route.Handler(http, caller);

    private Task LinkAsync(HttpContext http, ClusterRegion caller)
    {
        if (http.Request.RouteValues["lane"] is not ("0" or "1"))
            throw new PeerRefusedException("lane", "a link has lanes 0 and 1");
        // A lane has no end, so its length has none.
        http.Features.Get<IHttpMaxRequestBodySizeFeature>()!.MaxRequestBodySize = null;
        return acceptor.ServeAsync(http, caller.Id, (string)http.Request.RouteValues["lane"]! == "0" ? PeerLane.Control : PeerLane.Bulk);
    }

    /// <summary>The catalog, when it is newer than the one the caller has.</summary>
    private Task SendCatalogAsync(HttpContext http, ClusterRegion caller)
    {
        var catalog = databases.Catalog;
        var own = CatalogPosition.Of(catalog);
        http.Response.Headers[CatalogGossip.PositionHeader] = own.ToString();
        if (!own.IsAfter(CatalogPosition.Parse(PeerAuthentication.Header(http, CatalogGossip.PositionHeader))))
        {
            http.Response.StatusCode = 204;
            return Task.CompletedTask;
        }
        var bytes = CatalogTransfer.Write(catalog);
        http.Response.ContentLength = bytes.Length;
        return http.Response.BodyWriter.WriteAsync(bytes, http.RequestAborted).AsTask();
    }

    private async Task TakeCatalogAsync(HttpContext http, ClusterRegion caller)
    {
        await gossip.TakeAsync(await ReadAsync(http, int.MaxValue), http.RequestAborted);
        http.Response.StatusCode = 204;
    }

    private async Task TakeAnnouncementAsync(HttpContext http, ClusterRegion caller)
    {
        RegionAnnouncement announcement;
        try
        {
            announcement = JsonSerializer.Deserialize<RegionAnnouncement>(await ReadAsync(http, SigningRequestLengthMax)) ?? throw new JsonException("null");
        }
        catch (JsonException error)
        {
            throw ErrorCodes.BadParameter.With("the announcement cannot be read", error);
        }
        await membership.DescribeAsync(
            caller.Name.Text, region => region with { PublicUrl = announcement.PublicUrl, PeerUrl = announcement.PeerUrl }, http.RequestAborted);
        http.Response.StatusCode = 204;
    }

    private async Task RenewCertificateAsync(HttpContext http, ClusterRegion caller)
    {
        var request = System.Text.Encoding.UTF8.GetString(await ReadAsync(http, SigningRequestLengthMax));
        var certificate = await membership.RenewCertificateAsync(caller.Name.Text, request, http.RequestAborted);
        await http.Response.WriteAsync(certificate, http.RequestAborted);
    }

    private async Task SendStatusAsync(HttpContext http, ClusterRegion caller) => await http.Response.BodyWriter.WriteAsync(
        await tellStatus(http.Request.QueryString.Value == HistoryQuery), http.RequestAborted);

    private async Task TakeFaultAsync(HttpContext http, ClusterRegion caller)
    {
        try
        {
            disturb((string)http.Request.RouteValues["region"]!, JsonSerializer.Deserialize<LinkDisturbance>(await ReadAsync(http, SigningRequestLengthMax)) ?? new LinkDisturbance(null, null));
        }
        catch (JsonException error)
        {
            throw ErrorCodes.BadParameter.With("the disturbance cannot be read", error);
        }
        http.Response.StatusCode = 204;
    }

    private async Task LeaveAsync(HttpContext http, ClusterRegion caller)
    {
        if (caller.Id != databases.Catalog.Cluster!.Home)
            throw ErrorCodes.RegionStateConflict.With($"only the home region removes others, and '{caller.Name}' is not the home");
        await leave(http.RequestAborted);
        http.Response.StatusCode = 204;
    }

    private static async Task<byte[]> ReadAsync(HttpContext http, int bytesMax)
    {
        var body = new ArrayBufferWriter<byte>();
        var buffer = new byte[16 << 10];
        while (await http.Request.Body.ReadAsync(buffer, http.RequestAborted) is var count and > 0)
        {
            if (body.WrittenCount + (long)count > bytesMax)
                throw ErrorCodes.BadParameter.With(string.Create(CultureInfo.InvariantCulture, $"more than {bytesMax} bytes"));
            body.Write(buffer.AsSpan(0, count));
        }
        return body.WrittenSpan.ToArray();
    }
}
