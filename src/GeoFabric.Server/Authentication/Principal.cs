using GeoFabric.Primitives.Names;

namespace GeoFabric.Server.Authentication;

/// <summary>Who is calling. Rights in a fabric are derived from it in one place, <see cref="Authenticator.ScopeFor"/>.</summary>
internal sealed record Principal(TenantName Tenant, string UserName)
{
    /// <summary>Root of the root tenant administers all tenants.</summary>
    public bool IsServerAdministrator => Tenant == TenantName.Root && UserName == "root";
}
