using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Administration;

/// <summary>Tenants; for root of the root tenant.</summary>
internal static class TenantEndpoints
{
    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/_api/tenants", ListAsync, "listTenants", "List tenants", "Administration", RouteScope.Tenant),
        new("POST", "/_api/tenant", CreateAsync, "createTenant", "Create a tenant with its user root", "Administration", RouteScope.Tenant)
        { BodyExample = """{"email":"anna@example.com","passwd":"Secret-123","metadata":{}}""", SuccessStatus = 201, Placement = RoutePlacement.Home },
        new("GET", "/_api/tenant/{name}", ReadAsync, "readTenant", "Read a tenant", "Administration", RouteScope.Tenant),
        new("DELETE", "/_api/tenant/{name}", DropAsync, "dropTenant", "Drop a tenant with all its fabrics", "Administration", RouteScope.Tenant)
        { SuccessStatus = 202, Placement = RoutePlacement.Home },
    ];

    private static Task ListAsync(ApiRequest request)
    {
        Demand(request);
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.List(
            request.Services.Databases.Catalog.Tenants.Values.OrderBy(tenant => tenant.Name.Text, StringComparer.Ordinal).Select(Describe))));
    }

    private static async Task CreateAsync(ApiRequest request)
    {
        Demand(request);
        var body = await request.ReadObjectAsync();
        var email = body.Text("email"u8);
        var password = body.Text("passwd"u8);
        if (string.IsNullOrEmpty(email) || !email.Contains('@'))
            throw ErrorCodes.BadParameter.With("'email' must be an e-mail address");
        if (string.IsNullOrEmpty(password))
            throw ErrorCodes.BadParameter.With("'passwd' must be a password that is not empty");
        var name = TenantName.FromEmail(email);
        var hash = await request.Services.Passwords.HashAsync(password, request.Aborted);
        var tenant = await request.Services.Databases.CreateTenantAsync(name, email, body.Object("metadata"u8), request.Aborted);
        await request.Services.Databases.CreateUserAsync(name, "root", email, hash, cancellationToken: request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 201, ("tenant", Value.FromString(tenant.Name.Text)), ("result", Describe(tenant)));
    }

    private static Task ReadAsync(ApiRequest request)
    {
        var tenant = Find(request);
        if (tenant.Name != request.Principal.Tenant)
            Demand(request);
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", Describe(tenant)));
    }

    private static async Task DropAsync(ApiRequest request)
    {
        Demand(request);
        await request.Services.Databases.DropTenantAsync(Find(request).Name, request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 202, ("result", Value.True));
    }

    private static TenantRecord Find(ApiRequest request) =>
        TenantName.TryParse(request.Path("name"), out var name) && request.Services.Databases.Catalog.TryGetTenant(name, out var tenant)
            ? tenant
            : throw ErrorCodes.NotFound.With($"tenant '{request.Path("name")}'");

    private static void Demand(ApiRequest request)
    {
        if (!request.Principal.IsServerAdministrator)
            throw ErrorCodes.PermissionDenied.With("only root of tenant '_mm' administers tenants");
    }

    private static Value Describe(TenantRecord tenant) => ObjectValue.Of(
        ("tenant", Value.FromString(tenant.Name.Text)),
        ("email", Value.FromString(tenant.Email)),
        ("active", Value.FromBoolean(tenant.IsActive)),
        ("status", Value.FromString(tenant.IsActive ? "active" : "inactive")),
        ("dcList", Value.EmptyArray),
        ("metadata", tenant.Metadata.IsNull ? Value.EmptyObject : tenant.Metadata));
}
