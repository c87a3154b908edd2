using GeoFabric.Server.Options;
using GeoFabric.Server.Replication;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>Regions whose logs are so short that whoever is late needs a snapshot.</summary>
public sealed class SnapshotTests
{
    private const string Fabric = "/_tenant/_mm/_fabric/_system/_api";
    private const string Count = """{"query":"UPSERT {_key: \"hits\"} INSERT {_key: \"hits\", n: 1} UPDATE {n: OLD.n + 1} IN c"}""";

    private static readonly PeerOptions ShortLogs = new() { LogRetention = TimeSpan.Zero, LogBytesMax = 0, LogTrimInterval = TimeSpan.FromMilliseconds(50) };

    [Fact]
    public async Task A_region_that_is_too_late_for_the_logs_takes_a_snapshot_and_keeps_its_own_writes()
    {
        await using var regions = await ServerRegions.StartAsync(3, ShortLogs);
        await WaitUntilReadyAsync(regions);
        await regions.Clients[0].In(Fabric).PostAsync("/collection", """{"name":"c"}""");
        await regions.EventuallyAsync(Fabric, "RETURN COUNT(c)", "[0]");
        regions.Cut(2, isCut: true);
        foreach (var client in regions.Clients)
            await CountAsync(client, 10);
        await regions.Clients[2].In(Fabric).PostAsync("/cursor", """{"query":"INSERT {_key: \"mine\", n: 1000} IN c"}""");
        await WaitUntilTrimmedAsync(regions, 0);
        await WaitUntilTrimmedAsync(regions, 1);
        // The batch that was read last stays in memory, and might hold all that is trimmed: another one takes its place.
        await CountAsync(regions.Clients[0], 1);
        await CountAsync(regions.Clients[1], 1);
        await WaitUntilAppliedAsync(regions, 0, 1);
        await WaitUntilAppliedAsync(regions, 1, 0);

        regions.Cut(2, isCut: false);

        await regions.EventuallyAsync(Fabric, "RETURN SUM(FOR d IN c RETURN d.n)", "[1032]");
        Assert.True(Replication(regions, 2).Fabrics[0].SnapshotsBegun > 0);
        await CountAsync(regions.Clients[2], 5);
        await regions.EventuallyAsync(Fabric, "RETURN SUM(FOR d IN c RETURN d.n)", "[1037]");
    }

    [Fact]
    public async Task A_new_region_begins_with_a_snapshot_while_others_write()
    {
        await using var regions = await ServerRegions.StartAsync(2, ShortLogs);
        await WaitUntilReadyAsync(regions);
        await regions.Clients[0].In(Fabric).PostAsync("/collection", """{"name":"c"}""");
        await regions.EventuallyAsync(Fabric, "RETURN COUNT(c)", "[0]");
        await regions.Clients[0].In(Fabric).PostAsync("/cursor", """{"query":"FOR i IN 1..20000 INSERT {n: 0, text: \"some text to fill pieces with\"} IN c"}""");
        await CountAsync(regions.Clients[1], 10);
        await WaitUntilTrimmedAsync(regions, 0);
        await WaitUntilTrimmedAsync(regions, 1);

        var writing = Task.WhenAll(CountAsync(regions.Clients[0], 100), CountAsync(regions.Clients[1], 100));
        await regions.AddAsync();
        await writing;

        await regions.EventuallyAsync(Fabric, "RETURN [COUNT(c), SUM(FOR d IN c RETURN d.n)]", "[[20001,210]]");
        Assert.True(Replication(regions, 2).Fabrics[0].SnapshotsBegun > 0);
        await CountAsync(regions.Clients[2], 1);
        await regions.EventuallyAsync(Fabric, "RETURN SUM(FOR d IN c RETURN d.n)", "[211]");
    }

    /// <summary>Until a region has applied all that another one has written.</summary>
    private static Task WaitUntilAppliedAsync(ServerRegions regions, int of, int by)
    {
        var written = ReplicaOf(regions, of).ReadState().Own;
        return TestRegions.EventuallyAsync(
            () => ReplicaOf(regions, by).ReadState().Vector.Positions.Values.Any(position => position.Origin == written.Origin && position.Sequence >= written.Sequence),
            $"that region {by + 1} has what region {of + 1} wrote");
    }

    private static GeoFabric.Database.FabricReplica ReplicaOf(ServerRegions regions, int region) => regions.Servers[region].Services.Databases.OpenFabrics.Single().Replica;

    private static async Task CountAsync(ApiClient client, int times)
    {
        for (var i = 0; i < times; i++)
            Assert.Equal(201, (await client.In(Fabric).PostAsync("/cursor", Count)).Status);
    }

    private static ReplicationHost Replication(ServerRegions regions, int region) => (ReplicationHost)regions.Servers[region].Services.Replication;

    /// <summary>Until a region holds hardly any record: its own last one, and those that are on their way.</summary>
    private static Task WaitUntilTrimmedAsync(ServerRegions regions, int region)
    {
        var replica = ReplicaOf(regions, region);
        return TestRegions.EventuallyAsync(
            () => replica.ReadState() is var state && replica.ReadFirstSequence(replica.Origin) >= state.LastSequence
                && state.Vector.Positions.Values.All(position => position.Origin.Region == 3 || position.Origin == replica.Origin || replica.ReadFirstSequence(position.Origin) > position.Sequence),
            $"that the logs of region {region + 1} are short");
    }

    private static Task WaitUntilReadyAsync(ServerRegions regions) => TestRegions.EventuallyAsync(
        () => regions.Servers.All(server => server.Services.Replication.Readiness == Server.Consistency.RegionReadiness.Ready), "that all regions are ready");
}
