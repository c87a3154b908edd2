using System.Globalization;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Datacenters;

/// <summary>The regions as clients of the contract ask for them; more about them is under <c>/_api/region</c>.</summary>
internal static class DataCenterEndpoints
{
    private const string Tag = "Data Centers";

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/datacenter/all", request => ResultWriter.WriteAsync(request.Http, 200, DescribeAll(request)), "listDataCenters", "List regions", Tag, RouteScope.Tenant),
        new("GET", "/datacenter/local", request => ResultWriter.WriteAsync(request.Http, 200, ObjectValue.Of(Describe(request, Local(request)))), "readLocalDataCenter", "Read this region", Tag, RouteScope.Tenant),
        new("GET", "/datacenter/_tenant/{name}", ReadOfTenantAsync, "listDataCentersOfTenant", "List the regions of a tenant", Tag, RouteScope.Tenant),
        new("GET", "/datacenter/{name}", ReadAsync, "readDataCenter", "Read a region by name", Tag, RouteScope.Tenant),
        new("PUT", "/_api/datacenter/{name}/{isSpot}", ChangeSpotAsync, "changeDataCenterSpot", "Say whether a region may lead strong writes", Tag, RouteScope.Tenant)
        { Placement = RoutePlacement.Home },
        new("GET", "/_api/members", ListMembersAsync, "listMembers", "List the regions with their places", Tag, RouteScope.Tenant),
    ];

    /// <summary>The region of this server; a server on its own counts as one.</summary>
    public static ClusterRegion Local(ApiRequest request) =>
        request.Services.Databases.Catalog.Cluster?.Regions[request.Services.Databases.Region.Id]
        ?? ClusterRegion.Of(request.Services.Databases.Region.Id, request.Services.Databases.Region.Name) with { IsSpot = false, Place = RegionPlace.Unknown with { City = request.Services.Region } };

    /// <summary>All members, in the order of their numbers.</summary>
    public static IEnumerable<ClusterRegion> Members(ApiRequest request) => request.Services.Databases.Catalog.Cluster?.Members ?? [Local(request)];

    private static Value DescribeAll(ApiRequest request) => ObjectValue.List(Members(request).Select(region => ObjectValue.Of(Describe(request, region))));

    private static Task ReadAsync(ApiRequest request)
    {
        var region = Members(request).FirstOrDefault(member => member.Name.Text == request.Path("name")) ?? throw ErrorCodes.DatacenterNotFound.With(request.Path("name"));
        return ResultWriter.WriteAsync(request.Http, 200, ObjectValue.Of(Describe(request, region).Where(attribute => attribute.Name is not ("_key" or "host" or "spot_region"))));
    }

    private static Task ReadOfTenantAsync(ApiRequest request)
    {
        var name = request.Path("name");
        // Other tenants do not exist for whoever does not administer them.
        var isKnown = name == request.Tenant.Text
            || (request.Principal.IsServerAdministrator && TenantName.TryParse(name, out var tenant) && request.Services.Databases.Catalog.TryGetTenant(tenant, out _));
        return isKnown
            ? ResultWriter.WriteAsync(request.Http, 200, Value.FromList([ObjectValue.Of(("tenant", Value.FromString(name)), ("dcInfo", DescribeAll(request)))]))
            : throw ErrorCodes.NotFound.With($"tenant '{name}'");
    }

    private static async Task ChangeSpotAsync(ApiRequest request)
    {
        if (!request.Principal.IsServerAdministrator)
            throw ErrorCodes.PermissionDenied.With("only root of tenant '_mm' administers regions");
        var isSpot = request.Path("isSpot") switch
        {
            "true" => true,
            "false" => false,
            var other => throw ErrorCodes.BadParameter.With($"'{other}' is neither true nor false"),
        };
        await request.Services.Membership.DescribeAsync(request.Path("name"), region => region with { IsSpot = isSpot }, request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", Value.True));
    }

    private static Task ListMembersAsync(ApiRequest request) => ResultWriter.WriteAsync(request.Http, 200, ObjectValue.List(Members(request).Select(region =>
        ObjectValue.Of(
        [
            ("_key", Value.FromString(region.Name.Text)),
            ("host", Value.FromString(HostOf(request, region).Split(':')[0])),
            ("status", Status(region)),
            .. Place(request, region),
        ]))));

    private static IEnumerable<(string Name, Value Value)> Describe(ApiRequest request, ClusterRegion region)
    {
        var name = Value.FromString(region.Name.Text);
        var url = HostOf(request, region);
        return
        [
            ("_key", name),
            ("host", Value.FromString(url.Split(':')[0])),
            ("local", Value.FromBoolean(region.Id == request.Services.Databases.Region.Id)),
            ("name", name),
            ("spot_region", Value.FromBoolean(region.IsSpot)),
            ("status", Status(region)),
            ("tags", ObjectValue.Of(("api", Value.FromString("api-" + url)), ("url", Value.FromString(url)))),
            ("locationInfo", ObjectValue.Of(Place(request, region))),
        ];
    }

    private static IEnumerable<(string, Value)> Place(ApiRequest request, ClusterRegion region) =>
    [
        ("city", Value.FromString(region.Place.City.Length > 0 ? region.Place.City : region.DisplayName)),
        ("countrycode", Value.FromString(region.Place.CountryCode)),
        ("countryname", Value.FromString(region.Place.Country)),
        ("latitude", Value.FromString(region.Place.Latitude.ToString(CultureInfo.InvariantCulture))),
        ("longitude", Value.FromString(region.Place.Longitude.ToString(CultureInfo.InvariantCulture))),
        ("url", Value.FromString(HostOf(request, region))),
    ];

    /// <summary>0 for a region in service, as clients expect it.</summary>
    private static Value Status(ClusterRegion region) => Value.FromInteger(region.State == RegionState.Live ? 0 : 1);

    /// <summary>Host and port without a scheme, as clients put them together: for this region what the client itself used, so that it works through any proxy.</summary>
    private static string HostOf(ApiRequest request, ClusterRegion region)
    {
        if (region.Id != request.Services.Databases.Region.Id && Uri.TryCreate(region.PublicUrl, UriKind.Absolute, out var url))
            return url.Authority;
        var host = request.Http.Request.Host.Value ?? "";
        return host.StartsWith("api-", StringComparison.Ordinal) ? host[4..] : host;
    }
}
