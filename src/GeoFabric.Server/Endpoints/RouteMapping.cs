using GeoFabric.Server.Consistency;
using GeoFabric.Server.Tenancy;

namespace GeoFabric.Server.Endpoints;

/// <summary>Turns the route tables into endpoints. A handler gets the request as it is: nothing is bound or filtered by reflection.</summary>
internal static class RouteMapping
{
    // The resolver has run before any route: below a fabric it leaves the request, elsewhere the path.
    public static void MapRoutes(this IEndpointRouteBuilder endpoints, ServerServices services)
    {
        foreach (var route in RouteTables.All)
        {
            RequestDelegate run = route.Scope switch
            {
                RouteScope.Open => http => route.Handler(new ApiRequest(http, services, null, null, null)),
                RouteScope.Tenant => http => RunForTenantAsync(http, services, route),
                _ => http => RunForFabricAsync(http.Features.Get<ApiRequest>()!, route),
            };
            endpoints.MapMethods(route.CanonicalPattern, [route.Method], run).WithMetadata(route).WithDisplayName($"{route.Method} {route.FullPattern}");
        }
    }

    private static async Task RunForTenantAsync(HttpContext http, ServerServices services, ApiRoute route)
    {
        var principal = await services.Authenticator.AuthenticateAsync(http);
        FabricResolver.DemandTenant(principal, http.Features.Get<RequestPath>()!);
        var request = new ApiRequest(http, services, principal, null, null);
        if (route.Placement != RoutePlacement.Home || await request.AdmitAtHomeAsync())
            await route.Handler(request);
    }

    private static Task RunForFabricAsync(ApiRequest request, ApiRoute route)
    {
        if (request.Http.Request.Headers.ContainsKey(RegionForwarder.RegionHeader))
            return RunWhereChosenAsync(request, route);
        return RunHereAsync(request, route);
    }

    private static async Task RunWhereChosenAsync(ApiRequest request, ApiRoute route)
    {
        if (!await request.Services.Placement.TryForwardToChosenAsync(request.Http))
            await RunHereAsync(request, route);
    }

    private static Task RunHereAsync(ApiRequest request, ApiRoute route)
    {
        request.Services.Placement.DemandService();
        return NamedRequests.Concerns(request, route) ? NamedRequests.RunAsync(request, route, () => PlaceAsync(request, route)) : PlaceAsync(request, route);
    }

    private static Task PlaceAsync(ApiRequest request, ApiRoute route) => route.Placement switch
    {
        RoutePlacement.ReadsCollection => RunOnCollectionAsync(request, route.Handler, isWrite: false),
        RoutePlacement.WritesCollection => RunOnCollectionAsync(request, route.Handler, isWrite: true),
        RoutePlacement.Home => RunAtHomeAsync(request, route.Handler),
        _ => route.Handler(request),
    };

    private static Task RunOnCollectionAsync(ApiRequest request, RouteHandler handler, bool isWrite)
    {
        var asked = RequestConsistency.Read(request.Http.Request);
        if (!request.Services.Placement.Concerns(request.Fabric, asked))
            return handler(request);
        var name = request.Http.Request.RouteValues.TryGetValue("collection", out var inPath) ? (string)inPath! : request.Text("collection");
        // One that does not exist is the handler's to report.
        return name is not null && request.Fabric.Catalog.TryGetCollection(name, out var collection)
            ? RunAsync()
            : handler(request);

        async Task RunAsync()
        {
            if (await request.Services.Placement.AdmitAsync(request.Http, request.Fabric, asked, [new CollectionAccess(collection, isWrite)]))
                await handler(request);
        }
    }

    private static async Task RunAtHomeAsync(ApiRequest request, RouteHandler handler)
    {
        if (await request.AdmitAtHomeAsync())
            await handler(request);
    }
}
