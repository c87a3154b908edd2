using System.Text.Json.Nodes;

namespace GeoFabric.Api.Tests;

/// <summary>Plans as clients get them: steps, what they cost, and which index is missing.</summary>
public sealed class ExplainTests(ServerFixture server)
{
    [Fact]
    public async Task Each_expression_is_a_step_of_its_own_and_steps_name_the_one_before_them()
    {
        var fabric = await server.NewCollectionAsync();

        var plan = (await fabric.PostAsync("/query/explain", """{"query":"FOR d IN c FILTER d.a == 1 SORT d.b RETURN d.c"}""")).AssertStatus(200)["plan"]!;

        var nodes = plan["nodes"]!.AsArray();
        Assert.Equal(
            ["SingletonNode", "EnumerateCollectionNode", "CalculationNode", "FilterNode", "CalculationNode", "SortNode", "CalculationNode", "ReturnNode"],
            nodes.Select(node => (string)node!["type"]!));
        for (var i = 0; i < nodes.Count; i++)
            Assert.Equal(i == 0 ? [] : [(int)nodes[i - 1]!["id"]!], nodes[i]!["dependencies"]!.AsArray().Select(id => (int)id!));
        Assert.Equal(nodes.Count, nodes.Select(node => (int)node!["id"]!).Distinct().Count());
        Assert.Equal((int)nodes[2]!["outVariable"]!["id"]!, (int)nodes[3]!["inVariable"]!["id"]!);
        Assert.Equal("d", (string)nodes[1]!["outVariable"]!["name"]!);
        var known = plan["variables"]!.AsArray().ToDictionary(variable => (int)variable!["id"]!, variable => (bool)variable!["isFullDocumentFromCollection"]!);
        Assert.True(known[(int)nodes[1]!["outVariable"]!["id"]!]);
        Assert.False(known[(int)nodes[3]!["inVariable"]!["id"]!]);
        Assert.All(nodes, node => Assert.True((double)node!["estimatedCost"]! >= 0 && (double)node["estimatedNrItems"]! >= 0));
    }

    [Fact]
    public async Task Steps_that_sort_limit_and_group_tell_how()
    {
        var fabric = await server.NewCollectionAsync();

        var collect = await NodeAsync("FOR d IN c COLLECT x = d.a AGGREGATE s = SUM(d.b) INTO g RETURN [x, s, g]", "CollectNode");
        var count = await NodeAsync("FOR d IN c FILTER d.a COLLECT WITH COUNT INTO n RETURN n", "CollectNode");
        var sort = await NodeAsync("FOR d IN c SORT d.a DESC, d.b RETURN d", "SortNode");
        var heap = await NodeAsync("FOR d IN c SORT d.a LIMIT 2, 3 RETURN d", "SortNode");
        var limit = await NodeAsync("FOR d IN c SORT d.a LIMIT 2, 3 RETURN d", "LimitNode");

        Assert.Equal("hash", (string)collect["method"]!);
        Assert.Equal("x", (string)collect["groups"]![0]!["outVariable"]!["name"]!);
        Assert.Equal("s SUM", $"{collect["aggregates"]![0]!["outVariable"]!["name"]} {collect["aggregates"]![0]!["type"]}");
        Assert.Equal("g", (string)collect["outVariable"]!["name"]!);
        Assert.Equal("count", (string)count["method"]!);
        Assert.Equal("standard", (string)sort["sortMode"]!);
        Assert.Equal([false, true], sort["elements"]!.AsArray().Select(element => (bool)element!["ascending"]!));
        Assert.Equal("constrained-heap", (string)heap["sortMode"]!);
        Assert.Equal([2, 3], new[] { (int)limit["offset"]!, (int)limit["limit"]! });

        async Task<JsonNode> NodeAsync(string query, string type) =>
            (await fabric.PostAsync("/explain", new JsonObject { ["query"] = query }.ToJsonString())).AssertStatus(200)["plan"]!["nodes"]!.AsArray()
                .Single(node => (string)node!["type"]! == type)!;
    }

    [Theory]
    [InlineData("FOR d IN c OPTIONS { nope: 1 } RETURN d", "FOR")]
    [InlineData("FOR d IN c COLLECT k = d._key OPTIONS { nope: 1 } RETURN k", "COLLECT")]
    [InlineData("INSERT {} INTO c OPTIONS { nope: 1 }", "INSERT")]
    [InlineData("REPLACE 'a' WITH {} IN c OPTIONS { nope: 1 }", "REPLACE")]
    [InlineData("UPSERT { a: 1 } INSERT {} UPDATE {} IN c OPTIONS { nope: 1 }", "UPSERT")]
    [InlineData("FOR v IN OUTBOUND 'c/1' e OPTIONS { nope: 1 } RETURN v", "TRAVERSAL")]
    [InlineData("FOR p IN OUTBOUND K_PATHS 'c/1' TO 'c/2' e OPTIONS { nope: 1 } RETURN p", "K_PATHS")]
    public async Task An_option_without_effect_is_told_with_its_operation(string query, string operation)
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/collection", """{"name":"e","type":3}""")).AssertStatus(200);

        var warning = (await fabric.PostAsync("/explain", new JsonObject { ["query"] = query }.ToJsonString())).AssertStatus(200)["warnings"]!.AsArray().Single()!;

        Assert.Equal($"invalid options attribute: 'nope': 1 in the OPTIONS of {operation}", (string)warning["message"]!);
        Assert.Equal(1539, (int)warning["code"]!);
    }

    [Fact]
    public async Task The_rules_asked_for_are_the_only_ones()
    {
        var fabric = await server.NewCollectionAsync();
        const string body = """{"query":"FOR d IN c FILTER d._key == 'x' && 1 + 1 == 2 RETURN d","options":{"optimizer":{"rules":["-all","+split-filters","+use-indexes"]},"maxNumberOfPlans":1,"verbosePlans":true,"allPlans":true}}""";

        var explained = (await fabric.PostAsync("/explain", body)).AssertStatus(200);

        Assert.Equal(["split-filters", "use-indexes"], explained["plans"]!.AsArray().Single()!["rules"]!.AsArray().Select(rule => (string)rule!));
        // The third is not for choice: functions that find the nearest vectors do so by an index only.
        Assert.Equal(3, (int)explained["stats"]!["rulesExecuted"]!);
        Assert.Equal(1, (int)explained["stats"]!["plansCreated"]!);
    }

    [Fact]
    public async Task The_index_that_is_advised_is_used_once_it_is_created()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """[{"city":"Oslo"},{"city":"Lyon"}]""")).AssertStatus(202);
        const string query = """{"query":"FOR d IN c FILTER d.city == 'Oslo' RETURN d"}""";
        var advice = (await fabric.PostAsync("/explain", query)).AssertStatus(200)["advice"]!.AsArray().Single()!;
        Assert.Equal("c", (string)advice["collection"]!);

        var index = new JsonObject { ["type"] = (string)advice["type"]!, ["fields"] = advice["fields"]!.DeepClone() };
        (await fabric.PostAsync("/index?collection=c", index.ToJsonString())).AssertStatus(201);

        var explained = (await fabric.PostAsync("/explain", query)).AssertStatus(200);
        Assert.Contains(explained["plan"]!["nodes"]!.AsArray(), node => (string)node!["type"]! == "IndexNode");
        Assert.Empty(explained["advice"]!.AsArray());
    }

    [Fact]
    public async Task Analyzing_a_collection_reads_its_indexes()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/index?collection=c", """{"type":"persistent","fields":["a"]}""")).AssertStatus(201);

        Assert.Equal(1, (int)(await fabric.PostAsync("/index/c/analyze", "")).AssertStatus(200)["indexes"]!);
        (await fabric.PostAsync("/index/missing/analyze", "")).AssertError(404, 1203);
    }
}
