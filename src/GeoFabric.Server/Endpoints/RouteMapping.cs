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
                RouteScope.Tenant => http => RunForTenantAsync(http, services, route.Handler),
                _ => http => route.Handler(http.Features.Get<ApiRequest>()!),
            };
            endpoints.MapMethods(route.CanonicalPattern, [route.Method], run).WithMetadata(route).WithDisplayName($"{route.Method} {route.FullPattern}");
        }
    }

    private static async Task RunForTenantAsync(HttpContext http, ServerServices services, RouteHandler handler)
    {
        var principal = await services.Authenticator.AuthenticateAsync(http);
        FabricResolver.DemandTenant(principal, http.Features.Get<RequestPath>()!);
        await handler(new ApiRequest(http, services, principal, null, null));
    }
}
