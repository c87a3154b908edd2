using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Datacenters;

/// <summary>The regions as clients ask for them: this one.</summary>
internal static class DataCenterEndpoints
{
    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/datacenter/all", request => ResultWriter.WriteAsync(request.Http, 200, Value.FromList([Describe(request)])), "listDataCenters", "List regions", "Data Centers", RouteScope.Tenant),
        new("GET", "/datacenter/local", request => ResultWriter.WriteAsync(request.Http, 200, Describe(request)), "readLocalDataCenter", "Read this region", "Data Centers", RouteScope.Tenant),
        new("GET", "/datacenter/_tenant/{name}", ReadOfTenantAsync, "listDataCentersOfTenant", "List the regions of a tenant", "Data Centers", RouteScope.Tenant),
        new("GET", "/datacenter/{name}", ReadAsync, "readDataCenter", "Read a region by name", "Data Centers", RouteScope.Tenant),
    ];

    private static Task ReadAsync(ApiRequest request) => request.Path("name") == request.Services.Options.Region
        ? ResultWriter.WriteAsync(request.Http, 200, ObjectValue.Of(DescribeAttributes(request).Where(attribute => attribute.Name is not ("_key" or "host" or "spot_region"))))
        : throw ErrorCodes.DatacenterNotFound.With(request.Path("name"));

    private static Task ReadOfTenantAsync(ApiRequest request)
    {
        var name = request.Path("name");
        // Other tenants do not exist for whoever does not administer them.
        var isKnown = name == request.Tenant.Text
            || (request.Principal.IsServerAdministrator && TenantName.TryParse(name, out var tenant) && request.Services.Databases.Catalog.TryGetTenant(tenant, out _));
        return isKnown
            ? ResultWriter.WriteAsync(request.Http, 200, Value.FromList([ObjectValue.Of(("tenant", Value.FromString(name)), ("dcInfo", Value.FromList([Describe(request)])))]))
            : throw ErrorCodes.NotFound.With($"tenant '{name}'");
    }

    private static Value Describe(ApiRequest request) => ObjectValue.Of(DescribeAttributes(request));

    private static IEnumerable<(string Name, Value Value)> DescribeAttributes(ApiRequest request)
    {
        var region = Value.FromString(request.Services.Options.Region);
        var host = request.Http.Request.Host.Value ?? "";
        var url = host.StartsWith("api-", StringComparison.Ordinal) ? host[4..] : host;
        return
        [
            ("_key", region),
            ("host", Value.FromString(request.Http.Request.Host.Host)),
            ("local", Value.True),
            ("name", region),
            ("spot_region", Value.False),
            ("status", Value.FromInteger(0)),
            ("tags", ObjectValue.Of(("api", Value.FromString("api-" + url)), ("url", Value.FromString(url)))),
            ("locationInfo", ObjectValue.Of(
                ("city", region),
                ("countrycode", Value.EmptyString),
                ("countryname", Value.EmptyString),
                ("latitude", Value.FromString("0")),
                ("longitude", Value.FromString("0")),
                ("url", Value.FromString(url)))),
        ];
    }
}
