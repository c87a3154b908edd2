using GeoFabric.Database;
using GeoFabric.Database.Catalog;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>Catalogs for tests that need no server.</summary>
internal static class TestCatalog
{
    /// <summary>The catalog of an empty host with these regions in it.</summary>
    public static async Task<ServerCatalog> OfAsync(ClusterConfiguration cluster)
    {
        await using var host = await DatabaseHost.OpenAsync(new DatabaseOptions { Region = cluster.Home }, new TestClock());
        return await host.ChangeClusterAsync(_ => cluster with { Epoch = ClusterEpoch.First });
    }
}
