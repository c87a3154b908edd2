using GeoFabric.Database;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Server.Authentication;
using GeoFabric.Server.Endpoints;
using GeoFabric.Server.Tenancy;

namespace GeoFabric.Server.Hosting;

/// <summary>What every request passes before its handler: headers, one form of path, caller, fabric.</summary>
internal static class RequestPipeline
{
    /// <summary>Adds the headers every answer carries, and refuses requests that mean two things.</summary>
    public static async Task AddHeadersAsync(HttpContext http, ServerServices services, Func<Task> next)
    {
        var started = services.Clock.GetTimestamp();
        http.Response.OnStarting(static state =>
        {
            var (http, services, started) = ((HttpContext, ServerServices, long))state;
            var headers = http.Response.Headers;
            headers["x-gdn-region"] = services.Options.Region;
            headers["x-gdn-requestid"] = http.TraceIdentifier;
            headers["x-gdn-responsetime"] = ((long)services.Clock.GetElapsedTime(started).TotalMilliseconds).ToString(System.Globalization.CultureInfo.InvariantCulture);
            headers["access-control-expose-headers"] = "x-gdn-region, x-gdn-requestid, x-gdn-responsetime";
            headers.XContentTypeOptions = "nosniff";
            return Task.CompletedTask;
        }, (http, services, started));
        await next();
    }

    /// <summary>Brings the path to the form routes are written for.</summary>
    public static Task NormalisePathAsync(HttpContext http, Func<Task> next)
    {
        // Kestrel takes such a request as chunked and keeps the length under this name; two lengths are an attack on what stands in front.
        if (http.Request.Headers.ContainsKey("X-Content-Length") || (http.Request.Headers.TransferEncoding.Count > 0 && http.Request.Headers.ContentLength is not null))
            throw ErrorCodes.BadRequest.With("the request has both Content-Length and Transfer-Encoding");
        var path = RequestPath.Parse(http.Request.Path.Value ?? "/");
        http.Request.Path = path.Canonical;
        http.Items[typeof(RequestPath)] = path;
        return next();
    }

    /// <summary>The handler of a route as ASP.NET runs it.</summary>
    public static RequestDelegate ToDelegate(ApiRoute route, ServerServices services) => async http =>
    {
        if (route.Scope == RouteScope.Open)
        {
            await route.Handler(new ApiRequest(http, services, null, null, null));
            return;
        }
        var address = http.Connection.RemoteIpAddress?.ToString() ?? "";
        var principal = await services.Authenticator.AuthenticateAsync(http.Request.Headers.Authorization, address, http.RequestAborted);
        var path = (RequestPath)http.Items[typeof(RequestPath)]!;
        if (path.Tenant is not null and not RequestPath.AnyTenant && path.Tenant != principal.Tenant.Text)
            throw ErrorCodes.AccessDenied.With($"the token is one of tenant '{principal.Tenant}', not of '{path.Tenant}'");
        if (route.Scope == RouteScope.Tenant)
        {
            await route.Handler(new ApiRequest(http, services, principal, null, null));
            return;
        }
        var fabric = FindFabric(services, principal, path.Fabric!);
        await route.Handler(new ApiRequest(http, services, principal, fabric, Authenticator.ScopeFor(principal, fabric)));
    };

    private static FabricDatabase FindFabric(ServerServices services, Principal principal, string name) =>
        FabricName.TryParse(name, out var fabricName) && services.Databases.TryGetFabric(principal.Tenant, fabricName, out var fabric)
            ? fabric
            : throw ErrorCodes.FabricNotFound.With(name);
}
