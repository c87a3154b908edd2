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

    /// <summary>Refuses to keep an existing collection elsewhere: regions that are to have it would need what was written before, and others would have to forget it.</summary>
    /// <exception cref="GeoFabricException">10 when another scope is asked for than it has.</exception>
    public static void DemandSame(ApiRequest request, RequestFields body, CollectionDefinition collection)
    {
        var asked = body.Fields("replication"u8).Text("scope"u8);
        if (asked is null && body.Boolean("isLocal"u8) is null)
            return;
        var (isLocal, keptAt) = Read(request, body);
        if (isLocal == collection.IsLocal && (asked is null || keptAt == collection.KeptAt))
            return;
        var wanted = asked ?? (isLocal ? "local" : "all");
        throw ErrorCodes.BadParameter.With(
            $"collection '{collection.Name}' has scope '{TextOf(request, collection)}', which is fixed at its creation; create another one with scope '{wanted}' and copy the documents: FOR d IN {collection.Name} INSERT d INTO the other one");
    }

    /// <summary>What is said about a collection that is not kept everywhere.</summary>
    public static IEnumerable<(string Name, Value Value)> Describe(ApiRequest request, CollectionDefinition collection)
    {
        if (!collection.KeptAt.IsSet || request.Services.Databases.Catalog.Cluster is not { } cluster)
            return [];
        var regions = Regions.RegionValue.Names(cluster, collection.KeptAt);
        return [("replication", ObjectValue.Of(("scope", Value.FromString(TextOf(request, collection))), ("regions", regions)))];
    }

    /// <summary>Names of the regions that keep a collection.</summary>
    public static Value RegionsOf(ApiRequest request, CollectionDefinition collection) => request.Services.Databases.Catalog.Cluster is { } cluster
        ? ObjectValue.Strings(cluster.Members.Where(member => collection.KeptAt.IsKeptAt(member.Id)).Select(member => member.Name.Text))
        : ObjectValue.Strings([request.Services.Region]);

    private static string TextOf(ApiRequest request, CollectionDefinition collection)
    {
        if (collection.IsLocal)
            return "local";
        if (!collection.KeptAt.IsSet || request.Services.Databases.Catalog.Cluster is not { } cluster)
            return "all";
        var group = cluster.Groups.FirstOrDefault(group => group.Value == collection.KeptAt).Key;
        return group is null ? $"pinned:{cluster.Regions[collection.KeptAt.Regions.First()].Name}" : $"group:{group}";
    }

    private static ChangeScope FindGroup(ClusterConfiguration cluster, string name) => cluster.Groups.TryGetValue(name, out var scope)
        ? scope
        : throw ErrorCodes.DatacenterNotFound.With($"group '{name}'; the groups are {(cluster.Groups.IsEmpty ? "none yet" : string.Join(", ", cluster.Groups.Keys))}");
}
