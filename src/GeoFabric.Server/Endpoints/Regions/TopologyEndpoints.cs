using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Endpoints.Datacenters;
using GeoFabric.Server.Http;
using GeoFabric.Server.Metrics;

namespace GeoFabric.Server.Endpoints.Regions;

/// <summary>
/// All regions and the links between them as each of them tells it: this one asks the others, so that a browser needs to reach only one. For everybody
/// who is logged in; it holds no names of tenants or fabrics.
/// </summary>
internal static class TopologyEndpoints
{
    private const string Tag = "Regions";
    private static readonly TimeSpan s_answerMax = TimeSpan.FromSeconds(2);

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/_api/topology", ReadAsync, "describeTopology", "Read all regions with places and states, and every link with delay and lag", Tag, RouteScope.Tenant),
        new("GET", "/_api/topology/timeline", ReadTimelineAsync, "listTopologyEvents", "Read what happened to regions and links in the last ten minutes, newest first", Tag, RouteScope.Tenant),
        new("GET", "/_api/topology/history", ReadHistoryAsync, "readTopologyHistory", "Read how regions and links were during the last ten minutes, as each region saw them, to replay it", Tag, RouteScope.Tenant),
    ];

    private static async Task ReadAsync(ApiRequest request)
    {
        var services = request.Services;
        var cluster = services.Databases.Catalog.Cluster;
        var told = await CollectAsync(request);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.Of(
            ("self", Value.FromString(services.Region)),
            ("home", Value.FromString(cluster?.HomeRegion.Name.Text ?? services.Region)),
            ("isCluster", Value.FromBoolean(cluster is not null)),
            ("isDemo", Value.FromBoolean(services.IsDemonstration)),
            ("regions", ObjectValue.List(DataCenterEndpoints.Members(request).Select(region => Describe(request, region, told.GetValueOrDefault(region.Id))))),
            ("links", ObjectValue.List(told.Values.SelectMany(status => Items(status, "links"u8)))))));
    }

    private static async Task ReadTimelineAsync(ApiRequest request)
    {
        var told = await CollectAsync(request);
        var events = told.Values.SelectMany(status => Items(status, "events"u8))
            .OrderByDescending(happened => happened.GetAttribute("at"u8).Text, StringComparer.Ordinal).ThenBy(happened => happened.GetAttribute("region"u8).Text, StringComparer.Ordinal);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.List(events)));
    }

    private static async Task ReadHistoryAsync(ApiRequest request)
    {
        var services = request.Services;
        var told = await CollectAsync(request, withHistory: true);
        // Everything is put on this region's clock by how long ago it was, whatever the clocks of the others show.
        var now = services.Clock.GetUtcNow();
        var regions = told.Select(status => ObjectValue.Of(
            ("region", Value.FromString(services.Databases.Catalog.Cluster is null ? services.Region : services.Membership.NameOf(status.Key))),
            ("moments", ObjectValue.List(Items(status.Value, "moments"u8).Select(moment => At(moment, now))))));
        var events = told.Values.SelectMany(status => Items(status, "happened"u8)).OrderByDescending(happened => happened.GetAttribute("ago"u8).Number).Select(happened => At(happened, now));
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.Of(
            ("self", Value.FromString(services.Region)),
            ("from", TimeValue.Of(now - RegionHistory.Kept)),
            ("to", TimeValue.Of(now)),
            ("stepMaxMilliseconds", Value.FromInteger((long)RegionHistory.StepMax.TotalMilliseconds)),
            ("regions", ObjectValue.List(regions)),
            ("events", ObjectValue.List(events)))));
    }

    private static Value At(Value told, DateTimeOffset now) =>
        ObjectValue.With(told, ObjectValue.Of(("at", TimeValue.Of(now - TimeSpan.FromMilliseconds(told.GetAttribute("ago"u8).Number)))));

    /// <summary>What each region that answers says of itself, by number.</summary>
    private static async Task<SortedDictionary<ushort, Value>> CollectAsync(ApiRequest request, bool withHistory = false)
    {
        var services = request.Services;
        var answers = services.Network is { } network ? await network.CollectStatusAsync(withHistory, s_answerMax, request.Aborted) : new Dictionary<ushort, byte[]>();
        var told = new SortedDictionary<ushort, Value> { [services.Databases.Region.Id] = await RegionStatus.ReadAsync(services, withHistory) };
        foreach (var (region, answer) in answers)
            told[region] = JsonValueReader.Parse(answer);
        return told;
    }

    private static Value Describe(ApiRequest request, ClusterRegion region, Value status)
    {
        var place = KnownPlaces.PlaceOf(region);
        var isSelf = region.Id == request.Services.Databases.Region.Id;
        return ObjectValue.Of(
            ("name", Value.FromString(region.Name.Text)),
            ("displayName", Value.FromString(region.DisplayName)),
            ("city", Value.FromString(place?.City ?? region.Place.City)),
            ("country", Value.FromString(place?.Country ?? region.Place.Country)),
            ("countryCode", Value.FromString(place?.CountryCode ?? region.Place.CountryCode)),
            ("latitude", place is null ? Value.Null : Value.FromDouble(place.Latitude)),
            ("longitude", place is null ? Value.Null : Value.FromDouble(place.Longitude)),
            ("state", Value.FromString(StateOf(region, status))),
            ("isSelf", Value.FromBoolean(isSelf)),
            ("isHome", Value.FromBoolean(request.Services.Databases.Catalog.Cluster is not { } cluster || cluster.Home == region.Id)),
            ("isSpot", Value.FromBoolean(region.IsSpot)),
            ("isReachable", Value.FromBoolean(status.IsObject)),
            ("url", Value.FromString(isSelf ? $"{request.Http.Request.Scheme}://{request.Http.Request.Host}" : region.PublicUrl)),
            ("version", status.GetAttribute("version"u8)),
            ("uptimeSeconds", status.GetAttribute("uptimeSeconds"u8)),
            ("storageBytes", status.GetAttribute("storageBytes"u8)),
            ("documents", status.GetAttribute("documents"u8)),
            ("requestsPerSecond", status.GetAttribute("requestsPerSecond"u8)));
    }

    private static string StateOf(ClusterRegion region, Value status)
    {
        if (region.State == RegionState.Failed)
            return "down";
        if (region.IsFrozen)
            return "leaving";
        if (!status.IsObject)
            return "down";
        var readiness = status.GetAttribute("readiness"u8).Text;
        return readiness == "up" && Items(status, "links"u8).Any(IsLate) ? "lagging" : readiness;
    }

    private static bool IsLate(Value link) => link.GetAttribute("lagMilliseconds"u8) is { IsNumber: true } lag && lag.Number > RegionTimeline.LagMax.TotalMilliseconds;

    private static IEnumerable<Value> Items(Value status, ReadOnlySpan<byte> name)
    {
        var items = new List<Value>();
        if (status.GetAttribute(name) is { IsArray: true } array)
        {
            foreach (var item in array.Items)
                items.Add(item);
        }
        return items;
    }
}
