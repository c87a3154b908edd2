using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Server.Authentication;
using GeoFabric.Server.Tenancy;

namespace GeoFabric.Server.Endpoints;

/// <summary>
/// Brings every accepted URL form to the one that routes are written for and, below a fabric, finds out who calls and whether the fabric exists,
/// so that unknown fabrics answer alike whatever follows them.
/// </summary>
internal sealed class FabricResolver(RequestDelegate next, ServerServices services)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var path = RequestPath.Parse(http.Request.Path.Value ?? "/");
        // Made by its constructor: the conversion from a string would decode a second time.
        http.Request.Path = new PathString(path.Canonical);
        if (path.Fabric is null)
        {
            http.Features.Set(path);
        }
        else
        {
            var principal = await services.Authenticator.AuthenticateAsync(http);
            DemandTenant(principal, path);
            if (!FabricName.TryParse(path.Fabric, out var name) || !services.Databases.TryGetFabric(principal.Tenant, name, out var fabric))
                throw ErrorCodes.FabricNotFound.With($"'{Shorten(path.Fabric)}'");
            http.Features.Set(new ApiRequest(http, services, principal, fabric, Authenticator.ScopeFor(principal, fabric)));
        }
        await next(http);
    }

    /// <exception cref="GeoFabricException">11 with status 403 when the path names a tenant the caller may not use.</exception>
    public static void DemandTenant(Principal principal, RequestPath path)
    {
        if (path.Tenant is not null && path.Tenant != principal.Tenant.Text)
            throw ErrorCodes.AccessDenied.With($"the credentials of tenant '{principal.Tenant}' do not open tenant '{Shorten(path.Tenant)}'");
    }

    private static string Shorten(string text) => text.Length <= 64 ? text : text[..64] + "...";
}
