namespace GeoFabric.Server.Endpoints;

/// <summary>All routes of the server, group by group, in the order of the API document.</summary>
public static class RouteTables
{
    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        .. AuthenticationEndpoints.Table,
        .. TenantEndpoints.Table,
        .. FabricEndpoints.Table,
        .. DataCenterEndpoints.Table,
        .. CollectionEndpoints.Table,
        .. DocumentEndpoints.Table,
        .. IndexEndpoints.Table,
        .. QueryEndpoints.Table,
        .. RestqlEndpoints.Table,
        .. ServerEndpoints.Table,
    ];
}
