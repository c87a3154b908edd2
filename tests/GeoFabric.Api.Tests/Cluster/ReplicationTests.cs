using GeoFabric.Database.Access;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Api.Tests.Cluster;

public sealed class ReplicationTests
{
    private const string Fabric = "/_tenant/_mm/_fabric/_system/_api";
    private const string Count = """{"query":"UPSERT {_key: \"hits\"} INSERT {_key: \"hits\", n: 1} UPDATE {n: OLD.n + 1} IN c"}""";

    [Fact]
    public async Task What_one_region_writes_the_others_show_and_counters_count_everywhere()
    {
        await using var regions = await ServerRegions.StartAsync(3);
        await WaitUntilReadyAsync(regions);
        Assert.Equal(200, (await regions.Clients[0].In(Fabric).PostAsync("/collection", """{"name":"c"}""")).Status);
        await regions.EventuallyAsync(Fabric, "RETURN COUNT(c)", "[0]");

        await Task.WhenAll(regions.Clients.Select(async client =>
        {
            for (var i = 0; i < 20; i++)
                Assert.Equal(201, (await client.In(Fabric).PostAsync("/cursor", Count)).Status);
        }));

        await regions.EventuallyAsync(Fabric, "FOR d IN c RETURN d.n", "[60]");
    }

    [Fact]
    public async Task A_region_that_is_cut_off_goes_on_and_catches_up()
    {
        await using var regions = await ServerRegions.StartAsync(3);
        await WaitUntilReadyAsync(regions);
        await regions.Clients[1].In(Fabric).PostAsync("/collection", """{"name":"c"}""");
        await regions.EventuallyAsync(Fabric, "RETURN COUNT(c)", "[0]");
        regions.Cut(2, isCut: true);

        foreach (var client in regions.Clients)
        {
            for (var i = 0; i < 5; i++)
                Assert.Equal(201, (await client.In(Fabric).PostAsync("/cursor", Count)).Status);
        }
        regions.Cut(2, isCut: false);

        await regions.EventuallyAsync(Fabric, "FOR d IN c RETURN d.n", "[15]");
    }

    [Fact]
    public async Task A_fabric_made_in_the_home_region_is_there_in_all()
    {
        await using var regions = await ServerRegions.StartAsync(2);
        await WaitUntilReadyAsync(regions);
        Assert.Equal(201, (await regions.Clients[0].In(Fabric).PostAsync("/database", """{"name":"shop"}""")).Status);
        const string Shop = "/_tenant/_mm/_fabric/shop/_api";
        await TestRegions.EventuallyAsync(() => regions.Servers[1].Services.Databases.OpenFabrics.Any(fabric => fabric.Fabric.Name.Text == "shop"));

        Assert.Equal(200, (await regions.Clients[1].In(Shop).PostAsync("/collection", """{"name":"c"}""")).Status);

        await regions.EventuallyAsync(Shop, "INSERT {a: 1} IN c RETURN 1", "[1]");
        await regions.EventuallyAsync(Shop, "RETURN COUNT(c)", "[2]");
    }

    [Fact]
    public async Task How_replication_goes_is_told_by_fabric_and_link_and_as_metrics()
    {
        await using var regions = await ServerRegions.StartAsync(2);
        await WaitUntilReadyAsync(regions);
        await regions.Clients[1].In(Fabric).PostAsync("/collection", """{"name":"c"}""");
        await regions.EventuallyAsync(Fabric, "RETURN COUNT(c)", "[0]");

        var fabric = (await regions.Clients[0].GetAsync("/_api/replication/links")).AssertStatus(200)["result"]!.AsArray().Single(entry => (string)entry!["fabric"]! == "_system")!;
        var metrics = (await regions.Clients[0].GetAsync("/metrics")).AssertStatus(200).Text.Split('\n');

        Assert.Equal(("_mm", "live"), ((string)fabric["tenant"]!, (string)fabric["standing"]!));
        var link = fabric["links"]![0]!;
        Assert.Equal(("region2", true, 0), ((string)link["region"]!, (bool)link["isConnected"]!, (int)link["recordsBehind"]!));
        Assert.True((int)link["recordsReceived"]! > 0);
        const string Labels = "{tenant=\"_mm\",fabric=\"_system\",region=\"region2\"}";
        Assert.Contains("geofabric_replication_connected" + Labels + " 1", metrics);
        Assert.Contains(metrics, line => line.StartsWith("geofabric_replication_lag_seconds" + Labels, StringComparison.Ordinal));
        Assert.All(metrics.Where(line => line.Length > 0), line => Assert.Matches("^(# (HELP|TYPE) [a-z_]+ .+|[a-z_]+({[^}]+})? [0-9.E+-]+)$", line));
        using var nobody = new HttpClient();
        Assert.Equal(401, (int)(await nobody.GetAsync(regions.Servers[0].Url + "/metrics")).StatusCode);
    }

    [Fact]
    public async Task A_core_that_threw_is_replaced_and_nothing_is_lost()
    {
        await using var regions = await ServerRegions.StartAsync(2);
        await WaitUntilReadyAsync(regions);
        await regions.Clients[0].In(Fabric).PostAsync("/collection", """{"name":"c"}""");
        await regions.EventuallyAsync(Fabric, "RETURN COUNT(c)", "[0]");
        var replication = (Server.Replication.ReplicationHost)regions.Servers[1].Services.Replication;
        var failed = replication.Fabrics[0];

        await failed.PostAsync(new RecordsApplied(null!));
        Assert.Equal(201, (await regions.Clients[0].In(Fabric).PostAsync("/cursor", Count)).Status);

        await TestRegions.EventuallyAsync(() => replication.Fabrics is [var fabric] && fabric != failed, "that another one takes its place");
        // It catches up first, as after a start, and writes nothing meanwhile.
        await WaitUntilReadyAsync(regions);
        Assert.Equal(201, (await regions.Clients[1].In(Fabric).PostAsync("/cursor", Count)).Status);
        await regions.EventuallyAsync(Fabric, "FOR d IN c RETURN d.n", "[2]");
    }

    [Fact]
    public async Task A_store_that_was_overcharged_for_a_while_does_not_end_the_beats()
    {
        await using var regions = await ServerRegions.StartAsync(2);
        await WaitUntilReadyAsync(regions);
        var databases = regions.Servers[0].Services.Databases;
        var fabric = databases.OpenFabrics.First(fabric => fabric.Fabric.Name.Text == "_system");
        var replication = ((Server.Replication.ReplicationHost)regions.Servers[0].Services.Replication).Fabrics[0];
        var scope = new AccessScope(fabric.Fabric.Tenant, fabric.Fabric.Id, "test", AccessLevel.Administrate);
        // Until beats are rare, so that none is under way while the queue fills.
        await Task.Delay(TimeSpan.FromSeconds(2.5), TestContext.Current.CancellationToken);
        using var goOn = new ManualResetEventSlim();
        var works = new List<Task> { fabric.WriteAsync(scope, transaction => goOn.Wait(TimeSpan.FromSeconds(20))) };
        while (!works[^1].IsFaulted)
            works.Add(fabric.WriteAsync(scope, transaction => true));
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        goOn.Set();
        await Task.WhenAll(works).ContinueWith(_ => { }, TaskScheduler.Default);

        var position = replication.Positions[1];

        await TestRegions.EventuallyAsync(() => replication.Positions[1] > position, "that the region beats again");
    }

    private static Task WaitUntilReadyAsync(ServerRegions regions) => TestRegions.EventuallyAsync(
        () => regions.Servers.All(server => server.Services.Replication.Readiness == Server.Consistency.RegionReadiness.Ready), "that all regions are ready");
}
