using System.Text.Json.Nodes;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>What one region tells of all of them.</summary>
public sealed class TopologyTests(ServerFixture server)
{
    [Fact]
    public async Task A_server_on_its_own_is_one_region_without_links()
    {
        var topology = (await server.Root.GetAsync("/_api/topology")).AssertStatus(200)["result"]!;

        var region = Assert.Single(topology["regions"]!.AsArray())!;
        Assert.Equal(("test-region", "up", true, true), ((string)region["name"]!, (string)region["state"]!, (bool)region["isSelf"]!, (bool)region["isHome"]!));
        Assert.Equal((false, false), ((bool)topology["isCluster"]!, (bool)topology["isDemo"]!));
        Assert.Null(region["latitude"]);
        Assert.Empty(topology["links"]!.AsArray());
        Assert.Empty((await server.Root.GetAsync("/_api/topology/timeline"))["result"]!.AsArray());
    }

    [Fact]
    public async Task One_region_tells_links_and_delays_of_all_and_passes_disturbances_on()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west", "ap-southeast-1");
        var root = servers.Roots[0];

        var topology = await UntilAsync(root, topology => Links(topology).Count == 6 && Links(topology).All(link => (bool)link["isConnected"]! && link["roundTripMilliseconds"] is not null));
        Assert.Equal(["us-east", "eu-west", "ap-southeast-1"], topology["regions"]!.AsArray().Select(region => (string)region!["name"]!));
        Assert.All(topology["regions"]!.AsArray(), region => Assert.True((bool)region!["isReachable"]! && region["latitude"] is not null, region.ToJsonString()));
        Assert.Equal("Singapore", (string)topology["regions"]![2]!["city"]!);
        Assert.True((bool)topology["isDemo"]!);

        (await root.PutAsync("/_api/region/eu-west/link/ap-southeast-1", """{"isCut":true}""")).AssertStatus(200);
        topology = await UntilAsync(root, topology => !(bool)Find(topology, "eu-west", "ap-southeast-1")["isConnected"]! && !(bool)Find(topology, "ap-southeast-1", "eu-west")["isConnected"]!);
        Assert.True((bool)Find(topology, "eu-west", "ap-southeast-1")["isCut"]!);
        Assert.True((bool)Find(topology, "us-east", "eu-west")["isConnected"]!);
        (await root.PutAsync("/_api/region/eu-west/link/ap-southeast-1", """{"isCut":false,"delayMilliseconds":20}""")).AssertStatus(200);
        topology = await UntilAsync(root, topology => (bool)Find(topology, "eu-west", "ap-southeast-1")["isConnected"]!);
        Assert.Equal(20, (int)Find(topology, "eu-west", "ap-southeast-1")["delayMilliseconds"]!);

        (await root.PutAsync("/_api/region/eu-west/link/mars", """{"isCut":true}""")).AssertError(400, 10);
        (await root.PutAsync("/_api/region/mars/link/eu-west", """{"isCut":true}""")).AssertError(404, 102024);
        (await root.PutAsync("/_api/region/eu-west/link/us-east", """{"delayMilliseconds":-1}""")).AssertError(400, 10);
    }

    [Fact]
    public async Task A_region_that_is_out_of_service_is_down_and_the_timeline_tells_when()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        var root = servers.Roots[0];
        await UntilAsync(root, topology => Links(topology).Count == 2 && Links(topology).All(link => (bool)link["isConnected"]!));
        await UntilToldAsync(root, "connected");

        (await root.PostAsync("/_api/region/eu-west/fail")).AssertStatus(200);
        var topology = await UntilAsync(root, topology => (string)topology["regions"]![1]!["state"]! == "down");
        Assert.Equal("up", (string)topology["regions"]![0]!["state"]!);
        await UntilToldAsync(root, "failed");
        (await root.PostAsync("/_api/region/eu-west/heal")).AssertStatus(200);
        var healed = await UntilToldAsync(root, "healed");

        Assert.Equal("eu-west", (string)healed["peer"]!);
        Assert.Equal("eu-west is back in service", (string)healed["text"]!);
    }

    [Fact]
    public async Task The_history_tells_how_links_were_as_both_ends_saw_it_also_while_they_could_not_tell_each_other()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        var root = servers.Roots[0];
        await UntilHistoryAsync(root, history => Moments(history, "eu-west").Any(moment => IsSo(moment, "isConnected")) && Moments(history, "us-east").Any());
        (await root.PutAsync("/_api/region/us-east/link/eu-west", """{"isCut":true}""")).AssertStatus(200);
        var during = await UntilHistoryAsync(root, history => Moments(history, "us-east").Any(moment => IsSo(moment, "isCut")));
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        (await root.PutAsync("/_api/region/us-east/link/eu-west", """{"isCut":false}""")).AssertStatus(200);

        var after = await UntilHistoryAsync(root, history => Moments(history, "eu-west").SkipWhile(moment => IsSo(moment, "isConnected")).Any(moment => IsSo(moment, "isConnected")));

        Assert.Equal(["us-east"], during["regions"]!.AsArray().Select(region => (string)region!["region"]!));
        Assert.Contains(Moments(after, "us-east"), moment => IsSo(moment, "isCut"));
        var times = Moments(after, "eu-west").Select(moment => (string)moment["at"]!).ToList();
        Assert.Equal(times.Order(StringComparer.Ordinal), times);
        Assert.All(times, time => Assert.InRange(time, (string)after["from"]!, (string)after["to"]!));
        Assert.Contains(after["events"]!.AsArray(), told => (string)told!["kind"]! == "cut");
        Assert.Empty(Moments((await server.Root.GetAsync("/_api/topology/history")).AssertStatus(200)["result"]!, "test-region"));
    }

    private static bool IsSo(JsonNode moment, string name) => moment["links"]!.AsArray().Any(link => (bool)link![name]!);

    private static IEnumerable<JsonNode> Moments(JsonNode history, string region) =>
        history["regions"]!.AsArray().FirstOrDefault(one => (string)one!["region"]! == region)?["moments"]!.AsArray().Select(moment => moment!) ?? [];

    private static async Task<JsonNode> UntilHistoryAsync(ApiClient root, Func<JsonNode, bool> isSo)
    {
        for (var attempts = 0; ; attempts++)
        {
            var history = (await root.GetAsync("/_api/topology/history")).AssertStatus(200)["result"]!;
            if (isSo(history))
                return history;
            Assert.True(attempts < 200, history.ToJsonString());
            await Task.Delay(100, TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task A_session_goes_to_another_region_by_a_code()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        var handover = (await servers.Roots[0].PostAsync("/_api/console/handover", """{"region":"eu-west"}""")).AssertStatus(201)["result"]!;
        var body = $$"""{"code":"{{(string)handover["code"]!}}"}""";
        using var here = ApiClient.Anonymous(servers.All[0].Url);
        using var there = ApiClient.Anonymous((string)handover["url"]!);

        (await here.PostAsync("/_open/auth/code", body)).AssertError(401, 401);
        var session = (await there.PostAsync("/_open/auth/code", body)).AssertStatus(200);

        Assert.Equal(servers.All[1].Url + "/", (string)handover["url"]!);
        (await there.WithAuthorization("bearer " + (string)session["jwt"]!).GetAsync("/_api/version")).AssertStatus(200);
    }

    private static List<JsonNode> Links(JsonNode topology) => [.. topology["links"]!.AsArray().Select(link => link!)];

    private static JsonNode Find(JsonNode topology, string from, string to) => Links(topology).Single(link => (string)link["from"]! == from && (string)link["to"]! == to);

    private static async Task<JsonNode> UntilAsync(ApiClient root, Func<JsonNode, bool> isSo)
    {
        for (var attempts = 0; ; attempts++)
        {
            var topology = (await root.GetAsync("/_api/topology")).AssertStatus(200)["result"]!;
            if (isSo(topology))
                return topology;
            Assert.True(attempts < 400, topology.ToJsonString());
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }

    private static async Task<JsonNode> UntilToldAsync(ApiClient root, string kind)
    {
        for (var attempts = 0; ; attempts++)
        {
            var events = (await root.GetAsync("/_api/topology/timeline")).AssertStatus(200)["result"]!.AsArray();
            if (events.FirstOrDefault(told => (string)told!["kind"]! == kind) is { } found)
                return found;
            Assert.True(attempts < 400, $"{kind}: {events.ToJsonString()}");
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
