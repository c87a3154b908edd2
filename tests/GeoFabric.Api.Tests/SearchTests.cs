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

    [Fact]
    public async Task A_semantic_view_lives_from_creation_to_drop()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """[{"_key":"a","v":[1,0],"inner":{"w":[5]}},{"_key":"b","v":[0,1],"inner":{"w":[1]}},{"_key":"none"}]""")).AssertStatus(202);

        var created = (await fabric.PostAsync("/search/view", """{"name":"near","type":"semantic_search","links":{"c":{"fields":{"v":{"size":2,"distanceType":"COSINE","indexConfig":{"type":"hnsw","nLinks":16,"efSearch":64},"quantizationConfig":{"type":"none","bits":8}},"inner.w":{"size":1}}}}}""")).AssertStatus(201);

        Assert.Null(created["error"]);
        Assert.Equal("semantic_search", (string)created["type"]!);
        Assert.Null(created["primarySort"]);
        var fields = created["links"]!["c"]!["fields"]!;
        Assert.Equal("""{"indexConfig":{"type":"hnsw","nLinks":16,"efSearch":64},"distanceType":"COSINE","quantizationConfig":{"type":"none"},"size":2}""".Length, fields["v"]!.ToJsonString().Length);
        Assert.Equal(64, (int)fields["v"]!["indexConfig"]!["efSearch"]!);
        Assert.Equal("COSINE", (string)fields["v"]!["distanceType"]!);
        Assert.Equal("L2", (string)fields["inner.w"]!["distanceType"]!);
        Assert.Equal("flat", (string)fields["inner.w"]!["indexConfig"]!["type"]!);
        Assert.Equal("semantic_search", (string)(await fabric.GetAsync("/search/view/near")).AssertStatus(200)["result"]!["type"]!);
        Assert.Equal(created["links"]!.ToJsonString(), (await fabric.GetAsync("/search/view/near/properties")).AssertStatus(200)["result"]!["links"]!.ToJsonString());
        Assert.Single((await fabric.GetAsync("/index?collection=c")).AssertStatus(200)["indexes"]!.AsArray());

        Assert.Equal("""["b","a"]""", await RowsAsync(fabric, "FOR d IN near SORT APPROX_NEAR_COSINE(d.v, [0.2, 1]) DESC LIMIT 5 RETURN d._key"));
        Assert.Equal("""["a"]""", await RowsAsync(fabric, "FOR d IN near SORT APPROX_NEAR_L2(d.inner.w, [4]) LIMIT 1 RETURN d._key"));
        (await fabric.PostAsync("/cursor", """{"query":"FOR d IN near RETURN d"}""")).AssertError(400, 1554);
        (await fabric.PutAsync("/search/view/near/properties", """{"type":"search","links":{}}""")).AssertError(400, 10);

        (await fabric.PutAsync("/search/view/near/rename", """{"name":"nearest"}""")).AssertStatus(200);
        var changed = (await fabric.PutAsync("/search/view/nearest/properties", """{"links":{"c":{"fields":{"v":{"size":2,"distanceType":"IP"}}}}}""")).AssertStatus(200);
        Assert.Equal("semantic_search", (string)changed["type"]!);
        Assert.Null(changed["links"]!["c"]!["fields"]!["inner.w"]);
        Assert.Equal("""["a"]""", await RowsAsync(fabric, "FOR d IN nearest SORT APPROX_NEAR_INNER_PRODUCT(d.v, [3, 1]) DESC LIMIT 1 RETURN d._key"));
        var check = (await fabric.GetAsync("/check?collection=c")).AssertStatus(200);
        Assert.Empty(check["result"]!["disagreements"]!.AsArray());
        Assert.True((bool)(await fabric.DeleteAsync("/search/view/nearest")).AssertStatus(200)["result"]!);
    }

    [Fact]
    public async Task A_semantic_view_keeps_vectors_in_short_and_finds_what_it_finds_without()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """[{"_key":"a","v":[1,0]},{"_key":"b","v":[0,1]},{"_key":"none"}]""")).AssertStatus(202);

        var created = (await fabric.PostAsync("/search/view", """{"name":"near","type":"semantic_search","links":{"c":{"fields":{"v":{"size":2,"quantizationConfig":{"type":"sq"}}}}}}""")).AssertStatus(201);
        Assert.Equal("""{"type":"sq","bits":8}""", created["links"]!["c"]!["fields"]!["v"]!["quantizationConfig"]!.ToJsonString());
        (await fabric.PostAsync("/document/c", """[{"_key":"d","v":[5,5]},{"_key":"e","v":[0.9,0.1]}]""")).AssertStatus(202);
        (await fabric.PatchAsync("/document/c/b", """{"v":[0.8,0.2]}""")).AssertStatus(202);
        (await fabric.DeleteAsync("/document/c/a")).AssertStatus(202);

        Assert.Equal("""["e","b"]""", await RowsAsync(fabric, "FOR d IN near SORT APPROX_NEAR_L2(d.v, [1, 0]) LIMIT 2 RETURN d._key"));
        Assert.Equal("""["d"]""", await RowsAsync(fabric, "FOR d IN near FILTER d.v[1] > 1 SORT APPROX_NEAR_L2(d.v, [1, 0]) LIMIT 2 RETURN d._key"));
        var changed = (await fabric.PutAsync("/search/view/near/properties", """{"links":{"c":{"fields":{"v":{"size":2,"distanceType":"COSINE","quantizationConfig":{"type":"sq","bits":4}}}}}}""")).AssertStatus(200);
        Assert.Equal(4, (int)changed["links"]!["c"]!["fields"]!["v"]!["quantizationConfig"]!["bits"]!);
        Assert.Equal("""["e","b","d"]""", await RowsAsync(fabric, "FOR d IN near SORT APPROX_NEAR_COSINE(d.v, [1, 0]) DESC LIMIT 9 RETURN d._key"));
        Assert.Empty((await fabric.GetAsync("/check?collection=c")).AssertStatus(200)["result"]!["disagreements"]!.AsArray());
    }

    [Fact]
    public async Task Attributes_made_searchable_at_the_same_time_all_are()
    {
        var fabric = await server.NewCollectionAsync();

        for (var round = 0; round < 3; round++)
        {
            var answers = await Task.WhenAll(Enumerable.Range(0, 12).Select(i => fabric.PostAsync($"/search/collection/c?enable=true&field=f{i}")));
            Assert.All(answers, answer => answer.AssertStatus(200));
            Assert.Equal(12, (await fabric.GetAsync("/search/view/c8search_view_c/properties")).AssertStatus(200)["result"]!["links"]!["c"]!["fields"]!.AsObject().Count);

            var ended = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => fabric.PostAsync("/search/collection/c?enable=false")));
            Assert.All(ended, answer => answer.AssertStatus(200));
            Assert.False((bool)(await fabric.GetAsync("/collection/c")).AssertStatus(200)["searchEnabled"]!);
        }
    }

    [Fact]
    public async Task What_made_a_collection_searchable_goes_where_the_collection_goes()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """{"_key":"a","t":"x"}""")).AssertStatus(202);
        (await fabric.PostAsync("/search/collection/c?enable=true&field=t")).AssertStatus(200);

        (await fabric.PutAsync("/collection/c/rename", """{"name":"renamed"}""")).AssertStatus(200);
        Assert.Equal("""["a"]""", (await fabric.PostAsync("/search", """{"collection":"renamed","search":"SEARCH doc.t == 'x' RETURN doc._key"}""")).AssertStatus(201)["result"]!.ToJsonString());
        (await fabric.GetAsync("/search/view/c8search_view_c")).AssertError(404, 1203);

        // The longest name a collection may have.
        var longest = new string('x', 64);
        (await fabric.PutAsync("/collection/renamed/rename", $$"""{"name":"{{longest}}"}""")).AssertStatus(200);
        (await fabric.PostAsync($"/search/collection/{longest}?enable=true&field=u")).AssertStatus(200);
        (await fabric.PostAsync("/search", $$"""{"collection":"{{longest}}","search":"SEARCH doc.t == 'x' RETURN doc._key"}""")).AssertStatus(201);
        (await fabric.PutAsync($"/collection/{longest}/rename", """{"name":"renamed"}""")).AssertStatus(200);

        (await fabric.DeleteAsync("/collection/renamed")).AssertStatus(200);
        Assert.Empty((await fabric.GetAsync("/search/view")).AssertStatus(200)["result"]!.AsArray());
        (await fabric.PostAsync("/collection", """{"name":"renamed"}""")).AssertStatus(200);
        (await fabric.PostAsync("/search", """{"collection":"renamed","search":"RETURN doc"}""")).AssertError(400, 10);
        Assert.Empty((await fabric.GetAsync("/check")).AssertStatus(200)["result"]!["disagreements"]!.AsArray());
    }

    [Fact]
    public async Task A_view_of_that_name_over_other_collections_too_stays()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/collection", """{"name":"d"}""")).AssertStatus(200);
        (await fabric.PostAsync("/search/view", """{"name":"c8search_view_c","links":{"c":{},"d":{}}}""")).AssertStatus(201);

        (await fabric.PutAsync("/collection/c/rename", """{"name":"e"}""")).AssertStatus(200);
        (await fabric.DeleteAsync("/collection/e")).AssertStatus(200);

        Assert.Single((await fabric.GetAsync("/search/view/c8search_view_c/properties")).AssertStatus(200)["result"]!["links"]!.AsObject());
    }

    [Fact]
    public async Task Changes_of_different_settings_of_a_view_at_the_same_time_are_all_kept()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/search/view", """{"name":"v","links":{"c":{"includeAllFields":true}}}""")).AssertStatus(201);

        for (var round = 0; round < 5; round++)
        {
            string[] changes = [$$"""{"storedValues":[["a{{round}}"]]}""", $$"""{"primarySort":[{"field":"b{{round}}"}]}""", $$"""{"optimizeTopK":["BM25(@doc, {{round}})"]}"""];
            Assert.All(await Task.WhenAll(changes.Select(change => fabric.PutAsync("/search/view/v/properties", change))), answer => answer.AssertStatus(200));
            var told = (await fabric.GetAsync("/search/view/v/properties")).AssertStatus(200)["result"]!;
            Assert.Equal($"a{round} b{round} BM25(@doc, {round})", $"{told["storedValues"]![0]!["fields"]![0]} {told["primarySort"]![0]!["field"]} {told["optimizeTopK"]![0]}");
        }
    }

    [Fact]
    public async Task A_view_keeps_values_and_is_asked_for_them_alone()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """[{"_key":"a","x":1,"y":{"z":"p"},"tags":["s","t"]},{"_key":"b","x":2}]""")).AssertStatus(202);

        var created = (await fabric.PostAsync("/search/view", """{"name":"kept","links":{"c":{"includeAllFields":true,"trackListPositions":true,"fields":{"x":{"trackListPositions":false}}}},"primarySort":[{"field":"x","direction":"desc"}],"storedValues":[["x","y.z"],"tags",{"fields":["x"],"compression":"none"}]}""")).AssertStatus(201);

        const string stored = """[{"fields":["x","y.z"],"compression":"lz4"},{"fields":["tags"],"compression":"lz4"},{"fields":["x"],"compression":"none"}]""";
        Assert.Equal(stored, created["storedValues"]!.ToJsonString());
        Assert.Equal("""[{"field":"x","asc":false}]""", created["primarySort"]!.ToJsonString());
        Assert.Equal("""{"x":{"trackListPositions":false}}""", created["links"]!["c"]!["fields"]!.ToJsonString());
        Assert.Equal("""[[2,null,null],[1,"p",["s","t"]]]""", await RowsAsync(fabric, "FOR d IN kept SEARCH d.x > 0 SORT d.x DESC RETURN [d.x, d.y.z, d.tags]"));
        Assert.Equal("""["a"]""", await RowsAsync(fabric, "FOR d IN kept SEARCH d.tags[1] == 't' RETURN d._key"));
        var plan = (await fabric.PostAsync("/query/explain", """{"query":"FOR d IN kept SEARCH d.x > 0 RETURN d.y.z"}""")).AssertStatus(200)["plan"]!;
        var search = plan["nodes"]!.AsArray().Single(node => (string)node!["type"]! == "EnumerateViewNode")!;
        Assert.True((bool)search["indexCoversProjections"]!);
        Assert.Equal("""["d.y.z"]""", search["projections"]!.ToJsonString());

        // What a change does not speak of stays.
        var changed = (await fabric.PutAsync("/search/view/kept/properties", """{"links":{"c":{"includeAllFields":true}}}""")).AssertStatus(200);
        Assert.Equal(stored, changed["storedValues"]!.ToJsonString());
        Assert.Null((await fabric.PutAsync("/search/view/kept/properties", """{"storedValues":[]}""")).AssertStatus(200)["storedValues"]);
        Assert.Equal("[null,\"p\"]", await RowsAsync(fabric, "FOR d IN kept SEARCH d.x > 0 SORT d.x DESC RETURN d.y.z"));
    }

    [Theory]
    [InlineData("""{"name":"v","links":{"nowhere":{}}}""", 400, 10)]
    [InlineData("""{"name":"v","links":{"c":{"analyzers":["nix"]}}}""", 404, 1202)]
    [InlineData("""{"name":"v","links":{"c":{"fields":5}}}""", 400, 10)]
    [InlineData("""{"name":"v","links":{"c":{"storeValues":"all"}}}""", 400, 10)]
    [InlineData("""{"name":"v","type":"nix"}""", 400, 10)]
    [InlineData("""{"name":"v","type":"semantic_search","links":{"nowhere":{"fields":{"v":{"size":2}}}}}""", 400, 10)]
    [InlineData("""{"name":"v","type":"semantic_search","links":{"c":{}}}""", 400, 10)]
    [InlineData("""{"name":"v","type":"semantic_search","links":{"c":{"fields":{"v":{}}}}}""", 400, 10)]
    [InlineData("""{"name":"v","type":"semantic_search","links":{"c":{"fields":{"v":{"size":0}}}}}""", 400, 10)]
    [InlineData("""{"name":"v","type":"semantic_search","links":{"c":{"fields":{"v[*]":{"size":2}}}}}""", 400, 10)]
    [InlineData("""{"name":"v","type":"semantic_search","links":{"c":{"fields":{"v":{"size":2,"distanceType":"L1"}}}}}""", 400, 10)]
    [InlineData("""{"name":"v","type":"semantic_search","links":{"c":{"fields":{"v":{"size":2,"indexConfig":{"type":"tree"}}}}}}""", 400, 10)]
    [InlineData("""{"name":"v","type":"semantic_search","links":{"c":{"fields":{"v":{"size":2,"indexConfig":{"type":"ivf","nProbe":0}}}}}}""", 400, 10)]
    [InlineData("""{"name":"v","type":"semantic_search","links":{"c":{"fields":{"v":{"size":2,"quantizationConfig":{"type":"nix"}}}}}}""", 400, 10)]
    [InlineData("""{"name":"v","type":"semantic_search","links":{"c":{"fields":{"v":{"size":2,"quantizationConfig":{"type":"pq","bits":8}}}}}}""", 501, 501)]
    [InlineData("""{"name":"v","type":"semantic_search","links":{"c":{"fields":{"v":{"size":2,"quantizationConfig":{"type":"sq","bits":5}}}}}}""", 400, 10)]
    [InlineData("""{"name":"v","type":"semantic_search","links":{"c":{"fields":{"v":{"size":2,"quantizationConfig":{"type":"sq","bits":0}}}}}}""", 400, 10)]
    [InlineData("""{"name":"v","type":"semantic_search","links":{"c":{"fields":{"v":{"size":2,"quantizationConfig":{"type":"sq","bits":"8"}}}}}}""", 400, 10)]
    [InlineData("""{"name":"v","type":"semantic_search","links":{"c":{"fields":{"v":{"size":2,"quantizationConfig":"sq"}}}}}""", 400, 10)]
    [InlineData("""{"name":"v","storedValues":[[]]}""", 400, 10)]
    [InlineData("""{"name":"v","storedValues":[5]}""", 400, 10)]
    [InlineData("""{"name":"v","storedValues":[["a",["b"]]]}""", 400, 10)]
    [InlineData("""{"name":"v","storedValues":["tags[*]"]}""", 400, 10)]
    [InlineData("""{"name":"v","storedValues":[{"fields":["a"],"compression":"zip"}]}""", 400, 10)]
    [InlineData("""{"name":"v","primarySort":[{"field":"a..b"}]}""", 400, 10)]
    [InlineData("""{"name":"v","primarySort":[{"asc":true}]}""", 400, 10)]
    [InlineData("""{"name":"v","primarySort":[{"field":"a","direction":"up"}]}""", 400, 10)]
    [InlineData("""{"name":"v","links":{"c":5}}""", 400, 10)]
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
        (await fabric.PostAsync("/search/analyzer", words.Replace("frequency", "norm", StringComparison.Ordinal))).AssertError(409, 1207);
        (await fabric.PostAsync("/search/analyzer", """{"name":"x","type":"identity","features":["offset"]}""")).AssertError(400, 10);
        (await fabric.PostAsync("/search/analyzer", """{"name":"x","type":"identity","features":["position"]}""")).AssertError(400, 10);
        (await fabric.PostAsync("/search/analyzer", """{"name":"x","type":"identity","features":["nix"]}""")).AssertError(400, 10);
        Assert.Equal(
            """["frequency","position","offset"]""",
            (await fabric.PostAsync("/search/analyzer", """{"name":"placed","type":"identity","features":["offset","position","frequency"]}""")).AssertStatus(201)["features"]!.ToJsonString());
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
        var kept = (await fabric.PostAsync("/index/inverted?collection=c", """{"name":"kept","fields":["a"],"storedValues":[{"fields":["text"]}],"primarySort":{"fields":[{"field":"a","direction":"desc"}]}}""")).AssertStatus(201);
        Assert.Equal("""[{"fields":["text"],"compression":"lz4"}]""", kept["storedValues"]!.ToJsonString());
        Assert.Equal("""{"fields":[{"field":"a","asc":false}]}""", kept["primarySort"]!.ToJsonString());
        Assert.Equal("""["Running foxes","A bear"]""", await RowsAsync(fabric, "FOR d IN c SEARCH d.a != 1 OPTIONS {indexHint: 'kept'} RETURN d.text"));
        (await fabric.PostAsync("/cursor", """{"query":"RETURN FULLTEXT(c, 'other', 'a')"}""")).AssertError(404, 1571);
    }

    [Fact]
    public async Task What_best_documents_will_be_asked_for_is_told_back_by_indexes_and_views_and_the_best_are_found()
    {
        const string orders = """["BM25(@doc) DESC","tfidf(@doc, true) DESC","BM25(@doc, 1.5, 0.5)"]""";
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """[{"_key":"a","a":"x y"},{"_key":"b","a":"x"}]""")).AssertStatus(202);

        var body = $$"""{"name":"words","fields":["a"],"analyzer":"text_en","optimizeTopK":{{orders}} }""";
        Assert.Equal(orders, (await fabric.PostAsync("/index/inverted?collection=c", body)).AssertStatus(201)["optimizeTopK"]!.ToJsonString());
        Assert.False((bool)(await fabric.PostAsync("/index/inverted?collection=c", body)).AssertStatus(200)["isNewlyCreated"]!);
        Assert.Equal(orders, (await fabric.GetAsync("/index/c/words")).AssertStatus(200)["optimizeTopK"]!.ToJsonString());
        Assert.Equal(orders, (await fabric.GetAsync("/index?collection=c")).AssertStatus(200)["indexes"]![1]!["optimizeTopK"]!.ToJsonString());
        Assert.Equal("""["b"]""", await RowsAsync(fabric, "FOR d IN c SEARCH ANALYZER(d.a == 'x', 'text_en') SORT BM25(d) DESC LIMIT 1 RETURN d._key"));
        Assert.Null((await fabric.PostAsync("/index/inverted?collection=c", """{"name":"plain","fields":["a"],"optimizeTopK":[]}""")).AssertStatus(201)["optimizeTopK"]);

        Assert.Equal(orders, (await fabric.PostAsync("/search/view", $$"""{"name":"v","links":{"c":{"includeAllFields":true} },"optimizeTopK":{{orders}} }""")).AssertStatus(201)["optimizeTopK"]!.ToJsonString());
        Assert.Equal(orders, (await fabric.PutAsync("/search/view/v/properties", """{"links":{"c":{"fields":{"a":{}}}}}""")).AssertStatus(200)["optimizeTopK"]!.ToJsonString());
        Assert.Equal(orders, (await fabric.GetAsync("/search/view/v/properties")).AssertStatus(200)["result"]!["optimizeTopK"]!.ToJsonString());
        Assert.Null((await fabric.PutAsync("/search/view/v/properties", """{"optimizeTopK":[]}""")).AssertStatus(200)["optimizeTopK"]);
    }

    [Theory]
    [InlineData("\"BM25(@doc)\"", "an array")]
    [InlineData("[5]", "an array of strings, found 5")]
    [InlineData("[\"\"]", "cannot be read")]
    [InlineData("[\"BM25(\"]", "'BM25('")]
    [InlineData("[\"BM25(@doc) UP\"]", "'BM25(@doc) UP'")]
    [InlineData("[\"BM25(@doc) @way\"]", "more than one expression")]
    [InlineData("[\"BM25(@doc), TFIDF(@doc)\"]", "more than one expression")]
    [InlineData("[\"BM25(@doc) LIMIT 1\"]", "more than one expression")]
    [InlineData("[\"BM25(@doc) RETURN doc //\"]", "cannot be read")]
    [InlineData("[\"BM25(@doc) RETURN doc /*\"]", "cannot be read")]
    [InlineData("[\"LENGTH(@doc) DESC\"]", "BM25() or TFIDF()")]
    [InlineData("[\"@doc\"]", "BM25() or TFIDF()")]
    [InlineData("[\"BM25(doc) DESC\"]", "first argument is not @doc")]
    [InlineData("[\"BM25() DESC\"]", "first argument is not @doc")]
    [InlineData("[\"BM25(@doc, true) DESC\"]", "two numbers")]
    [InlineData("[\"BM25(@doc, -1) DESC\"]", "two numbers")]
    [InlineData("[\"BM25(@doc, 1, 1, 1) DESC\"]", "two numbers")]
    [InlineData("[\"TFIDF(@doc, 1) DESC\"]", "true or false")]
    public async Task What_is_no_order_by_a_score_is_refused_with_its_name(string orders, string told)
    {
        var fabric = await server.NewCollectionAsync();

        Assert.Contains(told, (await fabric.PostAsync("/index/inverted?collection=c", $$"""{"fields":["a"],"optimizeTopK":{{orders}} }""")).AssertError(400, 10).Text, StringComparison.Ordinal);
        Assert.Contains(told, (await fabric.PostAsync("/search/view", $$"""{"name":"v","optimizeTopK":{{orders}} }""")).AssertError(400, 10).Text, StringComparison.Ordinal);
        Assert.Single((await fabric.GetAsync("/index?collection=c")).AssertStatus(200)["indexes"]!.AsArray());
    }

    /// <summary>Errors name the part that is wrong and say what it looks like; nothing wrong is taken as if nothing were said.</summary>
    [Theory]
    [InlineData("/search/view", """{"name":"v","links":{"c":5}}""", "links: 'c' must be an object such as")]
    [InlineData("/search/view", """{"name":"v","links":{"c":{"fields":{"a":null}}}}""", "links: field 'a' must be an object such as")]
    [InlineData("/search/view", """{"name":"v","links":{"c":{"fields":{"a[*]":{}}}}}""", "'a[*]' has [*]; items of arrays are found under the attribute itself")]
    [InlineData("/search/view", """{"name":"v","links":{"c":{"fields":{"a":{"fields":{"b[*].c":{}}}}}}}""", "'b[*].c' has [*]")]
    [InlineData("/search/view", """{"name":"v","primarySort":{"field":"a"}}""", "primarySort: an object has 'fields'")]
    [InlineData("/search/view", """{"name":"v","primarySort":["a"]}""", "primarySort: each item must be an object such as")]
    [InlineData("/search/view", """{"name":"v","type":"semantic_search","links":{"c":{"fields":{"v":5}}}}""", "links: field 'v' must be an object such as")]
    [InlineData("/index?collection=c", """{"type":"inverted","fields":[5]}""", "must be an attribute path or an object such as")]
    [InlineData("/index?collection=c", """{"type":"inverted","fields":[{"name":"a","nested":[5]}]}""", "must be an attribute path or an object such as")]
    [InlineData("/search/analyzer", """{"name":"m","type":"minhash","properties":{"numHashes":1,"analyzer":{"type":"pipeline"}}}""", "'pipeline' works on its own only")]
    [InlineData("/search/analyzer", """{"name":"m","type":"pipeline","properties":{"pipeline":[{"type":"minhash"}]}}""", "'minhash' works on its own only")]
    [InlineData("/search/analyzer", """{"name":"m","type":"pipeline","properties":{"pipeline":[5]}}""", "a step of a pipeline must be an object such as")]
    public async Task A_wrong_part_of_what_is_searched_is_named(string path, string body, string told)
    {
        var fabric = await server.NewCollectionAsync();

        Assert.Contains(told, (string)(await fabric.PostAsync(path, body)).AssertError(400, 10)["errorMessage"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Orders_by_scores_are_few_and_short()
    {
        var fabric = await server.NewCollectionAsync();
        var many = string.Join(",", Enumerable.Repeat("\"BM25(@doc)\"", 65));

        (await fabric.PostAsync("/index/inverted?collection=c", $$"""{"fields":["a"],"optimizeTopK":[{{many}}]}""")).AssertError(400, 10);
        (await fabric.PostAsync("/index/inverted?collection=c", $$"""{"fields":["a"],"optimizeTopK":["BM25(@doc){{new string(' ', 250)}}"]}""")).AssertError(400, 10);
    }

    [Fact]
    public async Task An_inverted_index_tells_where_words_were_found_if_its_features_say_so()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """{"_key":"a","text":"Two running foxes","other":"foxes"}""")).AssertStatus(202);
        (await fabric.PostAsync("/index/inverted?collection=c", """{"analyzer":"text_en","fields":[{"name":"text","features":["frequency","norm","position","offset"]},"other"]}""")).AssertStatus(201);

        const string query = "FOR d IN c SEARCH ANALYZER(d.text == 'run' OR d.text == 'fox' OR d.other == 'fox', 'text_en') RETURN OFFSET_INFO(d, ['text', 'other'])[*].offsets";
        Assert.Equal("[[[[4,7],[12,5]],[]]]", await RowsAsync(fabric, query));
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
