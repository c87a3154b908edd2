using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Consistency;
using GeoFabric.Server.Endpoints.Regions;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Administration;

/// <summary>What the server says about itself.</summary>
internal static class ServerEndpoints
{
    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/health", HealthAsync, "readHealth", "Answers 200 when the region can serve clients, and 503 with the reason when it cannot", "Administration", RouteScope.Open),
        new("HEAD", "/health", HealthAsync, "checkHealth", "Answers as GET does, without a body", "Administration", RouteScope.Open),
        new("GET", "/_api/version", VersionAsync, "readVersion", "Read the server's version", "Administration", RouteScope.Tenant),
        new("GET", "/version", VersionAsync, "readVersionByFabric", "Read the server's version", "Administration") { IsAlias = true },
    ];

    /// <summary>For whoever decides where clients go: it is open, so it says nothing that a stranger may not know.</summary>
    private static Task HealthAsync(ApiRequest request)
    {
        var services = request.Services;
        var cluster = services.Databases.Catalog.Cluster;
        var self = cluster?.Regions[services.Databases.Region.Id];
        var fault = services.Databases.StorageFault;
        var state = fault is null ? DescribeState(services, self) : "read-only";
        var status = state == "live" ? 200 : 503;
        List<(string, Value)> attributes =
        [
            ("status", Value.FromString(status == 200 ? "ok" : "unavailable")),
            ("version", Value.FromString(ServerServices.Version)),
            ("region", Value.FromString(services.Region)),
            ("state", Value.FromString(state)),
            ("isHome", Value.FromBoolean(services.Databases.IsHome)),
            ("uptimeSeconds", Value.FromInteger((long)(services.Clock.GetUtcNow() - services.Started).TotalSeconds)),
        ];
        if (fault is not null)
            attributes.Add(("reason", Value.FromString($"{fault}; nothing acknowledged is lost: look after the disk, then restart the server")));
        if (state == "removed")
        {
            attributes.Add(("reason", Value.FromString(
                $"region '{services.Region}' has been removed from its cluster; stop it, and give the others what only it has with 'geofabric region salvage'")));
        }
        if (cluster is not null)
        {
            attributes.Add(("epoch", Value.FromString(cluster.Epoch.ToString())));
            attributes.Add(("peers", ObjectValue.List(cluster.Members.Where(member => member.Id != self!.Id).Select(member => ObjectValue.Of(
                ("region", Value.FromString(member.Name.Text)),
                ("state", Value.FromString(RegionValue.StateText(member))),
                ("isConnected", Value.FromBoolean(services.Network?.Find(member.Id)?.IsConnected ?? false)),
                ("lagMilliseconds", RegionValue.Lag(services, member.Id)))))));
        }
        return ResultWriter.WriteAsync(request.Http, status, ObjectValue.Of(attributes));
    }

    /// <summary>What the others say of its membership comes first: this region's own catalog may not have got there yet.</summary>
    private static string DescribeState(ServerServices services, ClusterRegion? self)
    {
        var readiness = services.Replication.Readiness;
        if (readiness != RegionReadiness.Removed && self is not null && self is not { State: RegionState.Live, IsFrozen: false })
            return RegionValue.StateText(self);
        return readiness switch
        {
            RegionReadiness.Ready => "live",
            RegionReadiness.CatchingUp => "catching-up",
            RegionReadiness.ClockAway => "clock-away",
            RegionReadiness.Removed => "removed",
            _ => "leaving",
        };
    }

    private static Task VersionAsync(ApiRequest request) => ResultWriter.WriteAsync(request.Http, 200, ObjectValue.Of(
        ("server", Value.FromString("geofabric")),
        ("license", Value.FromString("community")),
        ("version", Value.FromString(ServerServices.Version))));
}
