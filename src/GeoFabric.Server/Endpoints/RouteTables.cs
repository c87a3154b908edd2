using GeoFabric.Server.Endpoints.Administration;
using GeoFabric.Server.Endpoints.Authentication;
using GeoFabric.Server.Endpoints.Collections;
using GeoFabric.Server.Endpoints.Datacenters;
using GeoFabric.Server.Endpoints.Documents;
using GeoFabric.Server.Endpoints.Fabrics;
using GeoFabric.Server.Endpoints.Graphs;
using GeoFabric.Server.Endpoints.ImportExport;
using GeoFabric.Server.Endpoints.Indexes;
using GeoFabric.Server.Endpoints.Queries;
using GeoFabric.Server.Endpoints.Regions;
using GeoFabric.Server.Endpoints.Restql;
using GeoFabric.Server.Endpoints.Search;
using GeoFabric.Server.Endpoints.Users;
using GeoFabric.Server.Endpoints.Verification;

namespace GeoFabric.Server.Endpoints;

/// <summary>All routes of the server, group by group, in the order of the API document.</summary>
internal static class RouteTables
{
    public static IReadOnlyList<ApiRoute> All { get; } =
    [
        .. AuthenticationEndpoints.Table,
        .. FabricEndpoints.Table,
        .. DataCenterEndpoints.Table,
        .. RegionEndpoints.Table,
        .. SalvageEndpoints.Table,
        .. LinkEndpoints.Table,
        .. TopologyEndpoints.Table,
        .. MetricEndpoints.Table,
        .. JobEndpoints.Table,
        .. HandoverEndpoints.Table,
        .. CollectionEndpoints.Table,
        .. DocumentEndpoints.Table,
        .. GraphEndpoints.Table,
        .. GraphDocumentEndpoints.Table,
        .. EdgeEndpoints.Table,
        .. IndexEndpoints.Table,
        .. SearchEndpoints.Table,
        .. QueryEndpoints.Table,
        .. QueryRegistryEndpoints.Table,
        .. LanguageEndpoints.Table,
        .. RestqlEndpoints.Table,
        .. ImportExportEndpoints.Table,
        .. VerificationEndpoints.Table,
        .. ArrivalEndpoints.Table,
        .. DocumentHistoryEndpoints.Table,
        .. CheckEndpoints.Table,
        .. TenantEndpoints.Table,
        .. UserAttributeEndpoints.Table,
        .. ServerEndpoints.Table,
    ];
}
