using System.Text.Json.Nodes;

namespace GeoFabric.Api.Tests;

public sealed class QueryTests(ServerFixture server)
{
    [Fact]
    public async Task A_query_is_paged_by_its_cursor()
    {
        var fabric = await server.NewFabricAsync();

        var first = (await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..@n RETURN i","bindVars":{"n":25},"batchSize":10,"count":true}""")).AssertStatus(201);
        Assert.True((bool)first["hasMore"]!);
        Assert.Equal(25, (int)first["count"]!);
        var id = (string)first["id"]!;
        var second = (await fabric.PutAsync("/cursor/" + id)).AssertStatus(200);
        Assert.Equal(id, (string)second["id"]!);
        var third = (await fabric.PutAsync("/cursor/" + id)).AssertStatus(200);

        Assert.False((bool)third["hasMore"]!);
        Assert.Null(third["id"]);
        Assert.Equal(Enumerable.Range(1, 25), new[] { first, second, third }.SelectMany(page => page["result"]!.AsArray()).Select(item => (int)item!));
        (await fabric.PutAsync("/cursor/" + id)).AssertError(404, 1600);
        (await fabric.DeleteAsync("/cursor/" + id)).AssertError(404, 1600);
    }

    [Fact]
    public async Task A_streamed_query_makes_its_pages_when_they_are_fetched()
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..20 INSERT {_key: TO_STRING(100 + i), v: i} INTO c"}""");

        var first = (await fabric.PostAsync("/cursor", """{"query":"FOR d IN c RETURN d.v","batchSize":8,"count":true,"options":{"stream":true,"fullCount":true}}""")).AssertStatus(201);
        var id = (string)first["id"]!;
        var running = (await fabric.GetAsync("/query/current")).Body!.AsArray().Single(query => (bool)query!["stream"]!)!;
        await fabric.PostAsync("/cursor", """{"query":"FOR d IN c REMOVE d IN c"}""");
        var second = (await fabric.PutAsync("/cursor/" + id)).AssertStatus(200);
        var third = (await fabric.PutAsync("/cursor/" + id)).AssertStatus(200);

        Assert.Equal("FOR d IN c RETURN d.v", (string)running["query"]!);
        Assert.Null(first["count"]);
        Assert.Null(first["extra"]!["stats"]!["fullCount"]);
        Assert.Equal(Enumerable.Range(1, 20), new[] { first, second, third }.SelectMany(page => page["result"]!.AsArray()).Select(item => (int)item!));
        Assert.False((bool)third["hasMore"]!);
        (await fabric.PutAsync("/cursor/" + id)).AssertError(404, 1600);
        Assert.DoesNotContain((await fabric.GetAsync("/query/current")).Body!.AsArray(), query => (bool)query!["stream"]!);
    }

    [Fact]
    public async Task A_streamed_query_fails_at_the_page_of_its_error_and_is_killed_and_deleted()
    {
        var fabric = await server.NewFabricAsync();
        const string Streamed = ""","batchSize":2,"options":{"stream":true}}""";

        var failing = (await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..9 RETURN LENGTH(1..(i == 5 ? 1000000000 : i))" """ + Streamed)).AssertStatus(201);
        (await fabric.PutAsync("/cursor/" + (string)failing["id"]!)).AssertError(400, 1504);
        (await fabric.PutAsync("/cursor/" + (string)failing["id"]!)).AssertError(404, 1600);

        var killed = (await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..9 RETURN i" """ + Streamed)).AssertStatus(201);
        var running = (await fabric.GetAsync("/query/current")).Body!.AsArray().Single(query => (bool)query!["stream"]!)!;
        (await fabric.DeleteAsync("/query/" + (string)running["id"]!)).AssertStatus(200);
        (await fabric.PutAsync("/cursor/" + (string)killed["id"]!)).AssertError(410, 1500);

        var deleted = (await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..9 RETURN i" """ + Streamed)).AssertStatus(201);
        (await fabric.DeleteAsync("/cursor/" + (string)deleted["id"]!)).AssertStatus(202);
        Assert.Empty((await fabric.GetAsync("/query/current")).Body!.AsArray());
    }

    [Fact]
    public async Task A_cursor_is_deleted_and_belongs_to_its_fabric()
    {
        var fabric = await server.NewFabricAsync();
        var other = await server.NewFabricAsync();
        var id = (string)(await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..9 RETURN i","batchSize":2}"""))["id"]!;

        (await other.PutAsync("/cursor/" + id)).AssertError(404, 1600);
        Assert.Equal(id, (string)(await fabric.DeleteAsync("/cursor/" + id)).AssertStatus(202)["id"]!);
        (await fabric.PutAsync("/cursor/" + id)).AssertError(404, 1600);
    }

    [Fact]
    public async Task Writing_queries_report_what_they_wrote()
    {
        var fabric = await server.NewCollectionAsync();

        var written = (await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..20 INSERT {_key: TO_STRING(i), v: i} INTO c"}""")).AssertStatus(201);
        var counted = (await fabric.PostAsync("/cursor", """{"query":"FOR d IN c FILTER d.v > 5 LIMIT 3 RETURN d.v","options":{"fullCount":true,"profile":2}}""")).AssertStatus(201);

        Assert.Equal(20, (int)written["extra"]!["stats"]!["writesExecuted"]!);
        Assert.Equal(3, counted["result"]!.AsArray().Count);
        Assert.Equal(15, (int)counted["extra"]!["stats"]!["fullCount"]!);
        Assert.Equal(
            ["initializing", "parsing", "optimizing ast", "loading collections", "instantiating plan", "optimizing plan", "instantiating executors", "executing", "finalizing"],
            counted["extra"]!["profile"]!.AsObject().Select(stage => stage.Key));
        Assert.NotNull(counted["extra"]!["plan"]);
    }

    [Fact]
    public async Task A_failed_writing_query_leaves_nothing()
    {
        var fabric = await server.NewCollectionAsync();

        (await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..20 INSERT {_key: i == 20 ? '1' : TO_STRING(i)} INTO c"}""")).AssertError(409, 1210);

        Assert.Equal(0, (int)(await fabric.GetAsync("/collection/c/count"))["count"]!);
    }

    [Fact]
    public async Task A_batch_that_was_lost_is_fetched_again()
    {
        var fabric = await server.NewFabricAsync();
        var first = (await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..5 RETURN i","batchSize":2,"options":{"allowRetry":true}}""")).AssertStatus(201);
        var id = (string)first["id"]!;
        Assert.Equal("2", (string)first["nextBatchId"]!);

        var second = (await fabric.PostAsync($"/cursor/{id}/2", "{}")).AssertStatus(200);
        var again = (await fabric.PostAsync($"/cursor/{id}/2", "{}")).AssertStatus(200);
        var third = (await fabric.PostAsync($"/cursor/{id}/3", "{}")).AssertStatus(200);
        var thirdAgain = (await fabric.PostAsync($"/cursor/{id}/3", "{}")).AssertStatus(200);

        Assert.Equal([3, 4], again["result"]!.AsArray().Select(item => (int)item!));
        Assert.Equal(second["result"]!.ToJsonString(), again["result"]!.ToJsonString());
        Assert.Equal("3", (string)again["nextBatchId"]!);
        Assert.Equal([5], thirdAgain["result"]!.AsArray().Select(item => (int)item!));
        Assert.False((bool)third["hasMore"]!);
        Assert.Null(third["nextBatchId"]);
        (await fabric.PostAsync($"/cursor/{id}/2", "{}")).AssertError(404, 1600);
        (await fabric.PostAsync($"/cursor/{id}/9", "{}")).AssertError(404, 1600);
        (await fabric.DeleteAsync("/cursor/" + id)).AssertStatus(202);
    }

    [Fact]
    public async Task Without_retry_a_batch_comes_once()
    {
        var fabric = await server.NewFabricAsync();
        var first = await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..5 RETURN i","batchSize":2}""");
        var id = (string)first["id"]!;
        Assert.Null(first["nextBatchId"]);

        (await fabric.PostAsync($"/cursor/{id}/2", "{}")).AssertStatus(200);

        (await fabric.PostAsync($"/cursor/{id}/2", "{}")).AssertError(404, 1600);
    }

    [Fact]
    public async Task Options_of_cursors_are_checked_and_warnings_are_limited()
    {
        var fabric = await server.NewCollectionAsync();
        const string warning = """{"query":"FOR i IN 1..20 RETURN i / 0" """;

        (await fabric.PostAsync("/cursor", """{"query":""}""")).AssertError(400, 1502);
        (await fabric.PostAsync("/cursor", """{"query":"RETURN 1","bindVars":[]}""")).AssertError(400, 1550);
        (await fabric.PostAsync("/cursor", """{"query":"RETURN 1","bindVars":"x"}""")).AssertError(400, 1550);
        (await fabric.PostAsync("/cursor", """{"query":"RETURN 1","batchSize":0}""")).AssertError(400, 10);
        (await fabric.PostAsync("/cursor", """{"query":"RETURN 1","batchSize":-1}""")).AssertError(400, 10);
        (await fabric.PostAsync("/cursor", """{"query":"RETURN 1","batchSize":100000000}""")).AssertStatus(201);
        Assert.Equal(10, (await fabric.PostAsync("/cursor", warning + "}")).AssertStatus(201)["extra"]!["warnings"]!.AsArray().Count);
        Assert.Equal(3, (await fabric.PostAsync("/cursor", warning + ""","options":{"maxWarningCount":3}}"""))["extra"]!["warnings"]!.AsArray().Count);
        Assert.Empty((await fabric.PostAsync("/cursor", warning + ""","options":{"maxWarningCount":0}}"""))["extra"]!["warnings"]!.AsArray());
        (await fabric.PostAsync("/cursor", warning + ""","options":{"failOnWarning":true}}""")).AssertError(400, 1562);
        (await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..1000000 RETURN i","memoryLimit":10000}""")).AssertError(500, 32);
        Assert.Null((await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..5 RETURN i","count":true,"options":{"stream":true}}"""))["count"]);
    }

    [Theory]
    [InlineData("""{"query":"RETURN 1","count":"yes"}""")]
    [InlineData("""{"query":"RETURN 1","options":{"fullCount":"yes"}}""")]
    [InlineData("""{"query":"RETURN 1","options":{"stream":1}}""")]
    [InlineData("""{"query":"RETURN 1","options":{"failOnWarning":"no"}}""")]
    [InlineData("""{"query":"RETURN 1","options":{"allowRetry":{}}}""")]
    [InlineData("""{"query":"RETURN 1","options":{"profile":"much"}}""")]
    [InlineData("""{"query":"RETURN 1","options":{"profile":3}}""")]
    [InlineData("""{"query":"RETURN 1","options":{"optimizer":1}}""")]
    [InlineData("""{"query":"RETURN 1","options":{"optimizer":{"rules":"-all"}}}""")]
    [InlineData("""{"query":"RETURN 1","options":{"optimizer":{"rules":[1]}}}""")]
    [InlineData("""{"query":"RETURN 1","options":{"maxWarningCount":-1}}""")]
    [InlineData("""{"query":"RETURN 1","options":{"maxRuntime":-1}}""")]
    [InlineData("""{"query":"RETURN 1","memoryLimit":-1}""")]
    [InlineData("""{"query":"RETURN 1","ttl":-1}""")]
    public async Task Options_of_the_wrong_kind_are_refused(string body)
    {
        var fabric = await server.NewFabricAsync();

        foreach (var path in (string[])["/cursor", "/explain"])
            (await fabric.PostAsync(path, body)).AssertError(400, 10);
    }

    [Theory]
    [InlineData("""{"optimizer":{"rules":["-all"]}}""")]
    [InlineData("""{"optimizer.rules":["-all"]}""")]
    public async Task Rules_are_chosen_by_either_name(string options)
    {
        var fabric = await server.NewFabricAsync();

        var explained = await fabric.PostAsync("/explain", $$"""{"query":"FOR i IN 1..3 FILTER 1 == 2 RETURN i","options":{{options}}}""");

        Assert.Empty(explained.AssertStatus(200)["plan"]!["rules"]!.AsArray());
    }

    [Fact]
    public async Task Statistics_tell_what_was_read_and_counted()
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..20 INSERT {_key: TO_STRING(i), v: i} INTO c"}""");

        async Task<System.Text.Json.Nodes.JsonNode> StatsAsync(string query, string options = "{}") =>
            (await fabric.PostAsync("/cursor", $$"""{"query":"{{query}}","options":{{options}}}""")).AssertStatus(201)["extra"]!["stats"]!;

        var scan = await StatsAsync("FOR d IN c FILTER d.v > 15 RETURN d.v");
        Assert.Equal((20, 0, 15), ((int)scan["scannedFull"]!, (int)scan["scannedIndex"]!, (int)scan["filtered"]!));
        var lookup = await StatsAsync("FOR d IN c FILTER d._key == '3' RETURN d.v");
        Assert.Equal((0, 1, 0), ((int)lookup["scannedFull"]!, (int)lookup["scannedIndex"]!, (int)lookup["filtered"]!));
        Assert.Null((await StatsAsync("FOR i IN 1..9 RETURN i", """{"fullCount":true}"""))["fullCount"]);
        Assert.Null((await StatsAsync("FOR i IN 1..9 LIMIT 2 RETURN i"))["fullCount"]);
        Assert.Equal(9, (int)(await StatsAsync("FOR i IN 1..9 LIMIT 2 RETURN i", """{"fullCount":true}"""))["fullCount"]!);
        Assert.Equal(3, (int)(await StatsAsync("FOR i IN 1..9 LIMIT 3 FILTER i > 0 LIMIT 1 RETURN i", """{"fullCount":true}"""))["fullCount"]!);
        Assert.Null((await StatsAsync("LET x = (FOR i IN 1..9 LIMIT 2 RETURN i) RETURN x", """{"fullCount":true}"""))["fullCount"]);
        Assert.Equal(9, (int)(await StatsAsync("FOR i IN 1..9 LIMIT 0 RETURN i", """{"fullCount":true}"""))["fullCount"]!);
        var ignored = await StatsAsync("FOR i IN 1..2 INSERT {_key: '1'} INTO c OPTIONS {ignoreErrors: true}");
        Assert.Equal((0, 2), ((int)ignored["writesExecuted"]!, (int)ignored["writesIgnored"]!));
        foreach (var name in new[] { "documentLookups", "seeks", "cursorsCreated", "cursorsRearmed", "cacheHits", "cacheMisses", "httpRequests", "intermediateCommits", "executionTime", "peakMemoryUsage" })
            Assert.NotNull(scan[name]);
    }

    [Theory]
    [InlineData("RETURN LENGTH((1..3000)[* RETURN SUM((1..3000)[* RETURN SUM(1..3000)])])")]
    [InlineData("LET a = 1..100000 RETURN a AT LEAST (100001) IN a")]
    [InlineData("LET a = 1..30000 RETURN a[? ALL FILTER a ALL != -CURRENT]")]
    [InlineData("FOR i IN 1..2 RETURN (1..30000)[* FILTER (1..30000)[* FILTER CURRENT < 0] != [] RETURN i]")]
    public async Task Loops_inside_of_expressions_end_with_the_time_of_the_query(string query)
    {
        var fabric = await server.NewFabricAsync();

        (await fabric.PostAsync("/cursor", $$"""{"query":"{{query}}","maxRuntime":0.3}""")).AssertError(410, 1500);
    }

    [Fact]
    public async Task What_an_expression_collects_counts_as_memory()
    {
        var fabric = await server.NewFabricAsync();

        (await fabric.PostAsync("/cursor", """{"query":"RETURN LENGTH((1..3000)[* RETURN (1..3000)[* RETURN CURRENT]])","memoryLimit":20000000}""")).AssertError(500, 32);
    }

    [Theory]
    [InlineData("FOR i IN 1..50000 FILTER LENGTH(FLATTEN([[i, 2], [3]])) == 7 RETURN i")]
    [InlineData("FOR i IN 1..50000 LET a = FLATTEN([[i, 2], [3]]) FILTER a[2] == 7 RETURN a")]
    [InlineData("FOR i IN 1..50000 FILTER (1..10)[* FILTER CURRENT > i] == 7 RETURN i")]
    [InlineData("RETURN LENGTH(FOR i IN 1..50000 FILTER LENGTH(FLATTEN([[i, 2], [3]])) == 3 RETURN 1)")]
    [InlineData("FOR i IN 1..50000 RETURN LENGTH(SLICE(FLATTEN([[i, 2], [3]]), 1))")]
    public async Task What_a_row_was_made_of_is_no_memory_of_the_query_any_more(string query)
    {
        var fabric = await server.NewFabricAsync();

        var answer = (await fabric.PostAsync("/cursor", $$"""{"query":"{{query}}","memoryLimit":3000000}""")).AssertStatus(201);

        Assert.InRange((long)answer["extra"]!["stats"]!["peakMemoryUsage"]!, 0, 3_000_000);
    }

    [Fact]
    public async Task Statistics_tell_lookups_and_cursors()
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/collection", """{"name":"links","type":3}""");
        foreach (var index in (string[])["""{"type":"persistent","fields":["n"]}""", """{"type":"geo","fields":["at"],"geoJson":true}""", """{"type":"mdi","fields":["x","y"],"fieldValueTypes":"double"}"""])
            (await fabric.PostAsync("/index?collection=c", index)).AssertStatus(201);
        await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..20 INSERT {_key: TO_STRING(i), n: i % 4, m: i, x: i, y: i, at: [i, 1]} INTO c"}""");
        await fabric.PostAsync("/cursor", """{"query":"FOR i IN 2..4 INSERT {_from: 'c/1', _to: CONCAT('c/', i)} INTO links"}""");
        await fabric.PostAsync("/search/view", """{"name":"v","links":{"c":{"includeAllFields":true}}}""");

        async Task<(int Lookups, int Created, int Rearmed)> StatsAsync(string query)
        {
            var stats = (await fabric.PostAsync("/cursor", $$"""{"query":"{{query}}"}""")).AssertStatus(201)["extra"]!["stats"]!;
            return ((int)stats["documentLookups"]!, (int)stats["cursorsCreated"]!, (int)stats["cursorsRearmed"]!);
        }

        Assert.Equal((0, 0, 0), await StatsAsync("FOR d IN c FILTER d.m > 15 RETURN d.m"));
        Assert.Equal((5, 1, 0), await StatsAsync("FOR d IN c FILTER d.n == 1 RETURN d.m"));
        Assert.Equal((10, 2, 0), await StatsAsync("FOR d IN c FILTER d.n IN [1, 2] RETURN d.m"));
        Assert.Equal((0, 1, 0), await StatsAsync("FOR d IN c FILTER d.n == 1 RETURN d.n"));
        Assert.Equal((1, 0, 0), await StatsAsync("FOR d IN c FILTER d._key == '3' RETURN d.m"));
        Assert.Equal((3, 1, 1), await StatsAsync("FOR v IN OUTBOUND 'c/1' links RETURN v.m"));
        Assert.Equal((5, 1, 0), await StatsAsync("FOR d IN v SEARCH d.n == 1 RETURN d.m"));
        Assert.Equal((0, 1, 0), await StatsAsync("FOR d IN v SEARCH d.n == 1 RETURN d._key"));
        Assert.Equal((3, 1, 0), await StatsAsync("FOR d IN c FILTER d.x >= 2 && d.x <= 4 && d.y >= 1 && d.y <= 9 RETURN d.m"));
        var near = await StatsAsync("FOR d IN c FILTER GEO_DISTANCE(d.at, [5, 1]) < 1000 RETURN d.m");
        Assert.True(near is { Lookups: > 0, Created: > 0 }, near.ToString());
    }

    [Fact]
    public async Task Clients_see_errors_in_the_order_of_the_checks()
    {
        var fabric = await server.NewCollectionAsync();

        foreach (var (query, status, number) in new[]
        {
            ("RETURN nosuchfunction(@missing) +", 400, 1501),
            ("LET a = 1 LET a = nosuchfunction(@missing) RETURN nosuch", 400, 1540),
            ("LET a = 1 LET a = @missing RETURN nosuch", 400, 1511),
            ("RETURN LENGTH(1, @missing, nosuch)", 400, 1541),
            ("FOR d IN c OPTIONS {indexHint: d} RETURN @missing", 400, 1575),
            ("INSERT {} INTO c INSERT {} INTO c RETURN @missing", 400, 1579),
            ("FOR d IN nosuch RETURN @missing", 400, 1551),
            ("FOR d IN nosuch RETURN 1 / 0", 404, 1203),
            ("FOR d IN nosuch LIMIT 0 RETURN FAIL()", 404, 1203),
            ("FOR d IN c RETURN @missing", 400, 1551),
        })
        {
            (await fabric.PostAsync("/cursor", $$"""{"query":"{{query}}"}""")).AssertError(status, number);
            (await fabric.PostAsync("/explain", $$"""{"query":"{{query}}"}""")).AssertError(status, number);
        }
    }

    [Fact]
    public async Task Parsing_and_explaining_do_not_run_the_query()
    {
        var fabric = await server.NewCollectionAsync();
        const string query = """{"query":"FOR d IN c FILTER d.a == @x INSERT d INTO @@target","bindVars":{"x":1,"@target":"c"}}""";

        var parsed = (await fabric.PostAsync("/query", query)).AssertStatus(200);
        Assert.True((bool)parsed["parsed"]!);
        Assert.Contains("c", parsed["collections"]!.AsArray().Select(name => (string)name!));
        Assert.Contains("x", parsed["bindVars"]!.AsArray().Select(name => (string)name!));
        const string reading = """{"query":"FOR d IN c FILTER d.a == @x RETURN d","bindVars":{"x":1}}""";
        foreach (var path in (string[])["/query/explain", "/explain"])
        {
            var explained = (await fabric.PostAsync(path, reading)).AssertStatus(200);
            Assert.NotEmpty(explained["plan"]!["nodes"]!.AsArray());
            Assert.NotNull(explained["stats"]!["rulesExecuted"]);
        }
        Assert.NotNull((await fabric.PostAsync("/explain", """{"query":"RETURN 1","options":{"allPlans":true}}"""))["plans"]);
        (await fabric.PostAsync("/explain", """{"query":"RETURN 1","options":{"allPlans":"yes"}}""")).AssertError(400, 10);
        (await fabric.PostAsync("/explain", """{"query":"RETURN 1","bindVars":[1]}""")).AssertError(400, 1550);
        (await fabric.PostAsync("/explain", """{"query":"RETURN 1","bindVars":{"x":1}}""")).AssertError(400, 1552);
        (await fabric.PostAsync("/query", """{"query":"FOR"}""")).AssertError(400, 1501);
    }

    [Fact]
    public async Task Running_queries_are_listed_and_killed()
    {
        var fabric = await server.NewFabricAsync();
        var running = fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..100 RETURN SLEEP(0.2)"}""");
        string? id = null;
        for (var i = 0; i < 100 && id is null; i++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            id = (string?)(await fabric.GetAsync("/query/current")).Body!.AsArray().FirstOrDefault()?["id"];
        }
        Assert.NotNull(id);

        (await fabric.DeleteAsync("/query/" + id)).AssertStatus(200);

        (await running).AssertError(410, 1500);
        (await fabric.DeleteAsync("/query/" + id)).AssertError(404, 1591);
        Assert.Equal("[]", (await fabric.GetAsync("/query/slow")).AssertStatus(200).Text);
        (await fabric.DeleteAsync("/query/slow")).AssertStatus(200);
    }

    [Fact]
    public async Task A_saved_query_is_run_with_its_defaults_or_other_values()
    {
        var fabric = await server.NewFabricAsync();
        var saved = (await fabric.PostAsync("/restql", """{"query":{"name":"twice","value":"RETURN @x * 2","parameter":{"x":4}}}""")).AssertStatus(200);
        Assert.EndsWith(".twice", (string)saved["result"]!["_key"]!, StringComparison.Ordinal);

        Assert.Equal("[8]", (await fabric.PostAsync("/restql/execute/twice")).AssertStatus(201)["result"]!.ToJsonString());
        Assert.Equal("[8]", (await fabric.PostAsync("/restql/execute/twice", "{}")).AssertStatus(201)["result"]!.ToJsonString());
        Assert.Equal("[10]", (await fabric.PostAsync("/restql/execute/twice", """{"bindVars":{"x":5}}""")).AssertStatus(201)["result"]!.ToJsonString());
        (await fabric.PostAsync("/restql/execute/twice", """{"bindVars":{"y":5}}""")).AssertError(400, 1552);
        (await fabric.PutAsync("/restql/twice", """{"query":{"value":"RETURN @x * 3"}}""")).AssertStatus(200);
        Assert.Equal("[12]", (await fabric.PostAsync("/restql/execute/twice")).AssertStatus(201)["result"]!.ToJsonString());
        (await fabric.PostAsync("/restql", """{"query":{"name":"twice","value":"RETURN 1"}}""")).AssertError(409, 1207);
        Assert.Equal("twice", (string)Assert.Single((await fabric.GetAsync("/restql/user"))["result"]!.AsArray())!["name"]!);
        (await fabric.DeleteAsync("/restql/twice")).AssertStatus(200);
        (await fabric.PostAsync("/restql/execute/twice")).AssertError(400, 1502);
    }

    [Fact]
    public async Task A_saved_query_whose_text_changes_forgets_defaults_it_no_longer_declares()
    {
        var fabric = await server.NewFabricAsync();
        (await fabric.PostAsync("/restql", """{"query":{"name":"q","value":"RETURN [@x, @y]","parameter":{"x":4,"y":5}}}""")).AssertStatus(200);

        (await fabric.PutAsync("/restql/q", """{"query":{"value":"RETURN @y"}}""")).AssertStatus(200);

        Assert.Equal("[5]", (await fabric.PostAsync("/restql/execute/q")).AssertStatus(201)["result"]!.ToJsonString());
        (await fabric.PutAsync("/restql/q", """{"query":{"value":"RETURN @y","parameter":{"x":1,"y":2}}}""")).AssertStatus(200);
        (await fabric.PostAsync("/restql/execute/q")).AssertError(400, 1552);
    }

    [Fact]
    public async Task Importing_saved_queries_tells_which_of_them_failed()
    {
        var fabric = await server.NewFabricAsync();

        var imported = (await fabric.PostAsync("/restql/import", """{"queries":[{"name":"a","value":"RETURN 1"},{"name":"b","value":"RETURN"},{"name":"a","value":"RETURN 2"}],"details":true}""")).AssertStatus(200)["result"]!;

        Assert.Equal([1, 2], new[] { "created", "errors" }.Select(name => (int)imported[name]!));
        Assert.Equal([1501, 1207], imported["details"]!["errors"]!.AsArray().Select(error => (int)error!["errorNumber"]!));
        Assert.Equal("b", (string)imported["details"]!["errors"]![0]!["query"]!["name"]!);
        Assert.Equal("[1]", (await fabric.PostAsync("/restql/execute/a")).AssertStatus(201)["result"]!.ToJsonString());
    }

    [Fact]
    public async Task SQL_says_that_it_is_not_built_yet()
    {
        var fabric = await server.NewCollectionAsync();

        (await fabric.PostAsync("/cursor/sql", """{"query":"SELECT * FROM c"}""")).AssertError(501, 501);
    }

    [Theory]
    [InlineData("FOR d IN c FOR x IN d.list FOR y IN x LET e = d FOR z IN e RETURN [y, z]", "c")]
    [InlineData("WITH w FOR v, e, p IN 1..2 OUTBOUND 's/1' edges, INBOUND others PRUNE q = v.x RETURN [v, e, p, q]", "edges others w")]
    [InlineData("FOR c IN c COLLECT g = c.g AGGREGATE n = COUNT(1) INTO all2 RETURN [g, n, all2, LENGTH(d), CURRENT]", "c d")]
    [InlineData("FOR x IN [1] WINDOW {preceding: 1} AGGREGATE s = SUM(x) COLLECT WITH COUNT INTO n INSERT {n} INTO t RETURN [NEW.n, s]", "t")]
    public async Task Parsing_names_collections_but_not_variables(string query, string expected)
    {
        var fabric = await server.NewFabricAsync();

        var parsed = (await fabric.PostAsync("/query", new JsonObject { ["query"] = query }.ToJsonString())).AssertStatus(200);

        Assert.Equal(expected, string.Join(' ', parsed["collections"]!.AsArray().Select(name => (string)name!)));
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"query":null}""")]
    [InlineData("""{"query":1}""")]
    [InlineData("""{"query":""}""")]
    public async Task A_cursor_without_a_query_is_one_of_an_empty_query(string body)
    {
        var fabric = await server.NewFabricAsync();

        (await fabric.PostAsync("/cursor", body)).AssertError(400, 1502);
    }

    [Fact]
    public async Task Import_and_export_carry_a_collection_over()
    {
        var fabric = await server.NewCollectionAsync();

        var lines = (await fabric.PostAsync("/import?collection=c&type=auto&details=true", "{\"_key\":\"1\",\"a\":1}\n\n{\"_key\":\"2\"}\n{\"_key\":\"1\"}\n")).AssertStatus(201);
        Assert.Equal([2, 1, 1, 0, 0], new[] { "created", "errors", "empty", "updated", "ignored" }.Select(name => (int)lines[name]!));
        var array = (await fabric.PostAsync("/import?collection=c&onDuplicate=ignore", """[{"_key":"1"},{"_key":"3"}]""")).AssertStatus(201);
        Assert.Equal([1, 1], new[] { "created", "ignored" }.Select(name => (int)array[name]!));
        var data = (await fabric.PostAsync("/import/c", """{"data":[{"id":"4"},{"id":"4"}],"primaryKey":"id","details":true}""")).AssertStatus(200)["result"]!;
        Assert.Equal([1, 1, 0], new[] { "created", "errors", "unprocessed" }.Select(name => (int)data[name]!));
        Assert.Equal(1210, (int)data["details"]!["errors"]![0]!["errorNumber"]!);

        var exported = (await fabric.GetAsync("/export/c?offset=1&limit=2&order=desc")).AssertStatus(200)["result"]!.AsArray();
        Assert.Equal(["3", "2"], exported.Select(document => (string)document!["_key"]!));
        Assert.Null(exported[0]!["_id"]);
        var queried = (await fabric.PostAsync("/export", """{"query":"FOR d IN c FILTER d.a == 1 RETURN d"}""")).AssertStatus(200);
        Assert.Equal("""[{"_key":"1","a":1}]""", queried["result"]!.ToJsonString());
        (await fabric.PostAsync("/export", """{"query":"FOR d IN c REMOVE d IN c"}""")).AssertError(400, 10);
    }
}
