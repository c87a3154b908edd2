using GeoFabric.Database.Layout;
using GeoFabric.Database.Verification;
using GeoFabric.Server.Endpoints.Verification;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>Regions that compare themselves with each other.</summary>
public sealed class VerifyTests
{
    private const string Fabric = "/_tenant/_mm/_fabric/_system/_api";

    [Fact]
    public async Task Every_region_finds_all_others_equal_once_what_was_written_has_arrived()
    {
        await using var regions = await ServerRegions.StartAsync(3);
        await TestRegions.EventuallyAsync(() => regions.Servers.All(server => server.Services.Replication.Readiness == Server.Consistency.RegionReadiness.Ready));
        await regions.Clients[0].In(Fabric).PostAsync("/collection", """{"name":"c"}""");
        await regions.EventuallyAsync(Fabric, "RETURN COUNT(c)", "[0]");
        foreach (var client in regions.Clients)
        {
            await client.In(Fabric).PostAsync("/cursor", """{"query":"FOR i IN 1..10 UPSERT {_key: TO_STRING(i)} INSERT {_key: TO_STRING(i), n: 1, tags: []} UPDATE {n: OLD.n + i, tags: PUSH(OLD.tags, i)} IN c"}""");
            await client.In(Fabric).PostAsync("/cursor", """{"query":"REMOVE '3' IN c"}""");
        }

        foreach (var client in regions.Clients)
        {
            var answer = await client.In(Fabric).GetAsync("/_replication/verify?compare=true&collection=c");

            Assert.Equal(200, answer.Status);
            var collection = answer["result"]!["collections"]![0]!;
            Assert.Equal(9, (int)collection["documents"]!);
            Assert.Equal(["equal", "equal"], collection["regions"]!.AsObject().Select(region => (string)region.Value!));
        }
        var roots = await Task.WhenAll(regions.Clients.Select(client => client.In(Fabric).GetAsync("/_replication/verify")));
        Assert.Single(roots.Select(answer => (string)answer["result"]!["collections"]!.AsArray().Single(collection => (string)collection!["name"]! == "c")!["root"]!).Distinct());
    }

    [Fact]
    public async Task A_region_that_does_not_answer_is_named()
    {
        await using var regions = await ServerRegions.StartAsync(2);
        await TestRegions.EventuallyAsync(() => regions.Servers.All(server => server.Services.Replication.Readiness == Server.Consistency.RegionReadiness.Ready));
        await regions.Clients[0].In(Fabric).PostAsync("/collection", """{"name":"c"}""");
        await regions.StopLastAsync();

        var answer = await regions.Clients[0].In(Fabric).GetAsync("/_replication/verify?compare=true&collection=c");

        Assert.Equal("unknown", (string)answer["result"]!["collections"]![0]!["regions"]!["region2"]!);
        Assert.Contains("region2", (string)answer["result"]!["silent"]!["region2"]!, StringComparison.Ordinal);
        Assert.Equal(404, (await regions.Clients[0].In(Fabric).GetAsync("/_replication/verify?collection=none")).Status);
        Assert.Equal(400, (await regions.Clients[0].In(Fabric).GetAsync("/_replication/verify?expiringBefore=soon")).Status);
    }

    [Theory]
    [InlineData(7, 1ul, "equal")]
    [InlineData(8, 1ul, "different")]
    [InlineData(8, 2ul, "moving")]
    public void Only_regions_that_have_applied_the_same_can_be_different(int root, ulong sequence, string verdict)
    {
        var other = RootComparison.Read("other", 2, Server.Http.ObjectValue.Of(
            ("result", Server.Http.ObjectValue.Of(("collections", Server.Http.ObjectValue.List([RootComparison.Describe(Root(root, sequence))]))))));

        Assert.Equal(verdict, RootComparison.Judge(Root(7, 1), other));
        Assert.Equal("unknown", RootComparison.Judge(Root(7, 1), new RegionRoots("silent", 3, null)));
    }

    private static CollectionRoot Root(int root, ulong sequence) =>
        new("c", 5, 1, (UInt128)root, 0, 0, default, [AppliedPosition.None(new ChangeOrigin(1, 0)) with { Sequence = sequence }]);
}
