namespace GeoFabric.Api.Tests;

/// <summary>Views, analyzers and the indexes of words over HTTP, in the shapes published clients expect.</summary>
public sealed class SearchTests(ServerFixture server)
{
    private const string View = """{"name":"places","type":"search","links":{"c":{"analyzers":["text_en"],"fields":{"text":{},"tag":{"analyzers":["identity"]}}}},"primarySort":[{"field":"text","asc":true}]}""";

    [Fact]
    public async Task A_view_lives_from_creation_to_drop()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """[{"_key":"a","text":"Running foxes"},{"_key":"b","text":"A bear","tag":"x"}]""")).AssertStatus(202);

        var created = (await fabric.PostAsync("/search/view", View)).AssertStatus(201);
        Assert.Null(created["error"]);
        Assert.Null(created["code"]);
        Assert.Equal("search", (string)created["type"]!);
        Assert.Equal("""{"text":{},"tag":{"analyzers":["identity"]}}""", Sorted(created["links"]!["c"]!["fields"]!.ToJsonString()));
        Assert.Equal("""["text_en"]""", created["links"]!["c"]!["analyzers"]!.ToJsonString());
        Assert.Equal("none", (string)created["links"]!["c"]!["storeValues"]!);
        Assert.True((bool)created["primarySort"]![0]!["asc"]!);
        (await fabric.PostAsync("/search/view", View)).AssertError(409, 1207);
        (await fabric.PostAsync("/collection", """{"name":"places"}""")).AssertError(409, 1207);

        var listed = (await fabric.GetAsync("/search/view")).AssertStatus(200);
        Assert.Equal("places", (string)listed["result"]![0]!["name"]!);
        Assert.Equal((string)created["id"]!, (string)(await fabric.GetAsync("/search/view/places")).AssertStatus(200)["result"]!["id"]!);
        Assert.Equal("""["a"]""", await RowsAsync(fabric, """FOR d IN places SEARCH ANALYZER(d.text == 'fox', 'text_en') RETURN d._key"""));

        (await fabric.PutAsync("/search/view/places/rename", """{"name":"spots"}""")).AssertStatus(200);
        (await fabric.GetAsync("/search/view/places")).AssertError(404, 1203);
        var changed = (await fabric.PutAsync("/search/view/spots/properties", """{"links":{"c":{"analyzers":["identity"],"includeAllFields":true}}}""")).AssertStatus(200);
        Assert.True((bool)changed["links"]!["c"]!["includeAllFields"]!);
        Assert.Equal("""["b"]""", await RowsAsync(fabric, """FOR d IN spots SEARCH d.text == 'A bear' RETURN d._key"""));
        Assert.True((bool)(await fabric.GetAsync("/search/view/spots/properties")).AssertStatus(200)["result"]!["links"]!["c"]!["includeAllFields"]!);

        Assert.True((bool)(await fabric.DeleteAsync("/search/view/spots")).AssertStatus(200)["result"]!);
        (await fabric.DeleteAsync("/search/view/spots")).AssertError(404, 1203);
        Assert.Single((await fabric.GetAsync("/index?collection=c")).AssertStatus(200)["indexes"]!.AsArray());
    }

    [Theory]
    [InlineData("""{"name":"v","links":{"nowhere":{}}}""", 400, 10)]
    [InlineData("""{"name":"v","links":{"c":{"analyzers":["nix"]}}}""", 404, 1202)]
    [InlineData("""{"name":"v","links":{"c":{"fields":5}}}""", 400, 10)]
    [InlineData("""{"name":"v","links":{"c":{"storeValues":"all"}}}""", 400, 10)]
    [InlineData("""{"name":"v","type":"nix"}""", 400, 10)]
    [InlineData("""{"name":"v","type":"semantic_search"}""", 501, 501)]
    [InlineData("""{"name":"v","storedValues":["a"]}""", 501, 501)]
    [InlineData("""{"name":"1v"}""", 400, 1208)]
    [InlineData("{}", 400, 10)]
    public async Task A_view_that_cannot_be_is_refused(string body, int status, int number)
    {
        var fabric = await server.NewCollectionAsync();

        (await fabric.PostAsync("/search/view", body)).AssertError(status, number);
    }

    [Fact]
    public async Task A_collection_is_made_searchable_and_searched_in_short()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """[{"_key":"a","text":"Running foxes"},{"_key":"b","text":"A bear"}]""")).AssertStatus(202);
        const string search = """{"collection":"c","search":"SEARCH ANALYZER(doc.text IN TOKENS(@q, 'text_en'), 'text_en') RETURN doc._key","bindVars":{"q":"fox"},"ttl":7}""";

        (await fabric.PostAsync("/search", search)).AssertError(400, 10);
        Assert.True((bool)(await fabric.PostAsync("/search/collection/c?enable=true&field=text")).AssertStatus(200)["result"]!);
        var found = (await fabric.PostAsync("/search", search)).AssertStatus(201);
        (await fabric.PostAsync("/search/collection/c?enable=false&field=text")).AssertStatus(200);

        Assert.Equal("""["a"]""", found["result"]!.ToJsonString());
        Assert.False((bool)found["hasMore"]!);
        Assert.Equal(1, (int)found["count"]!);
        Assert.False((bool)found["cached"]!);
        Assert.Empty((await fabric.GetAsync("/search/view")).AssertStatus(200)["result"]!.AsArray());
        (await fabric.PostAsync("/search/collection/nix?enable=true&field=text")).AssertError(404, 1203);
        (await fabric.PostAsync("/search/collection/c?field=text")).AssertError(400, 10);
    }

    [Fact]
    public async Task A_collection_says_whether_a_view_finds_its_documents()
    {
        var fabric = await server.NewCollectionAsync();

        Assert.False((bool)(await fabric.GetAsync("/collection/c"))["searchEnabled"]!);
        (await fabric.PostAsync("/search/collection/c?enable=true&field=text")).AssertStatus(200);

        Assert.True((bool)(await fabric.GetAsync("/collection/c"))["searchEnabled"]!);
        Assert.True((bool)(await fabric.GetAsync("/collection/c/count"))["searchEnabled"]!);
    }

    [Fact]
    public async Task An_inverted_index_finds_objects_inside_of_arrays_by_several_attributes_at_once()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """[{"_key":"a","items":[{"a":1,"b":2},{"a":2,"b":1}]},{"_key":"b","items":[{"a":1,"b":1}]}]""")).AssertStatus(202);

        (await fabric.PostAsync("/index/inverted?collection=c", """{"fields":[{"name":"items","nested":["a",{"name":"b","nested":[{"name":"x"}]}]}]}""")).AssertStatus(201);

        Assert.Equal("""["b"]""", await RowsAsync(fabric, """FOR d IN c SEARCH d.items[? FILTER CURRENT.a == 1 AND CURRENT.b == 1] RETURN d._key"""));
        Assert.Equal("""["a","b"]""", await RowsAsync(fabric, """FOR d IN c SEARCH d.items.a == 1 AND d.items.b == 1 SORT d._key RETURN d._key"""));
    }

    [Fact]
    public async Task Analyzers_are_listed_made_and_dropped()
    {
        var fabric = await server.NewCollectionAsync();
        const string words = """{"name":"words","type":"text","properties":{"locale":"en","stemming":false},"features":["frequency"]}""";

        var listed = (await fabric.GetAsync("/search/analyzer")).AssertStatus(200);
        Assert.Equal(13, listed["result"]!.AsArray().Count);
        var english = (await fabric.GetAsync("/search/analyzer/text_en")).AssertStatus(200);
        Assert.Equal("text", (string)english["type"]!);
        Assert.True((bool)english["properties"]!["stemming"]!);
        (await fabric.GetAsync("/search/analyzer/nix")).AssertError(404, 1202);
        (await fabric.PostAsync("/search/analyzer", words)).AssertStatus(201);
        (await fabric.PostAsync("/search/analyzer", words)).AssertStatus(200);
        (await fabric.PostAsync("/search/analyzer", words.Replace("false", "true", StringComparison.Ordinal))).AssertError(409, 1207);
        (await fabric.PostAsync("/search/analyzer", """{"name":"x","type":"nix"}""")).AssertError(400, 10);
        (await fabric.PostAsync("/search/analyzer", """{"name":"x","type":"text","properties":{"nix":1}}""")).AssertError(400, 10);
        (await fabric.PostAsync("/search/view", """{"name":"v","links":{"c":{"analyzers":["words"],"includeAllFields":true}}}""")).AssertStatus(201);
        (await fabric.DeleteAsync("/search/analyzer/words")).AssertError(412, 1200);
        (await fabric.DeleteAsync("/search/analyzer/words?force=true")).AssertStatus(200);
        (await fabric.DeleteAsync("/search/analyzer/text_en")).AssertError(403, 11);
        (await fabric.DeleteAsync("/search/analyzer/words")).AssertError(404, 1202);
    }

    [Fact]
    public async Task An_inverted_index_and_a_fulltext_index_are_made_and_used()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """[{"_key":"a","text":"Running foxes"},{"_key":"b","text":"A bear"}]""")).AssertStatus(202);

        var inverted = (await fabric.PostAsync("/index/inverted?collection=c", """{"name":"words","analyzer":"text_en","fields":["text",{"name":"inner.a","analyzer":"identity"}]}""")).AssertStatus(201);
        var fulltext = (await fabric.PostAsync("/index/fulltext?collection=c", """{"fields":["text"],"minLength":3}""")).AssertStatus(201);

        Assert.Equal("""["text","inner.a"]""", inverted["fields"]!.ToJsonString());
        Assert.Equal(3, (int)fulltext["minLength"]!);
        Assert.Equal("""["a"]""", await RowsAsync(fabric, """FOR d IN c SEARCH ANALYZER(d.text == 'fox', 'text_en') RETURN d._key"""));
        Assert.Equal("""["b"]""", await RowsAsync(fabric, """FOR d IN FULLTEXT(c, 'text', 'BEAR') RETURN d._key"""));
        (await fabric.PostAsync("/index/inverted?collection=c", """{"fields":[]}""")).AssertError(400, 10);
        (await fabric.PostAsync("/index/inverted?collection=c", """{"fields":["a"],"storedValues":[{"fields":["a"]}]}""")).AssertError(501, 501);
        (await fabric.PostAsync("/cursor", """{"query":"RETURN FULLTEXT(c, 'other', 'a')"}""")).AssertError(404, 1571);
    }

    [Fact]
    public async Task A_plan_shows_the_search_with_its_condition_and_scores()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/search/view", View)).AssertStatus(201);

        var plan = (await fabric.PostAsync("/query/explain", """{"query":"FOR d IN places SEARCH d.tag == 'x' SORT BM25(d) DESC LIMIT 3 RETURN d"}""")).AssertStatus(200)["plan"]!;

        var search = plan["nodes"]!.AsArray().Single(node => (string)node!["type"]! == "EnumerateViewNode")!;
        Assert.Equal("places", (string)search["view"]!);
        Assert.Contains("d.tag", (string)search["condition"]!, StringComparison.Ordinal);
        Assert.Contains("BM25", (string)search["scorers"]![0]!, StringComparison.Ordinal);
        Assert.Equal("c", (string)plan["collections"]![0]!["name"]!);
    }

    private static async Task<string> RowsAsync(ApiClient fabric, string query) =>
        (await fabric.PostAsync("/cursor", $$"""{"query":"{{query}}"}""")).AssertStatus(201)["result"]!.ToJsonString();

    /// <summary>The attributes of an object, the shorter first: their order is not part of the contract.</summary>
    private static string Sorted(string json) =>
        new System.Text.Json.Nodes.JsonObject(System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject().OrderByDescending(item => item.Key, StringComparer.Ordinal)
            .Select(item => KeyValuePair.Create(item.Key, item.Value?.DeepClone()))).ToJsonString();
}
