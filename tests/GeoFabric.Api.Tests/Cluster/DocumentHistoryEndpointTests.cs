using System.Text.Json.Nodes;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>Who wrote a document in which region, and whether the regions agree.</summary>
public sealed class DocumentHistoryEndpointTests(ServerFixture server)
{
    private const string Prefix = "/_fabric/_system/_api";
    private const string Path = "/_replication/document/c/k";

    [Fact]
    public async Task Two_regions_that_change_a_document_are_named_by_attribute_and_agree_when_all_has_arrived()
    {
        await using var servers = await TestServers.StartAsync("oslo", "rome");
        await servers.CreateAsync(Prefix, """{"name":"c"}""");
        var (oslo, rome) = (servers.Roots[0].In(Prefix), servers.Roots[1].In(Prefix));
        (await oslo.PostAsync("/document/c", """{"_key":"k","name":"Ada","city":"Oslo"}""")).AssertStatus(202);
        await UntilAsync(rome, result => (bool)result["exists"]!);
        (await rome.PatchAsync("/document/c/k", """{"city":"Rome"}""")).AssertStatus(202);

        var agreed = await UntilAsync(oslo, result => (string)result["regions"]![0]!["verdict"]! == "equal" && result["writes"]!.AsArray().Count == 2);

        Assert.Equal(("oslo", "c/k", true, "rome"), ((string)agreed["region"]!, (string)agreed["document"]!, (bool)agreed["exists"]!, (string)agreed["writtenIn"]!));
        Assert.Equal(["name oslo", "city rome"], agreed["attributes"]!.AsArray().Select(attribute => $"{attribute!["path"]![0]} {attribute["writtenIn"]}"));
        Assert.Equal(["rome", "oslo"], agreed["writes"]!.AsArray().Select(write => (string)write!["writtenIn"]!));
        Assert.Equal(("rome", (string)agreed["revision"]!), ((string)agreed["regions"]![0]!["region"]!, (string)agreed["regions"]![0]!["revision"]!));
        Assert.Null(agreed["logFrom"]);
    }

    [Fact]
    public async Task A_region_that_lacks_a_change_is_moving_and_one_that_cannot_be_asked_unknown()
    {
        await using var servers = await TestServers.StartAsync("oslo", "rome");
        await servers.CreateAsync(Prefix, """{"name":"c"}""");
        var oslo = servers.Roots[0].In(Prefix);
        servers.Cut();

        (await oslo.PostAsync("/document/c", """{"_key":"k"}""")).AssertStatus(202);
        var other = await UntilAsync(oslo, result => (string)result["regions"]![0]!["verdict"]! == "moving");
        Assert.False((bool)other["regions"]![0]!["exists"]!);
        (await servers.Roots[0].PutAsync("/_api/region/oslo/link/rome", """{"isCut":true}""")).AssertStatus(200);
        var cut = await UntilAsync(oslo, result => (string)result["regions"]![0]!["verdict"]! == "unknown");

        Assert.Contains("rome", (string)cut["regions"]![0]!["problem"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lone_server_tells_what_it_wrote_and_refuses_what_there_is_not()
    {
        var root = server.Root.In(Prefix);
        (await root.PostAsync("/collection", """{"name":"histories"}""")).AssertStatus(200);
        (await root.PostAsync("/document/histories", """{"_key":"k","a":1}""")).AssertStatus(202);

        var result = (await root.GetAsync("/_replication/document/histories/k?compare=true")).AssertStatus(200)["result"]!;
        var nothing = (await root.GetAsync("/_replication/document/histories/none")).AssertStatus(200)["result"]!;

        Assert.Equal("test-region", (string)result["writtenIn"]!);
        Assert.Empty(result["regions"]!.AsArray());
        Assert.False((bool)nothing["exists"]!);
        (await root.GetAsync("/_replication/document/none/k")).AssertError(404, 1203);
        (await root.GetAsync($"/_replication/document/histories/{new string('k', 300)}")).AssertError(404, 1202);
        (await root.GetAsync("/_replication/document/histories/k?compare=perhaps")).AssertError(400, 10);
    }

    [Fact]
    public async Task Another_tenant_sees_nothing_of_it()
    {
        (await server.Root.PostAsync("/_api/tenant", """{"email":"clio@example.com","passwd":"Secret-456"}""")).AssertStatus(201);
        using var stranger = await ApiClient.LogInAsync(server.Url, "clio_example.com", "root", "Secret-456");

        Assert.Equal(403, (await stranger.GetAsync("/_tenant/_mm/_fabric/_system/_api/_replication/document/c/k")).Status);
        Assert.Equal(403, (await stranger.GetAsync("/_tenant/_mm/_fabric/_system/_api/_replication/arrivals?collection=c&revision=_-5X-eOyZ-----0")).Status);
    }

    private static async Task<JsonNode> UntilAsync(ApiClient root, Func<JsonNode, bool> isSo)
    {
        for (var attempts = 0; ; attempts++)
        {
            var result = (await root.GetAsync(Path + "?compare=true")).AssertStatus(200)["result"]!;
            if (isSo(result))
                return result;
            Assert.True(attempts < 400, result.ToJsonString());
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
