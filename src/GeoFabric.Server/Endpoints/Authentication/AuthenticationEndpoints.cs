using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Authentication;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Authentication;

/// <summary>Logging in.</summary>
internal static class AuthenticationEndpoints
{
    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("POST", "/_open/auth", LogInAsync, "logIn", "Log in and get a bearer token", "Authentication", RouteScope.Open)
        { BodyExample = """{"tenant":"_mm","username":"root","password":""}""" },
    ];

    private static async Task LogInAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var tenantText = body.Text("tenant"u8);
        var name = body.Text("username"u8) ?? body.Text("email"u8);
        var password = body.Text("password"u8);
        if (string.IsNullOrEmpty(name) || password is null)
            throw ErrorCodes.Forbidden.With("send {email, password} or {tenant, username, password}");
        TenantName? tenant = null;
        if (!string.IsNullOrEmpty(tenantText) && !TenantName.TryParse(tenantText, out tenant))
            throw ErrorCodes.Forbidden.Create();
        if (tenant is null && !name.Contains('@'))
            tenant = TenantName.Root;
        var authenticator = request.Services.Authenticator;
        var principal = await authenticator.LogInAsync(tenant, name, password, Authenticator.AddressOf(request.Http), request.Aborted);
        await ResultWriter.WriteAsync(request.Http, 200, ObjectValue.Of(
            ("jwt", Value.FromString(authenticator.IssueToken(principal))),
            ("tenant", Value.FromString(principal.Tenant.Text)),
            ("username", Value.FromString(principal.UserName))));
    }
}
