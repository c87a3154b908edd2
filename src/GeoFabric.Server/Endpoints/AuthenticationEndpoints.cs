using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints;

/// <summary>Logging in.</summary>
public static class AuthenticationEndpoints
{
    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("POST", "/_open/auth", LogInAsync, "logIn", "Log in and get a bearer token", "Authentication", RouteScope.Open)
        {
            BodyExample = """{"tenant":"_mm","username":"root","password":""}""",
        },
    ];

    private static async Task LogInAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var email = ApiRequest.Member(body, "email"u8);
        var tenantText = ApiRequest.Member(body, "tenant"u8);
        var name = ApiRequest.Member(body, "username"u8) ?? email;
        var password = ApiRequest.Member(body, "password"u8);
        if (string.IsNullOrEmpty(name) || password is null)
            throw ErrorCodes.Forbidden.With("send {email, password} or {tenant, username, password}");
        TenantName? tenant = null;
        if (!string.IsNullOrEmpty(tenantText) && !TenantName.TryParse(tenantText, out tenant))
            throw ErrorCodes.Forbidden.Create();
        if (tenant is null && !name.Contains('@'))
            tenant = TenantName.Root;
        var address = request.Http.Connection.RemoteIpAddress?.ToString() ?? "";
        var principal = await request.Services.Authenticator.LogInAsync(tenant, name, password, address, request.Aborted);
        await ResultWriter.WriteAsync(request.Http, 200, ObjectValue.Of(
            ("jwt", Value.FromString(request.Services.Authenticator.IssueToken(principal))),
            ("tenant", Value.FromString(principal.Tenant.Text)),
            ("username", Value.FromString(principal.UserName))));
    }
}
