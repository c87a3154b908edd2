using System.Text.Json.Nodes;

namespace GeoFabric.Api.Tests;

/// <summary>What editors and consoles ask about queries: where a mistake is, how it is laid out, what runs.</summary>
public sealed class QueryToolTests(ServerFixture server)
{
    private const string Endless = "FOR i IN 1..1000000000 FILTER i < 0 RETURN i";

    [Theory]
    [InlineData("FOR u IN [1]\n  RETRUN u", 2, 3, 15, 6, "RETURN")]
    [InlineData("FOR u IN [1] RETURN LENGHT(u)", 1, 21, 20, 6, "LENGTH")]
    [InlineData("LET a = 1\r\nLET b = @@@\r\nRETURN 1", 2, 9, 19, 2, null)]
    [InlineData("RETURN 'at position 7:7' ~", 1, 26, 25, 1, null)]
    [InlineData("FOR u IN", 1, 9, 8, 0, null)]
    [InlineData("RETURN 🦊", 1, 8, 7, 2, null)]
    public async Task A_mistake_has_its_place_and_perhaps_a_suggestion(string query, int line, int column, int offset, int length, string? suggestion)
    {
        var fabric = await server.NewFabricAsync();
        var body = new JsonObject { ["query"] = query }.ToJsonString();

        var run = await fabric.PostAsync("/cursor", body);
        var explained = await fabric.PostAsync("/query/explain", body);

        Assert.All([run, explained], answer =>
        {
            answer.AssertStatus(answer.Status);
            var position = answer["position"]!;
            Assert.Equal((line, column, offset, length), ((int)position["line"]!, (int)position["column"]!, (int)position["offset"]!, (int)position["length"]!));
            Assert.Equal(suggestion, (string?)answer["suggestion"]);
        });
    }

    [Fact]
    public async Task An_error_without_a_place_says_none()
    {
        var fabric = await server.NewFabricAsync();

        var answer = await fabric.PostAsync("/cursor", """{"query":"RETURN @x"}""");

        Assert.Null(answer.AssertError(400, 1551)["position"]);
    }

    [Fact]
    public async Task A_query_is_laid_out_over_lines()
    {
        var fabric = await server.NewFabricAsync();

        var formatted = await fabric.PostAsync("/query/format", """{"query":"for a in c filter a.x==1 // one\n return a"}""");
        var broken = await fabric.PostAsync("/query/format", """{"query":"for a in"}""");

        Assert.Equal("FOR a IN c\n  FILTER a.x == 1\n  // one\n  RETURN a\n", (string)formatted.AssertStatus(200)["result"]!["query"]!);
        Assert.Equal(9, (int)broken.AssertError(400, 1501)["position"]!["column"]!);
    }

    [Fact]
    public async Task A_running_query_is_listed_with_its_user_and_stopped_by_the_name_its_client_gave_it()
    {
        var fabric = await server.NewFabricAsync();
        var running = fabric.PostAsync("/cursor", $$$"""{"query":"{{{Endless}}} + @x","bindVars":{"x":1},"options":{"clientId":"tab-1"} }""");
        JsonNode? listed = null;
        for (var attempts = 0; attempts < 200 && listed is null; attempts++)
        {
            await Task.Delay(20, TestContext.Current.CancellationToken);
            listed = (await fabric.GetAsync("/query/current")).Body!.AsArray().FirstOrDefault();
        }

        Assert.NotNull(listed);
        Assert.Equal(("root", "tab-1", "executing"), ((string)listed["user"]!, (string)listed["clientId"]!, (string)listed["state"]!));
        Assert.Equal("""{"x":1}""", listed["bindVars"]!.ToJsonString());
        Assert.EndsWith("Z", (string)listed["started"]!, StringComparison.Ordinal);
        Assert.True((double)listed["runTime"]! >= 0);
        (await fabric.DeleteAsync("/query/client:tab-2")).AssertError(404, 1591);
        (await fabric.DeleteAsync("/query/client:tab-1")).AssertStatus(200);
        (await running).AssertError(410, 1500);
    }

    [Fact]
    public async Task What_is_kept_of_queries_can_be_changed_fabric_by_fabric()
    {
        var fabric = await server.NewFabricAsync();
        var other = await server.NewFabricAsync();

        var changed = await fabric.PutAsync("/query/properties", """{"slowQueryThreshold":0,"trackBindVars":false,"maxQueryStringLength":8,"maxSlowQueries":2}""");
        foreach (var number in new[] { 1, 2, 3 })
            (await fabric.PostAsync("/cursor", new JsonObject { ["query"] = $"RETURN @x + {number}", ["bindVars"] = new JsonObject { ["x"] = 1 } }.ToJsonString())).AssertStatus(201);
        (await other.PostAsync("/cursor", """{"query":"RETURN 1"}""")).AssertStatus(201);
        var slow = (await fabric.GetAsync("/query/slow")).Body!.AsArray();

        changed.AssertStatus(200);
        Assert.Equal((true, true, false), ((bool)changed["enabled"]!, (bool)changed["trackSlowQueries"]!, (bool)changed["trackBindVars"]!));
        Assert.Equal((0, 10), ((double)changed["slowQueryThreshold"]!, (double)changed["slowStreamingQueryThreshold"]!));
        Assert.Equal((2, 8), ((int)changed["maxSlowQueries"]!, (int)changed["maxQueryStringLength"]!));
        Assert.Equal(2, slow.Count);
        Assert.All(slow, query => Assert.Equal(("RETURN @...", "{}", "finished"), ((string)query!["query"]!, query["bindVars"]!.ToJsonString(), (string)query["state"]!)));
        Assert.Equal("[]", (await other.GetAsync("/query/slow")).Text);
        Assert.Equal(10, (int)(await other.GetAsync("/query/properties"))["slowQueryThreshold"]!);
    }

    [Theory]
    [InlineData("""{"slowQueryThreshold":-1}""")]
    [InlineData("""{"slowQueryThreshold":"1"}""")]
    [InlineData("""{"maxSlowQueries":-1}""")]
    [InlineData("""{"maxQueryStringLength":1.5}""")]
    [InlineData("""{"enabled":"yes"}""")]
    public async Task Wrong_query_properties_are_refused(string body)
    {
        var fabric = await server.NewFabricAsync();

        (await fabric.PutAsync("/query/properties", body)).AssertError(400, 10);
    }

    [Fact]
    public async Task The_result_cache_is_off_and_says_so()
    {
        var fabric = await server.NewFabricAsync();

        Assert.Equal("off", (string)(await fabric.GetAsync("/query-cache/properties")).AssertStatus(200)["mode"]!);
        Assert.Equal("[]", (await fabric.GetAsync("/query-cache/entries")).AssertStatus(200).Text);
        (await fabric.DeleteAsync("/query-cache")).AssertStatus(200);
        (await fabric.PutAsync("/query-cache/properties", """{"mode":"off"}""")).AssertStatus(200);
        (await fabric.PutAsync("/query-cache/properties", """{"mode":"on"}""")).AssertError(501, 501);
        (await fabric.PutAsync("/query-cache/properties", """{"mode":"warm"}""")).AssertError(400, 10);
    }

    [Fact]
    public async Task The_reference_has_words_and_functions_and_is_sent_once()
    {
        var reference = (await server.Root.GetAsync("/_api/c8ql/reference")).AssertStatus(200);
        var again = await server.Root.GetAsync("/_api/c8ql/reference", ("If-None-Match", reference.Headers["ETag"]));
        using var anonymous = ApiClient.Anonymous(server.Url);

        var substring = reference["result"]!["functions"]!.AsArray().Single(function => (string)function!["name"]! == "SUBSTRING")!;
        Assert.Equal(("SUBSTRING(text, offset, length?)", "String"), ((string)substring["signature"]!, (string)substring["category"]!));
        Assert.Contains("COLLECT", reference["result"]!["keywords"]!.AsArray().Select(word => (string)word!));
        again.AssertStatus(304);
        (await anonymous.GetAsync("/_api/c8ql/reference")).AssertError(401, 11);
    }
}
