using System.Net;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Cluster;
using GeoFabric.Server.Consistency;
using GeoFabric.Server.Http;
using GeoFabric.Server.Options;
using GeoFabric.Server.Transport;

namespace GeoFabric.Server.Endpoints.Regions;

/// <summary>The regions of the cluster, for root of the root tenant. What <c>geofabric region</c> talks to.</summary>
internal static class RegionEndpoints
{
    private const string Tag = "Regions";
    private const string Description = """{"displayName":"Ireland","city":"Dublin","countryCode":"IE","country":"Ireland","latitude":53.35,"longitude":-6.26,"isSpot":true}""";
    private const string Disturbance = """{"delayMilliseconds":40,"isCut":false}""";
    private static readonly TimeSpan s_closeMax = TimeSpan.FromSeconds(10);

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/_api/region", ListAsync, "listRegions", "List the regions with their links", Tag, RouteScope.Tenant),
        new("POST", "/_api/region", AdmitAsync, "addRegion", "Admit a region; the answer holds its join file, which is secret", Tag, RouteScope.Tenant)
        { BodyExample = """{"name":"eu-west","city":"Dublin","countryCode":"IE","country":"Ireland","latitude":53.35,"longitude":-6.26}""", SuccessStatus = 201 },
        new("POST", "/_api/region/{name}/certificate", ReissueAsync, "reissueRegionCertificate", "Make another join file for a member; its old certificate ends", Tag, RouteScope.Tenant)
        { SuccessStatus = 201 },
        new("PATCH", "/_api/region/{name}", DescribeAsync, "describeRegion", "Change what is said about a region", Tag, RouteScope.Tenant)
        { BodyExample = Description, Placement = RoutePlacement.Home },
        new("POST", "/_api/region/{name}/fail", request => ChangeAsync(request, request.Services.Membership.FailAsync), "failRegion", "Take a region out of service", Tag, RouteScope.Tenant)
        { Placement = RoutePlacement.Home },
        new("POST", "/_api/region/{name}/heal", request => ChangeAsync(request, request.Services.Membership.HealAsync), "healRegion", "Take a region back into service", Tag, RouteScope.Tenant)
        { Placement = RoutePlacement.Home },
        new("POST", "/_api/region/{name}/promote", PromoteAsync, "promoteRegion", "Make a region the home", Tag, RouteScope.Tenant)
        { Query = [new("force", "true: ask the region itself to take over although the home cannot hand over; what the home had not sent yet is merged when it comes back")] },
        new("DELETE", "/_api/region/{name}", RemoveAsync, "removeRegion", "End a region's membership", Tag, RouteScope.Tenant)
        { Placement = RoutePlacement.Home, Query = [new("isGone", "true: the region cannot be asked any more; the others lack what only it holds until it is salvaged")] },
        new("POST", "/_api/region-group", AddGroupAsync, "addRegionGroup", "Name a set of regions that collections can be kept in; it never changes", Tag, RouteScope.Tenant)
        { BodyExample = """{"name":"europe","regions":["eu-west"]}""", SuccessStatus = 201, Placement = RoutePlacement.Home },
        new("PUT", "/_api/region/{name}/link", DisturbAsync, "disturbRegionLink", "Delay or cut this region's link to another one; in demonstrations only", Tag, RouteScope.Tenant)
        { BodyExample = Disturbance },
        new("PUT", "/_api/region/{from}/link/{to}", DisturbAnyAsync, "changeRegionLinkBetween", "Delay or cut the link from one region to another one; in demonstrations only", Tag, RouteScope.Tenant)
        { BodyExample = Disturbance },
    ];

    private static Task ListAsync(ApiRequest request)
    {
        Demand(request);
        var services = request.Services;
        var cluster = services.Membership.Cluster;
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.Of(
            ("cluster", Value.FromString(cluster.ClusterId)),
            ("epoch", Value.FromString(cluster.Epoch.ToString())),
            ("catalogVersion", Value.FromInteger(services.Databases.Catalog.Version)),
            ("home", Value.FromString(cluster.HomeRegion.Name.Text)),
            ("self", Value.FromString(services.Region)),
            ("regions", ObjectValue.List(cluster.Regions.Values.Select(region => RegionValue.Describe(services, cluster, region)))),
            ("groups", ObjectValue.Of(cluster.Groups.Select(group => (group.Key, RegionValue.Names(cluster, group.Value))))),
            ("refusals", ObjectValue.Of((services.Network?.Counters.Refusals ?? new Dictionary<string, long>())
                .OrderBy(refusal => refusal.Key, StringComparer.Ordinal).Select(refusal => (refusal.Key, Value.FromInteger(refusal.Value))))))));
    }

    private static async Task AdmitAsync(ApiRequest request)
    {
        Demand(request);
        DemandSecrecy(request);
        var body = await request.ReadObjectAsync();
        var name = RegionName.Parse(body.Text("name"u8));
        var admission = await request.Services.Membership.AdmitAsync(name, region => Describe(region, body), request.Aborted);
        await AnswerAsync(request, admission);
    }

    private static async Task ReissueAsync(ApiRequest request)
    {
        Demand(request);
        DemandSecrecy(request);
        await AnswerAsync(request, await request.Services.Membership.ReissueAsync(request.Path("name"), request.Aborted));
    }

    private static async Task DescribeAsync(ApiRequest request)
    {
        Demand(request);
        var body = await request.ReadObjectAsync();
        await request.Services.Membership.DescribeAsync(request.Path("name"), region => Describe(region, body), request.Aborted);
        await AnswerAsync(request);
    }

    private static async Task ChangeAsync(ApiRequest request, Func<string, CancellationToken, Task> change)
    {
        Demand(request);
        await change(request.Path("name"), request.Aborted);
        await AnswerAsync(request);
    }

    private static async Task PromoteAsync(ApiRequest request)
    {
        Demand(request);
        var services = request.Services;
        var name = request.Path("name");
        if (request.Flag("force"))
        {
            if (name != services.Region)
                throw ErrorCodes.BadParameter.With($"a region takes over by itself: ask '{name}', this is '{services.Region}'");
            // What any member knows that the old home had told it must not be forgotten.
            var silent = services.Network is { } network ? await network.CollectCatalogsAsync(request.Aborted) : [];
            await services.Membership.PromoteAsync(name, request.Aborted);
            await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", DescribeNow(request)), ("silent", ObjectValue.Strings(silent)));
            return;
        }
        if (!await request.AdmitAtHomeAsync())
            return;
        var cluster = services.Membership.Cluster;
        var target = cluster.GetRegion(name);
        // Refuses what cannot be before anything is held off for it.
        cluster.Promote(name);
        var led = services.Databases.Catalog.AllFabrics.Where(fabric => RequestPlacement.HomeOf(cluster, fabric).Id == cluster.Home && fabric.Options.SpotRegion.Length == 0);
        await services.Leadership.HandOverAsync([.. led.Select(fabric => fabric.Id)], target, cancellation => services.Membership.PromoteAsync(name, cancellation), request.Aborted);
        await AnswerAsync(request);
    }

    private static async Task RemoveAsync(ApiRequest request)
    {
        Demand(request);
        var services = request.Services;
        var name = request.Path("name");
        var isGone = request.Flag("isGone");
        // Refuses what cannot be before anything is held off for it.
        services.Membership.Cluster.Freeze(name);
        var region = services.Membership.Cluster.GetRegion(name);
        var missing = $"'{services.Region}' has not got yet what '{name}' may have the last copy of";
        using var timeout = new CancellationTokenSource(s_closeMax, services.Clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, request.Aborted);
        try
        {
            if (!isGone && !region.IsFrozen)
            {
                if (services.Network is { } network)
                    await network.AskToLeaveAsync(name, s_closeMax, request.Aborted);
                await services.Replication.TakeOverAsync(region.Id, both.Token);
            }
            await services.Membership.FreezeAsync(name, request.Aborted);
            missing = $"'{name}' writes nothing any more, but not all members have said yet what they hold of it";
            var ends = await services.Replication.CloseAsync(region.Id, isGone, both.Token);
            await services.Membership.RemoveAsync(name, ends, request.Aborted);
        }
        catch (OperationCanceledException) when (!request.Aborted.IsCancellationRequested)
        {
            throw ErrorCodes.RegionUnavailable.With($"{missing}; try again when they are linked, with isGone=true if '{name}' itself is lost");
        }
        await AnswerAsync(request);
    }

    private static async Task AddGroupAsync(ApiRequest request)
    {
        Demand(request);
        var body = await request.ReadObjectAsync();
        var name = body.Text("name"u8) ?? throw ErrorCodes.IllegalName.With("'name' is missing");
        await request.Services.Membership.AddGroupAsync(name, body.Texts("regions"u8) ?? [], request.Aborted);
        var cluster = request.Services.Membership.Cluster;
        await ResultWriter.WriteEnvelopeAsync(
            request.Http, 201, ("result", ObjectValue.Of(("name", Value.FromString(name)), ("regions", RegionValue.Names(cluster, cluster.Groups[name])))));
    }

    private static async Task DisturbAsync(ApiRequest request)
    {
        Demand(request);
        DemandNetwork(request).Disturb(request.Path("name"), await ReadDisturbanceAsync(request));
        await AnswerAsync(request);
    }

    private static async Task DisturbAnyAsync(ApiRequest request)
    {
        Demand(request);
        var network = DemandNetwork(request);
        var disturbance = await ReadDisturbanceAsync(request);
        if (request.Path("from") == request.Services.Region)
            network.Disturb(request.Path("to"), disturbance);
        else
            await network.DisturbAtAsync(request.Path("from"), request.Path("to"), disturbance, request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", DescribeNow(request, request.Path("to"))));
    }

    private static PeerNetwork DemandNetwork(ApiRequest request) =>
        request.Services is { Options.Peers.AllowsFaults: true, Network: { } network } ? network : throw ErrorCodes.AccessDenied.With("links are disturbed in demonstrations only");

    private static async Task<LinkDisturbance> ReadDisturbanceAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        return new LinkDisturbance(body.Integer("delayMilliseconds"u8, 0, (long)PeerOptions.LinkDelayMax.TotalMilliseconds), body.Boolean("isCut"u8));
    }

    private static Task AnswerAsync(ApiRequest request, AdmissionFile admission)
    {
        AnswerCompression.Refuse(request.Http.Response);
        return ResultWriter.WriteEnvelopeAsync(
            request.Http, 201, ("result", DescribeNow(request, admission.Region.Name.Text)), ("joinFile", Value.FromString(admission.Write())));
    }

    private static Task AnswerAsync(ApiRequest request) => ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", DescribeNow(request)));

    private static Value DescribeNow(ApiRequest request, string? name = null)
    {
        var cluster = request.Services.Membership.Cluster;
        return RegionValue.Describe(request.Services, cluster, cluster.GetRegion(name ?? request.Path("name")));
    }

    private static ClusterRegion Describe(ClusterRegion region, RequestFields body) => region with
    {
        DisplayName = body.Text("displayName"u8) ?? region.DisplayName,
        IsSpot = body.Boolean("isSpot"u8, region.IsSpot),
        Place = new RegionPlace(
            body.Text("city"u8) ?? region.Place.City,
            body.Text("countryCode"u8) ?? region.Place.CountryCode,
            body.Text("country"u8) ?? region.Place.Country,
            ReadDegrees(body, "latitude"u8, 90) ?? region.Place.Latitude,
            ReadDegrees(body, "longitude"u8, 180) ?? region.Place.Longitude),
    };

    private static double? ReadDegrees(RequestFields body, ReadOnlySpan<byte> name, double most) => body.Number(name) is not { } degrees
        ? null
        : Math.Abs(degrees) <= most
            ? degrees
            : throw ErrorCodes.BadParameter.With($"attribute '{System.Text.Encoding.UTF8.GetString(name)}' is {degrees}; it takes degrees from -{most} to {most}");

    public static void Demand(ApiRequest request)
    {
        if (!request.Principal.IsServerAdministrator)
            throw ErrorCodes.PermissionDenied.With("only root of tenant '_mm' administers regions");
    }

    /// <summary>A join file holds keys: it goes over TLS, or does not leave the machine.</summary>
    private static void DemandSecrecy(ApiRequest request)
    {
        if (!request.Http.Request.IsHttps && request.Http.Connection.RemoteIpAddress is { } address && !IPAddress.IsLoopback(address))
            throw ErrorCodes.AccessDenied.With("a join file holds keys; ask for it from the home region's own machine, or over https");
    }
}
