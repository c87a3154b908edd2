using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Consistency;

/// <summary>A collection that a request reads or writes.</summary>
internal readonly record struct CollectionAccess(CollectionDefinition Collection, bool IsWrite);

/// <summary>
/// Sees to it that a request gets the consistency it asks for, or its collection or its fabric asks for: here, after a wait perhaps, or at the region
/// that has to answer it. The one place where that is decided.
/// </summary>
internal sealed class RequestPlacement(
    DatabaseHost databases, IReplicationView replication, SpotLeadership leadership, ConsistencyGate gate, RegionForwarder forwarder, SessionTokenCodec tokens)
{
    /// <summary>The way to other regions.</summary>
    public RegionForwarder Forwarder => forwarder;

    /// <summary>Whether there can be anything to decide about a request to a fabric. In a server on its own there hardly ever is.</summary>
    public bool Concerns(FabricDatabase fabric, RequestConsistency asked) =>
        databases.Catalog.Cluster is not null || !asked.SaysNothing || fabric.Fabric.Options.Consistency is not null || fabric.Catalog.HasConsistencyRules;

    /// <summary>Refuses what a region out of service is asked.</summary>
    /// <exception cref="GeoFabricException">1477.</exception>
    public void DemandService()
    {
        if (databases.Catalog.Cluster is { } cluster && cluster.Regions[databases.Region.Id].State == RegionState.Failed)
            throw ErrorCodes.RegionUnavailable.With($"region '{databases.Region.Name}' is out of service; ask another one");
    }

    /// <summary>Brings a request to where it can be answered as it has to be.</summary>
    /// <param name="body">The body, when it has been read already.</param>
    /// <returns>False when another region has answered it.</returns>
    /// <exception cref="GeoFabricException">
    /// 10 for a level that cannot be had and for collections that no region keeps together, 1477 when this region or the one that has to answer is not available, 1478 when the copy here is not recent
    /// enough, 1496 when the regions do not agree who is home.
    /// </exception>
    public async ValueTask<bool> AdmitAsync(
        HttpContext http, FabricDatabase fabric, RequestConsistency asked, IReadOnlyList<CollectionAccess> accesses, ReadOnlyMemory<byte>? body = null)
    {
        await forwarder.CatchUpAsync(http);
        if (FindKeeper(accesses) is { } keeper)
        {
            await forwarder.ForwardAsync(http, keeper, body);
            return false;
        }
        var level = LevelOf(asked, fabric, accesses);
        DemandReadiness(level, accesses);
        if (NeedsHome(level, accesses) && databases.Catalog.Cluster is { } cluster)
        {
            // Entered first: a lead that is handed over after this look waits for this request.
            http.Response.RegisterForDispose(leadership.Enter(fabric.Fabric.Id));
            if (HomeOf(databases.Catalog.Cluster ?? cluster, fabric.Fabric) is { } home && home.Id != databases.Region.Id)
            {
                await forwarder.ForwardAsync(http, home, body);
                return false;
            }
        }
        if (asked.SessionText is not null || level.Kind == ConsistencyKind.Session)
            await JoinSessionAsync(http, fabric, asked);
        if (level.Kind == ConsistencyKind.Bounded && accesses.Any(access => !access.IsWrite))
            await gate.WaitForFreshnessAsync(fabric.Fabric.Id, level.Staleness, http.RequestAborted);
        return true;
    }

    /// <summary>Sends a request to the region its client has chosen.</summary>
    /// <returns>False when that is this region, or when none is chosen.</returns>
    /// <exception cref="GeoFabricException">10 when there is no such region, 1477 when it cannot be reached.</exception>
    public async ValueTask<bool> TryForwardToChosenAsync(HttpContext http)
    {
        if (!http.Request.Headers.TryGetValue(RegionForwarder.RegionHeader, out var text) || text.ToString() is not { Length: > 0 } name || name == databases.Region.Name.Text)
            return false;
        var regions = databases.Catalog.Cluster?.Members.ToList() ?? [];
        var chosen = regions.Find(region => region.Name.Text == name) ?? throw ErrorCodes.BadParameter.With(
            $"header {RegionForwarder.RegionHeader} is '{(name.Length > 64 ? name[..64] + "..." : name)}'; the regions are {string.Join(", ", regions.Select(region => region.Name.Text).DefaultIfEmpty(databases.Region.Name.Text))}");
        await forwarder.ForwardAsync(http, chosen, isChosen: true);
        return true;
    }

    /// <summary>Brings a change of tenants, users, fabrics or regions to the home region.</summary>
    /// <param name="answered">Runs when the home has answered, before the answer is passed on.</param>
    /// <returns>False when the home has answered it.</returns>
    public async ValueTask<bool> AdmitAtHomeAsync(HttpContext http, Func<HttpResponseMessage, Task> answered)
    {
        await forwarder.CatchUpAsync(http);
        if (databases.IsHome)
            return true;
        await forwarder.ForwardAsync(http, databases.Catalog.Cluster!.HomeRegion, answered: answered);
        return false;
    }

    /// <summary>Sends a request to the region that leads the strongly consistent writes of a fabric.</summary>
    /// <returns>False when that is this region.</returns>
    public async ValueTask<bool> TryForwardAsync(HttpContext http, FabricDatabase fabric)
    {
        if (databases.Catalog.Cluster is not { } cluster || HomeOf(cluster, fabric.Fabric) is not { } home || home.Id == databases.Region.Id
            || http.Request.Headers.ContainsKey(RegionForwarder.ForwardedHeader))
            return false;
        await forwarder.ForwardAsync(http, home);
        return true;
    }

    /// <summary>The region that leads the strongly consistent writes of a fabric: the one it names, or else the cluster's home.</summary>
    public static ClusterRegion HomeOf(ClusterConfiguration cluster, FabricRecord fabric) =>
        cluster.TryGetRegion(fabric.Options.SpotRegion, out var named) && named.IsMember ? named : cluster.HomeRegion;

    /// <summary>The region to ask about collections that are not kept here; null when they are.</summary>
    /// <exception cref="GeoFabricException">10 when no region keeps all of them.</exception>
    private ClusterRegion? FindKeeper(IReadOnlyList<CollectionAccess> accesses)
    {
        if (databases.Catalog.Cluster is not { } cluster || KeepsAll(databases.Region.Id, accesses))
            return null;
        var keepers = cluster.Members.Where(region => KeepsAll(region.Id, accesses)).ToList();
        if (keepers.Count == 0)
        {
            var kept = accesses.Where(access => access.Collection.KeptAt.IsSet).Select(access =>
                $"'{access.Collection.Name}' in {string.Join(" and ", access.Collection.KeptAt.Regions.Select(region => cluster.Regions[region].Name))}");
            throw ErrorCodes.BadParameter.With($"no region keeps all these collections: {string.Join(", ", kept)}; ask for them one by one");
        }
        return keepers.OrderBy(region => region.State == RegionState.Live ? 0 : 1).ThenBy(region => replication.LagBehind(region.Id) ?? TimeSpan.MaxValue).First();
    }

    private static bool KeepsAll(ushort region, IReadOnlyList<CollectionAccess> accesses)
    {
        // Of every request: no closure, no enumerator.
        for (var i = 0; i < accesses.Count; i++)
        {
            if (!accesses[i].Collection.KeptAt.IsKeptAt(region))
                return false;
        }
        return true;
    }

    private static ConsistencyLevel LevelOf(RequestConsistency asked, FabricDatabase fabric, IReadOnlyList<CollectionAccess> accesses)
    {
        if (asked.Level is { } level)
        {
            if (level.Kind == ConsistencyKind.Strong)
                DemandStrong(accesses);
            return level;
        }
        var ofFabric = fabric.Fabric.Options.Consistency ?? ConsistencyLevel.Causal;
        var strongest = accesses.Count == 0 ? ofFabric : default;
        foreach (var (collection, _) in accesses)
        {
            var own = collection.Consistency ?? ofFabric;
            // A default for all collections means those that can have it.
            strongest = ConsistencyLevel.Stronger(strongest, own.Kind == ConsistencyKind.Strong && !CanBeStrong(collection) ? ConsistencyLevel.Causal : own);
        }
        return strongest;
    }

    private static bool CanBeStrong(CollectionDefinition collection) => collection.IsSpot || collection.IsLocal;

    private static void DemandStrong(IReadOnlyList<CollectionAccess> accesses)
    {
        foreach (var (collection, _) in accesses)
        {
            if (!CanBeStrong(collection))
            {
                throw ErrorCodes.BadParameter.With(
                    $"collection '{collection.Name}' is written in every region, so no region has its latest state; create it with \"isSpot\":true for strong consistency");
            }
        }
    }

    private static bool NeedsHome(ConsistencyLevel level, IReadOnlyList<CollectionAccess> accesses)
    {
        foreach (var (collection, isWrite) in accesses)
        {
            if (collection.IsSpot && !collection.IsLocal && (isWrite || level.Kind == ConsistencyKind.Strong))
                return true;
        }
        return false;
    }

    private void DemandReadiness(ConsistencyLevel level, IReadOnlyList<CollectionAccess> accesses)
    {
        DemandService();
        var readiness = replication.Readiness;
        if (readiness == RegionReadiness.Ready)
            return;
        var isWrite = accesses.Any(access => access.IsWrite);
        if (isWrite || (readiness == RegionReadiness.CatchingUp && level.Kind != ConsistencyKind.Eventual))
        {
            throw ErrorCodes.RegionUnavailable.With(readiness switch
            {
                RegionReadiness.CatchingUp => $"region '{databases.Region.Name}' is catching up with the others; ask another one",
                RegionReadiness.ClockAway => $"the clock of region '{databases.Region.Name}' is away from those of the others, so it writes nothing; ask another one",
                RegionReadiness.Removed => $"region '{databases.Region.Name}' has been removed from its cluster, so it writes nothing; ask another one",
                _ => $"region '{databases.Region.Name}' is being removed, so it writes nothing; ask another one",
            });
        }
    }

    private async Task JoinSessionAsync(HttpContext http, FabricDatabase fabric, RequestConsistency asked)
    {
        var fabricId = fabric.Fabric.Id;
        var session = string.IsNullOrEmpty(asked.SessionText) ? SessionToken.Empty(fabricId) : tokens.Read(asked.SessionText, fabricId);
        // Who asks for less than a session gets it, and can still go on with the session afterwards.
        if (asked.Level is not { Kind: ConsistencyKind.Eventual or ConsistencyKind.Causal })
            await gate.WaitForSessionAsync(session, http.RequestAborted);
        http.Response.OnStarting(() =>
        {
            // Taken when the answer begins: by then it holds all that the request read and wrote.
            http.Response.Headers[RequestConsistency.SessionHeader] = tokens.Write(session.Merge(SessionToken.Of(fabricId, replication.ReadPositions(fabricId))));
            return Task.CompletedTask;
        });
    }
}
