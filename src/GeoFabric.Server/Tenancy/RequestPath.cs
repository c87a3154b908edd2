using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Tenancy;

/// <summary>
/// The many URL forms of the contract brought to one. A path may begin with <c>/_tenant/T</c>, go on with <c>/_fabric/F</c>, then with <c>_api</c> or
/// <c>_admin</c> or neither; slashes may repeat and one may trail.
/// </summary>
/// <param name="Tenant">Tenant named by the path, or null.</param>
/// <param name="Fabric">Fabric named by the path, or null for tenant-level calls.</param>
/// <param name="Canonical">The path that routes are written for.</param>
public readonly record struct RequestPath(string? Tenant, string? Fabric, string Canonical)
{
    /// <summary>Stands for the tenant in canonical paths whose request did not name one.</summary>
    public const string AnyTenant = "-";

    public static RequestPath Parse(string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        var next = 0;
        string? tenant = null;
        string? fabric = null;
        if (segments.Length > 1 && segments[0] == "_tenant")
        {
            tenant = segments[1];
            next = 2;
        }
        if (segments.Length > next + 1 && segments[next] == "_fabric")
        {
            fabric = segments[next + 1];
            next += 2;
            if (segments.Length > next && (segments[next] is "_api" or "_admin"))
                next++;
        }
        foreach (var segment in segments.AsSpan(next))
        {
            if (segment is "." or "..")
                throw ErrorCodes.BadRequest.With("the path holds '.' or '..'");
        }
        var rest = string.Join('/', segments[next..]);
        if (fabric is null)
            return new RequestPath(tenant, null, "/" + rest);
        return new RequestPath(tenant, fabric, $"/_tenant/{tenant ?? AnyTenant}/_fabric/{fabric}/_api/{rest}");
    }
}
