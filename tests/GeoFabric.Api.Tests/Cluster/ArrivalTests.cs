using System.Text.Json.Nodes;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>Where a write has arrived, and after how long.</summary>
public sealed class ArrivalTests(ServerFixture server)
{
    private const string Prefix = "/_fabric/_system/_api";

    [Fact]
    public async Task The_region_that_wrote_something_knows_when_the_others_had_it_whichever_is_asked()
    {
        await using var servers = await TestServers.StartAsync("oslo", "rome", "cairo");
        await servers.CreateAsync(Prefix, """{"name":"c"}""");
        (await servers.Roots[0].PutAsync("/_api/region/oslo/link/rome", """{"delayMilliseconds":500}""")).AssertStatus(200);
        (await servers.Roots[0].PutAsync("/_api/region/cairo/link/rome", """{"delayMilliseconds":500}""")).AssertStatus(200);

        var path = await WriteAsync(servers.Roots[0]);
        var here = await UntilAsync(servers.Roots[0], path, region => (string)region["state"]! != "notYet");
        var there = (await servers.Roots[2].In(Prefix).GetAsync(path)).AssertStatus(200)["result"]!;

        Assert.Equal("oslo", (string)here["writtenIn"]!);
        Assert.Equal(["written", "arrived", "arrived"], here["regions"]!.AsArray().Select(region => (string)region!["state"]!));
        Assert.Null(here["regions"]![0]!["atMostMilliseconds"]);
        // Never sooner than the way takes, but for a timer that is a little early; a write that came at once where nothing holds it up says that the two are not mixed up.
        Assert.InRange((double)Find(here, "rome")["atMostMilliseconds"]!, 450, 60_000);
        Assert.InRange((double)Find(here, "cairo")["atMostMilliseconds"]!, 0, (double)Find(here, "rome")["atMostMilliseconds"]! - 1);
        Assert.Equal(Times(here), Times(there));
    }

    [Fact]
    public async Task What_is_written_during_a_cut_has_not_arrived_until_it_is_mended_and_that_time_counts()
    {
        await using var servers = await TestServers.StartAsync("oslo", "rome");
        await servers.CreateAsync(Prefix, """{"name":"c"}""");
        await CutAsync(servers, true);

        var path = await WriteAsync(servers.Roots[0]);
        await Task.Delay(400, TestContext.Current.CancellationToken);
        var during = (await servers.Roots[0].In(Prefix).GetAsync(path)).AssertStatus(200)["result"]!;
        await CutAsync(servers, false);
        var after = await UntilAsync(servers.Roots[0], path, region => (string)region["state"]! != "notYet");

        Assert.Equal("notYet", (string)Find(during, "rome")["state"]!);
        Assert.Null(Find(during, "rome")["atMostMilliseconds"]);
        Assert.InRange((double)Find(after, "rome")["atMostMilliseconds"]!, 380, 60_000);
    }

    [Fact]
    public async Task A_collection_that_a_region_does_not_keep_never_arrives_there()
    {
        await using var servers = await TestServers.StartAsync("oslo", "rome");
        await servers.CreateAsync(Prefix, """{"name":"c","replication":{"scope":"pinned:oslo"}}""");

        var answer = (await servers.Roots[0].In(Prefix).GetAsync(await WriteAsync(servers.Roots[0]))).AssertStatus(200)["result"]!;

        Assert.Equal("notKept", (string)Find(answer, "rome")["state"]!);
    }

    [Fact]
    public async Task A_server_on_its_own_has_what_it_wrote_and_what_makes_no_sense_is_refused()
    {
        var root = server.Root.In(Prefix);
        (await root.PostAsync("/collection", """{"name":"arrivals"}""")).AssertStatus(200);
        var path = await WriteAsync(server.Root, "arrivals");

        var region = Assert.Single((await root.GetAsync(path)).AssertStatus(200)["result"]!["regions"]!.AsArray())!;

        Assert.Equal("written", (string)region["state"]!);
        Assert.Contains("revision", (await root.GetAsync("/_replication/arrivals?collection=arrivals")).AssertError(400, 10).Text, StringComparison.Ordinal);
        Assert.Contains("soon", (await root.GetAsync("/_replication/arrivals?collection=arrivals&revision=soon")).AssertError(400, 10).Text, StringComparison.Ordinal);
        (await root.GetAsync("/_replication/arrivals?collection=arrivals&revision=_-----------zzz")).AssertError(400, 10);
        (await root.GetAsync(path.Replace("collection=arrivals", "collection=none", StringComparison.Ordinal))).AssertError(404, 1203);
    }

    private static async Task<string> WriteAsync(ApiClient root, string collection = "c")
    {
        var written = (await root.In(Prefix).PostAsync($"/document/{collection}", "{}")).AssertStatus(202);
        return $"/_replication/arrivals?collection={collection}&revision={(string)written["_rev"]!}";
    }

    private static async Task CutAsync(TestServers servers, bool isCut) =>
        (await servers.Roots[0].PutAsync("/_api/region/oslo/link/rome", $$"""{"isCut":{{(isCut ? "true" : "false")}}}""")).AssertStatus(200);

    private static JsonNode Find(JsonNode answer, string region) => answer["regions"]!.AsArray().Single(one => (string)one!["region"]! == region)!;

    private static IEnumerable<string> Times(JsonNode answer) => answer["regions"]!.AsArray().Select(region => $"{region!["region"]} {region["atMostMilliseconds"]}");

    private static async Task<JsonNode> UntilAsync(ApiClient root, string path, Func<JsonNode, bool> isSo)
    {
        for (var attempts = 0; ; attempts++)
        {
            var answer = (await root.In(Prefix).GetAsync(path)).AssertStatus(200)["result"]!;
            if (answer["regions"]!.AsArray().All(region => isSo(region!)))
                return answer;
            Assert.True(attempts < 400, answer.ToJsonString());
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
