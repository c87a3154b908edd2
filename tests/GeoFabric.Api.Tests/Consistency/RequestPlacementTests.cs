using GeoFabric.Api.Tests.Cluster;

namespace GeoFabric.Api.Tests.Consistency;

/// <summary>Requests that have to be answered at another region, and those that must not be.</summary>
public sealed class RequestPlacementTests
{
    private const string System = "/_fabric/_system/_api";

    [Fact]
    public async Task A_token_of_one_region_is_good_in_all_and_the_catalog_is_changed_at_home_from_anywhere()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        using var abroad = ApiClient.Anonymous(servers.All[1].Url).WithAuthorization("bearer " + servers.Roots[0].Token);

        var created = await abroad.PostAsync(System + "/database", """{"name":"shop"}""");

        created.AssertStatus(201);
        Assert.Equal("us-east", created.Headers["x-gdn-region"]);
        // Known here as soon as the call has returned.
        (await abroad.GetAsync("/_fabric/shop/_api/database/current")).AssertStatus(200);
        (await abroad.PostAsync(System + "/database", """{"name":"shop"}""")).AssertError(409, 1207);
        (await abroad.PostAsync("/_api/tenant", """{"email":"anna@example.com","passwd":"Secret-456"}""")).AssertStatus(201);
        using var anna = await ApiClient.LogInAsync(servers.All[1].Url, "anna_example.com", "root", "Secret-456");
        (await anna.PatchAsync(System + "/database/metadata", """{"metadata":{"a":"1"}}""")).AssertStatus(201);
        Assert.Equal("1", (string)(await anna.GetAsync(System + "/database/metadata"))["result"]!["options"]!["metadata"]!["a"]!);
        (await abroad.DeleteAsync("/_api/tenant/anna_example.com")).AssertStatus(202);
        (await anna.GetAsync(System + "/collection")).AssertError(401, 11);
    }

    [Fact]
    public async Task A_spot_collection_is_written_at_home_and_read_there_by_who_wants_the_latest()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        var (home, abroad) = (servers.Roots[0].In(System), servers.Roots[1].In(System));
        await servers.CreateAsync(System, """{"name":"orders","isSpot":true}""");

        servers.Cut();
        var written = await abroad.PostAsync("/document/orders?returnNew=true", """{"_key":"a%b","n":1}""", ("X-Custom", "kept"));

        written.AssertStatus(202);
        Assert.Equal("us-east", written.Headers["x-gdn-region"]);
        Assert.NotEmpty(written.Headers["ETag"]);
        (await home.GetAsync("/document/orders/a%25b")).AssertStatus(200);
        // Nothing brings changes here, so a read of this region's own copy finds none.
        (await abroad.GetAsync("/document/orders/a%25b")).AssertError(404, 1202);
        foreach (var (path, header) in new[] { ("?strongConsistency=true", ""), ("?consistency=strong", ""), ("", "strong") })
        {
            var read = await abroad.GetAsync("/document/orders/a%25b" + path, header.Length > 0 ? [("X-GF-Consistency", header)] : []);
            Assert.Equal((200, "us-east", 1), (read.Status, read.Headers["x-gdn-region"], (int)read["n"]!));
        }
        Assert.Equal(304, (await abroad.GetAsync("/document/orders/a%25b?consistency=strong", ("If-None-Match", written.Headers["ETag"]))).Status);
        (await abroad.SendAsync("HEAD", "/document/orders/a%25b?consistency=strong", null)).AssertStatus(200);
        (await abroad.PostAsync("/document/orders", """{"_key":"a%b"}""")).AssertError(409, 1210);
        (await abroad.PutAsync("/collection/orders/truncate")).AssertStatus(200);
        (await home.GetAsync("/document/orders/a%25b")).AssertError(404, 1202);
    }

    [Fact]
    public async Task Queries_go_where_their_collections_have_them_go_with_their_cursors()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        var (home, abroad) = (servers.Roots[0].In(System), servers.Roots[1].In(System));
        await servers.CreateAsync(System, """{"name":"orders","isSpot":true}""");
        await servers.CreateAsync(System, """{"name":"notes"}""");
        (await home.PostAsync("/restql", """{"query":{"name":"all","value":"FOR o IN orders RETURN o.n","parameter":{}}}""")).AssertStatus(200);
        while ((await abroad.PostAsync("/restql/execute/all")).Status >= 300)
            await Task.Delay(10);
        servers.Cut();

        var insert = await abroad.PostAsync("/cursor", """{"query":"FOR i IN 1..5 INSERT {n: i} INTO orders"}""");
        Assert.Equal((201, "us-east"), (insert.Status, insert.Headers["x-gdn-region"]));
        Assert.Empty((await abroad.PostAsync("/cursor", """{"query":"FOR o IN orders RETURN o.n"}"""))["result"]!.AsArray());
        var strong = await abroad.PostAsync("/cursor", """{"query":"FOR o IN orders SORT o.n RETURN o.n","batchSize":2,"options":{"consistency":"strong"}}""");
        Assert.Equal("[1,2]", strong["result"]!.ToJsonString());
        Assert.Equal("[3,4]", (await abroad.PutAsync($"/cursor/{strong["id"]}"))["result"]!.ToJsonString());
        (await abroad.DeleteAsync($"/cursor/{strong["id"]}")).AssertStatus(202);
        (await abroad.PutAsync($"/cursor/{strong["id"]}")).AssertError(404, 1600);
        Assert.Equal(5, (await abroad.PostAsync("/restql/execute/all?strongConsistency=true", "{}"))["result"]!.AsArray().Count);
        Assert.Empty((await abroad.PostAsync("/restql/execute/all"))["result"]!.AsArray());
        (await abroad.PostAsync("/cursor?consistency=strong", """{"query":"FOR n IN notes RETURN n"}""")).AssertError(400, 10);
        Assert.Equal("eu-west", (await abroad.PostAsync("/cursor", """{"query":"INSERT {} INTO notes"}""")).AssertStatus(201).Headers["x-gdn-region"]);
    }

    [Fact]
    public async Task A_large_body_streams_through()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        var (home, abroad) = (servers.Roots[0].In(System), servers.Roots[1].In(System));
        await servers.CreateAsync(System, """{"name":"orders","isSpot":true}""");
        var text = new string('x', 3 << 20);

        (await abroad.PostAsync("/document/orders", $$"""{"_key":"big","text":"{{text}}"}""")).AssertStatus(202);

        Assert.Equal(text, (string)(await abroad.GetAsync("/document/orders/big?consistency=strong"))["text"]!);
    }

    [Fact]
    public async Task Strong_reads_of_what_is_written_everywhere_are_refused_and_defaults_count_from_request_to_collection_to_fabric()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        var root = servers.Roots[1];
        (await root.PostAsync(System + "/database", """{"name":"shop","options":{"consistency":"bounded(1)"}}""")).AssertStatus(201);
        var shop = root.In("/_fabric/shop/_api");
        await servers.ReadyAsync();
        (await shop.PostAsync("/collection", """{"name":"plain"}""")).AssertStatus(200);
        (await shop.PostAsync("/collection", """{"name":"easy","consistency":"eventual"}""")).AssertStatus(200);
        (await shop.PostAsync("/collection", """{"name":"odd","consistency":"sometimes"}""")).AssertError(400, 10);
        (await shop.PostAsync("/collection", """{"name":"odd","consistency":"strong"}""")).AssertError(400, 10);

        (await shop.GetAsync("/collection/plain/count?strongConsistency=true")).AssertError(400, 10);
        // The new fabric catches up as well, and may have begun to only now.
        await servers.ReadyAsync();
        servers.Cut();
        // Nothing is heard of the other region's log, so what is bounded cannot be had.
        var tooOld = (await shop.GetAsync("/collection/plain/count")).AssertError(503, 1478);
        Assert.Equal("1", tooOld.Headers["Retry-After"]);
        (await shop.GetAsync("/collection/plain/count?consistency=causal")).AssertStatus(200);
        (await shop.GetAsync("/collection/easy/count")).AssertStatus(200);
        (await shop.GetAsync("/collection/easy/count?consistency=bounded(100)")).AssertError(503, 1478);
        (await shop.PostAsync("/document/plain", "{}")).AssertStatus(202);
        (await shop.PutAsync("/collection/plain/properties", """{"consistency":"causal"}""")).AssertStatus(200);
        Assert.Equal("causal", (string)(await shop.GetAsync("/collection/plain/properties"))["consistency"]!);
        (await shop.GetAsync("/collection/plain/count")).AssertStatus(200);
        (await shop.GetAsync("/collection/plain/count?consistency=nonsense")).AssertError(400, 10);
    }

    [Fact]
    public async Task A_session_carries_its_token_and_another_region_says_when_it_is_behind()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        var (home, abroad) = (servers.Roots[0].In(System), servers.Roots[1].In(System));
        await servers.CreateAsync(System, """{"name":"notes"}""");

        servers.Cut();
        var written = await home.PostAsync("/document/notes", """{"_key":"a"}""", ("X-GF-Session", ""));
        var token = written.AssertStatus(202).Headers["X-GF-Session"];
        var read = await home.GetAsync("/document/notes/a", ("X-GF-Session", token));
        Assert.NotEmpty(read.AssertStatus(200).Headers["X-GF-Session"]);
        (await abroad.GetAsync("/document/notes/a", ("X-GF-Session", token))).AssertError(503, 1478);
        // Who explicitly asks for less does not wait, and keeps the session.
        var less = await abroad.GetAsync("/collection/notes/count?consistency=eventual", ("X-GF-Session", token));
        Assert.NotEmpty(less.AssertStatus(200).Headers["X-GF-Session"]);
        (await home.GetAsync("/document/notes/a", ("X-GF-Session", token[..^2] + "xx"))).AssertError(400, 10);
        Assert.False((await home.GetAsync("/document/notes/a")).Headers.ContainsKey("X-GF-Session"));
        Assert.NotEmpty((await home.GetAsync("/document/notes/a?consistency=session")).Headers["X-GF-Session"]);
    }

    [Fact]
    public async Task A_request_is_sent_on_once_and_not_to_where_nobody_is()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        var (home, abroad) = (servers.Roots[0].In(System), servers.Roots[1].In(System));
        await servers.CreateAsync(System, """{"name":"orders","isSpot":true}""");

        (await abroad.PostAsync("/document/orders", "{}", ("X-GF-Forwarded", "ap-southeast"))).AssertError(503, 1496);
        (await home.PostAsync("/document/orders", "{}", ("X-GF-Forwarded", "eu-west"))).AssertStatus(202);
        (await home.PostAsync("/document/orders", "{}", ("X-GF-Forwarded", "eu-west"), ("X-GF-Catalog", "9.9.1"))).AssertError(503, 1496);
        await servers.StopAsync(0);
        var unreachable = (await abroad.PostAsync("/document/orders", "{}")).AssertError(503, 1477);
        Assert.Equal("1", unreachable.Headers["Retry-After"]);
        (await abroad.GetAsync("/collection/orders/count")).AssertStatus(200);
    }

    [Fact]
    public async Task A_server_on_its_own_takes_every_level()
    {
        await using var servers = await TestServers.StartAsync("us-east");
        var alone = servers.Roots[0].In(System);
        (await alone.PostAsync("/collection", """{"name":"orders","strongConsistency":true}""")).AssertStatus(200);
        (await alone.PostAsync("/document/orders", """{"_key":"a"}""")).AssertStatus(202);

        foreach (var level in new[] { "eventual", "causal", "session", "bounded(1)", "strong" })
            (await alone.GetAsync("/document/orders/a", ("X-GF-Consistency", level))).AssertStatus(200);
    }
}
