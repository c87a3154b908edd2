using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Collections;

/// <summary>Where a collection is kept, as clients say it: <c>"replication":{"scope":"all"}</c>, <c>local</c>, <c>pinned:REGION</c> or <c>group:NAME</c>.</summary>
internal static class CollectionScope
{
    private const string Choices = "'all', 'local', 'pinned:REGION' or 'group:NAME'";

    /// <returns>Whether it belongs to this region alone, and else the regions that keep it.</returns>
    /// <exception cref="GeoFabricException">10 for what is no scope, 102024 for an unknown region or group.</exception>
    public static (bool IsLocal, ChangeScope KeptAt) Read(ApiRequest request, RequestFields body)
    {
        var isLocal = body.Boolean("isLocal"u8, false);
        if (body.Fields("replication"u8).Text("scope"u8) is not { } text || text == "all")
            return (isLocal, ChangeScope.All);
        if (text == "local")
            return (true, ChangeScope.All);
        if (isLocal)
            throw ErrorCodes.BadParameter.With($"\"isLocal\":true and scope '{text}' contradict each other");
        if (text.Split(':', 2) is not [var kind and ("pinned" or "group"), { Length: > 0 } name])
            throw ErrorCodes.BadParameter.With($"scope '{text}'; give {Choices}");
        if (request.Services.Databases.Catalog.Cluster is not { } cluster)
            throw ErrorCodes.BadParameter.With($"scope '{text}' needs a cluster; this server is on its own");
        return (false, kind == "pinned" ? cluster.ScopeOf([name]) : FindGroup(cluster, name));
    }

    /// <summary>What is said about a collection that is not kept everywhere.</summary>
    public static IEnumerable<(string Name, Value Value)> Describe(ApiRequest request, CollectionDefinition collection)
    {
        if (!collection.KeptAt.IsSet || request.Services.Databases.Catalog.Cluster is not { } cluster)
            return [];
        var group = cluster.Groups.FirstOrDefault(group => group.Value == collection.KeptAt).Key;
        var regions = Regions.RegionValue.Names(cluster, collection.KeptAt);
        var scope = group is null ? $"pinned:{cluster.Regions[collection.KeptAt.Regions.First()].Name}" : $"group:{group}";
        return [("replication", ObjectValue.Of(("scope", Value.FromString(scope)), ("regions", regions)))];
    }

    private static ChangeScope FindGroup(ClusterConfiguration cluster, string name) => cluster.Groups.TryGetValue(name, out var scope)
        ? scope
        : throw ErrorCodes.DatacenterNotFound.With($"group '{name}'; the groups are {(cluster.Groups.IsEmpty ? "none yet" : string.Join(", ", cluster.Groups.Keys))}");
}
