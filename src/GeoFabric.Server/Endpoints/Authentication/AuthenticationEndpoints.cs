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
        // Whatever is wrong with the form is one refusal, so that a login never answers anything but 401 and 429.
        var body = await request.ReadBodyAsync();
        var email = body.GetAttribute("email"u8);
        var userName = body.GetAttribute("username"u8);
        var name = userName.IsNull ? email : userName;
        var password = body.GetAttribute("password"u8);
        var tenantName = body.GetAttribute("tenant"u8);
        if (!name.IsString || name.Text.Length == 0 || !password.IsString || !(tenantName.IsString || tenantName.IsNull))
            throw IncompleteForm();
        TenantName? tenant = null;
        if (tenantName.IsString && tenantName.Text.Length > 0 && !TenantName.TryParse(tenantName.Text, out tenant))
            throw ErrorCodes.Forbidden.Create();
        var isAddress = name.Text.Contains('@');
        Principal principal;
        try
        {
            principal = await request.Services.Authenticator.LogInAsync(
                tenant is null && !isAddress ? TenantName.Root : tenant, name.Text, password.Text, Authenticator.AddressOf(request.Http), request.Aborted);
        }
        catch (GeoFabricException error) when (userName.IsNull && !isAddress && error.Code == ErrorCodes.WrongCredentials)
        {
            // An 'email' that is none is a wrong form rather than a wrong password, whether or not a user is called that.
            throw IncompleteForm();
        }
        await AnswerWithTokenAsync(request, principal);
    }

    public static Task AnswerWithTokenAsync(ApiRequest request, Principal principal)
    {
        AnswerCompression.Refuse(request.Http.Response);
        return ResultWriter.WriteAsync(request.Http, 200, ObjectValue.Of(
            ("jwt", Value.FromString(request.Services.Authenticator.IssueToken(principal))),
            ("tenant", Value.FromString(principal.Tenant.Text)),
            ("username", Value.FromString(principal.UserName))));
    }

    private static GeoFabricException IncompleteForm() => ErrorCodes.Forbidden.With("send {email, password} or {tenant, username, password}");
}
