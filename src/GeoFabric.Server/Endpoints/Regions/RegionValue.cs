using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;
using GeoFabric.Server.Transport;

namespace GeoFabric.Server.Endpoints.Regions;

/// <summary>Regions as JSON.</summary>
internal static class RegionValue
{
    /// <summary>All there is to know about a region, as this one sees it.</summary>
    public static Value Describe(ServerServices services, ClusterConfiguration cluster, ClusterRegion region) => ObjectValue.Of(
    [
        ("name", Value.FromString(region.Name.Text)),
        ("displayName", Value.FromString(region.DisplayName)),
        ("number", Value.FromInteger(region.Id)),
        ("incarnation", Value.FromInteger(region.Incarnation)),
        ("state", Value.FromString(StateText(region))),
        ("isHome", Value.FromBoolean(region.Id == cluster.Home)),
        ("isSpot", Value.FromBoolean(region.IsSpot)),
        ("isLocal", Value.FromBoolean(IsLocal(services, region))),
        ("city", Value.FromString(region.Place.City)),
        ("countryCode", Value.FromString(region.Place.CountryCode)),
        ("country", Value.FromString(region.Place.Country)),
        ("latitude", Value.FromDouble(region.Place.Latitude)),
        ("longitude", Value.FromDouble(region.Place.Longitude)),
        ("publicUrl", Value.FromString(region.PublicUrl)),
        ("peerUrl", Value.FromString(region.PeerUrl)),
        ("certificates", ObjectValue.Strings(region.CertificateSerials)),
        .. DescribeLink(services, region),
    ]);

    /// <summary>live, failed, leaving or removed.</summary>
    public static string StateText(ClusterRegion region) => region is { IsFrozen: true, State: not RegionState.Removed }
        ? "leaving"
        : region.State.ToString().ToLowerInvariant();

    /// <summary>The regions of a scope, by name.</summary>
    public static Value Names(ClusterConfiguration cluster, ChangeScope scope) => ObjectValue.Strings(scope.Regions.Select(region => cluster.Regions[region].Name.Text));

    /// <summary>Milliseconds that this region's copies are behind a region; null when nothing was heard of it.</summary>
    public static Value Lag(ServerServices services, ushort region) =>
        services.Replication.LagBehind(region) is { } lag ? Value.FromInteger((long)lag.TotalMilliseconds) : Value.Null;

    private static IEnumerable<(string, Value)> DescribeLink(ServerServices services, ClusterRegion region)
    {
        if (IsLocal(services, region) || services.Network?.Find(region.Id)?.Status is not { } status)
            return [];
        return [("lagMilliseconds", Lag(services, region.Id)), ("link", Describe(status))];
    }

    private static Value Describe(PeerLinkStatus status) => ObjectValue.Of(
        ("isConnected", Value.FromBoolean(status.IsConnected)),
        ("connectedSince", status.ConnectedSince is { } since ? Value.FromString(since.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", System.Globalization.CultureInfo.InvariantCulture)) : Value.Null),
        ("connections", Value.FromInteger(status.Connections)),
        ("messagesSent", Value.FromInteger(status.MessagesSent)),
        ("bytesSent", Value.FromInteger(status.BytesSent)),
        ("messagesReceived", Value.FromInteger(status.MessagesReceived)),
        ("bytesReceived", Value.FromInteger(status.BytesReceived)),
        ("bytesWaiting", Value.FromInteger(status.BytesWaiting)),
        ("lastEnd", Value.FromString(status.LastEnd)),
        ("delayMilliseconds", Value.FromInteger((long)status.Fault.OneWayDelay.TotalMilliseconds)),
        ("isCut", Value.FromBoolean(status.Fault.IsCut)));

    private static bool IsLocal(ServerServices services, ClusterRegion region) => region.Id == services.Databases.Region.Id;
}
