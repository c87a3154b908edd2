using GeoFabric.Database;
using GeoFabric.Query.Execution;
using GeoFabric.Server.Authentication;
using GeoFabric.Server.Cluster;
using GeoFabric.Server.Consistency;
using GeoFabric.Server.Endpoints.Restql;
using GeoFabric.Server.Metrics;
using GeoFabric.Server.Options;
using GeoFabric.Server.Transport;

namespace GeoFabric.Server.Endpoints;

/// <summary>What handlers work with; one for the process.</summary>
/// <param name="Network">The links to other regions; null for a server on its own.</param>
internal sealed record ServerServices(
    ServerOptions Options,
    DatabaseHost Databases,
    QueryEngine Queries,
    Authenticator Authenticator,
    PasswordHasher Passwords,
    ClusterMembership Membership,
    PeerNetwork? Network,
    IReplicationView Replication,
    RequestPlacement Placement,
    SpotLeadership Leadership,
    HandoverCodes Handovers,
    MetricSampler Metrics,
    RegionTimeline? Timeline,
    TimeProvider Clock,
    DateTimeOffset Started)
{
    /// <summary>How the saved queries fare in this region.</summary>
    public SavedQueryRuns SavedQueryRuns { get; } = new();

    /// <summary>Name of this region.</summary>
    public string Region => Databases.Region.Name.Text;

    /// <summary>Whether its links may be slowed down and cut, to show what happens then.</summary>
    public bool IsDemonstration => Options.Peers is { AllowsFaults: true };

    /// <summary>The version of this program, as in 0.1.0.</summary>
    public static string Version { get; } = typeof(ServerServices).Assembly.GetName().Version is { } version ? version.ToString(3) : "0";
}
