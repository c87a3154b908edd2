using GeoFabric.Api.Tests.Cluster;

namespace GeoFabric.Api.Tests;

/// <summary>What a collection says about merging, and the journal of what merging discards.</summary>
public sealed class MergeSettingsTests(ServerFixture server)
{
    private const string Declared = """{"**":"infer","best":"max","settings":"whole","tags":"set","views":"counter"}""";
    private const string Fabric = "/_tenant/_mm/_fabric/_system/_api";

    [Fact]
    public async Task Declarations_are_given_at_creation_shown_and_changed()
    {
        var fabric = await server.NewFabricAsync();

        var created = await fabric.PostAsync("/collection", $$"""{"name":"c","crdt":{{Declared}},"conflicts":"off"}""");
        var shown = await fabric.GetAsync("/collection/c/properties");
        var untouched = await fabric.PutAsync("/collection/c/properties", """{"waitForSync":true}""");
        var changed = await fabric.PutAsync("/collection/c/properties", """{"crdt":{"n":"min"},"conflicts":"losers"}""");

        foreach (var answer in (ApiAnswer[])[created, shown, untouched])
            Assert.Equal((200, Declared, "off"), (answer.Status, answer["crdt"]!.ToJsonString(), (string)answer["conflicts"]!));
        Assert.Equal("""{"n":"min"}""", changed["crdt"]!.ToJsonString());
        Assert.Null(changed["conflicts"]);
        Assert.Null((await fabric.PutAsync("/collection/c/properties", """{"crdt":{}}"""))["crdt"]);
    }

    [Theory]
    [InlineData(""" "crdt":{"views":"count"} """, "it is one of counter, infer, list, max, min, set, whole")]
    [InlineData(""" "crdt":{"views":1} """, "it is a string such as")]
    [InlineData(""" "crdt":{"a..b":"counter"} """, "'a..b' is no path")]
    [InlineData(""" "crdt":"counter" """, "'crdt' must be an object")]
    [InlineData(""" "conflicts":"all" """, "it is losers or off")]
    public async Task What_makes_no_sense_is_refused(string settings, string told)
    {
        var fabric = await server.NewCollectionAsync();

        var created = (await fabric.PostAsync("/collection", $$"""{"name":"d",{{settings}}}""")).AssertError(400, 10);
        var changed = (await fabric.PutAsync("/collection/c/properties", $$"""{ {{settings}} }""")).AssertError(400, 10);

        Assert.Contains(told, (string)created["errorMessage"]!, StringComparison.Ordinal);
        Assert.Contains(told, (string)changed["errorMessage"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Regions_cut_apart_merge_as_declared_and_tell_what_lost()
    {
        await using var regions = await ServerRegions.StartAsync(2);
        await TestRegions.EventuallyAsync(
            () => regions.Servers.All(region => region.Services.Replication.Readiness == Server.Consistency.RegionReadiness.Ready), "that all regions are ready");
        await regions.Clients[0].In(Fabric).PostAsync("/collection", $$"""{"name":"c","crdt":{{Declared}}}""");
        await regions.Clients[0].In(Fabric).PostAsync("/document/c", """{"_key":"k","views":10,"title":"a"}""");
        await regions.EventuallyAsync(Fabric, "FOR d IN c RETURN d.views", "[10]");
        regions.Cut(1, isCut: true);
        await regions.Clients[0].In(Fabric).PutAsync("/document/c/k", """{"views":11,"title":"b"}""");
        await regions.Clients[1].In(Fabric).PutAsync("/document/c/k", """{"views":15,"title":"c"}""");
        regions.Cut(1, isCut: false);

        await regions.EventuallyAsync(Fabric, "FOR d IN c RETURN d.views", "[16]");
        await regions.EventuallyAsync(
            Fabric,
            "FOR x IN _conflicts RETURN [x.document, x.path, x.rule, x.lost, x.lostRegion, x.winnerRegion, x.lostRevision != x.winnerRevision]",
            """[["c/k","title","later-write","b","region1","region2",true]]""");

        (await regions.Clients[0].In(Fabric).PostAsync("/document/_conflicts", "{}")).AssertError(403, 11);
        (await regions.Clients[0].In(Fabric).PostAsync("/cursor", """{"query":"FOR x IN _conflicts REMOVE x IN _conflicts"}""")).AssertError(403, 11);
    }
}
