namespace GeoFabric.Api.Tests;

public sealed class CollectionTests(ServerFixture server)
{
    [Fact]
    public async Task A_collection_lives_from_creation_to_drop()
    {
        var fabric = await server.NewFabricAsync();

        var created = (await fabric.PostAsync("/collection", """{"name":"people","type":2,"stream":true,"waitForSync":true,"isLocal":true}""")).AssertStatus(200);
        Assert.True((bool)created["hasStream"]! && (bool)created["waitForSync"]! && (bool)created["isLocal"]!);
        Assert.Equal("traditional", (string)created["keyOptions"]!["type"]!);
        (await fabric.PostAsync("/collection", """{"name":"people"}""")).AssertError(409, 1207);
        Assert.Equal("people", (string)(await fabric.GetAsync("/collection/people")).AssertStatus(200)["name"]!);
        Assert.Equal((string)created["id"]!, (string)(await fabric.GetAsync("/collection/people/properties")).AssertStatus(200)["id"]!);

        var changed = (await fabric.PutAsync("/collection/people/properties", """{"waitForSync":false}""")).AssertStatus(200);
        Assert.False((bool)changed["waitForSync"]!);
        Assert.True((bool)changed["hasStream"]!);

        (await fabric.PutAsync("/collection/people/rename", """{"name":"persons"}""")).AssertStatus(200);
        (await fabric.GetAsync("/collection/people")).AssertError(404, 1203);
        Assert.Equal((string)created["id"]!, (string)(await fabric.DeleteAsync("/collection/persons")).AssertStatus(200)["id"]!);
        (await fabric.DeleteAsync("/collection/persons")).AssertError(404, 1203);
    }

    [Fact]
    public async Task System_collections_are_listed_unless_excluded_and_need_their_flag()
    {
        var fabric = await server.NewCollectionAsync();

        (await fabric.PostAsync("/collection", """{"name":"_mine"}""")).AssertError(400, 1208);
        (await fabric.PostAsync("/collection", """{"name":"_mine","isSystem":true}""")).AssertStatus(200);

        Assert.Contains("_mine", Names(await fabric.GetAsync("/collection")));
        Assert.DoesNotContain("_mine", Names(await fabric.GetAsync("/collection?excludeSystem=true")));
        Assert.DoesNotContain("_mine", Names(await fabric.GetAsync("/collection?excludeSystem=1")));
        Assert.Contains("_mine", Names(await fabric.GetAsync("/collection?excludeSystem=False")));
        (await fabric.DeleteAsync("/collection/_mine")).AssertError(403, 11);
        (await fabric.DeleteAsync("/collection/_mine?isSystem=true")).AssertStatus(200);
        (await fabric.DeleteAsync("/collection/_mine")).AssertError(404, 1203);
    }

    [Fact]
    public async Task Truncating_leaves_an_empty_collection_with_its_indexes()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/index?collection=c", """{"type":"persistent","fields":["a"]}""")).AssertStatus(201);
        (await fabric.PostAsync("/document/c", """[{"a":1},{"a":2}]""")).AssertStatus(202);
        Assert.Equal(2, (int)(await fabric.GetAsync("/collection/c/count"))["count"]!);

        (await fabric.PutAsync("/collection/c/truncate")).AssertStatus(200);

        Assert.Equal(0, (int)(await fabric.GetAsync("/collection/c/count"))["count"]!);
        Assert.Equal(2, (await fabric.GetAsync("/index?collection=c"))["indexes"]!.AsArray().Count);
    }

    [Fact]
    public async Task Figures_count_documents_bytes_and_indexes()
    {
        var fabric = await server.NewCollectionAsync(""","keyOptions":{"type":"autoincrement","offset":10,"increment":5}""");
        (await fabric.PostAsync("/document/c", "[{},{}]")).AssertStatus(202);

        var figures = (await fabric.GetAsync("/collection/c/figures")).AssertStatus(200);

        Assert.Equal(2, (int)figures["count"]!);
        Assert.Equal("DOC", (string)figures["collectionModel"]!);
        Assert.True((int)figures["figures"]!["documentsSize"]! > 0);
        Assert.Equal(1, (int)figures["figures"]!["indexes"]!["count"]!);
        Assert.Equal("autoincrement", (string)figures["keyOptions"]!["type"]!);
        Assert.True((int)figures["keyOptions"]!["lastValue"]! > 0);
    }

    [Fact]
    public async Task Indexes_are_created_once_listed_read_and_dropped_by_name_or_id()
    {
        var fabric = await server.NewCollectionAsync();
        const string body = """{"type":"persistent","fields":["a","b[*].c"],"sparse":true,"name":"byA"}""";

        var created = (await fabric.PostAsync("/index?collection=c", body)).AssertStatus(201);
        Assert.True((bool)created["isNewlyCreated"]!);
        var again = (await fabric.PostAsync("/index?collection=c", body)).AssertStatus(200);
        Assert.False((bool)again["isNewlyCreated"]!);
        Assert.Equal((string)created["id"]!, (string)again["id"]!);

        var list = (await fabric.GetAsync("/index?collection=c")).AssertStatus(200);
        Assert.Equal(["primary", "byA"], list["indexes"]!.AsArray().Select(index => (string)index!["name"]!));
        Assert.NotNull(list["identifiers"]![(string)created["id"]!]);
        Assert.Equal("primary", (string)(await fabric.GetAsync("/index/c/primary"))["type"]!);
        Assert.Equal("""["a","b[*].c"]""", (await fabric.GetAsync("/index/c/byA"))["fields"]!.ToJsonString());
        var id = ((string)created["id"]!).Split('/')[1];
        Assert.Equal("byA", (string)(await fabric.GetAsync("/index/c/" + id))["name"]!);
        (await fabric.DeleteAsync("/index/c/" + id)).AssertStatus(200);
        (await fabric.DeleteAsync("/index/c/byA")).AssertError(404, 1212);
    }

    [Theory]
    [InlineData("persistent", """{"fields":["a"]}""")]
    [InlineData("hash", """{"fields":["a"]}""")]
    [InlineData("skiplist", """{"fields":["a"]}""")]
    [InlineData("ttl", """{"fields":["a"],"expireAfter":60}""")]
    [InlineData("geo", """{"fields":["a"]}""")]
    [InlineData("mdi", """{"fields":["a","b"],"fieldValueTypes":"double"}""")]
    [InlineData("zkd", """{"fields":["a","b"],"fieldValueTypes":"double"}""")]
    [InlineData("general", """{"type":"persistent","fields":["a"],"name":"x"}""")]
    public async Task Each_type_of_index_has_a_call_of_its_own(string type, string body)
    {
        var fabric = await server.NewCollectionAsync();

        var created = (await fabric.PostAsync($"/index/{type}?collection=c", body)).AssertStatus(201);

        Assert.Equal(type == "general" ? "persistent" : type, (string)created["type"]!);
        if (type == "ttl")
            Assert.Equal(60, (int)created["expireAfter"]!);
    }

    [Fact]
    public async Task An_index_says_how_many_of_its_entries_differ()
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/collection", """{"name":"links","type":3}""");
        await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..20 INSERT { a: i % 4, b: i, tags: [i % 2, 7] } INTO c"}""");
        await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..20 INSERT { _from: CONCAT('c/', i % 2), _to: 'c/x' } INTO links"}""");

        foreach (var (fields, selectivity) in new[] { ("a", 0.2), ("b", 1.0), ("tags[*]", 0.075) })
        {
            var created = (await fabric.PostAsync("/index?collection=c", $$"""{"type":"persistent","fields":["{{fields}}"]}""")).AssertStatus(201);
            Assert.Equal(selectivity, (double)created["selectivityEstimate"]!, 9);
        }
        var listed = (await fabric.GetAsync("/index?collection=c"))["indexes"]!.AsArray();
        Assert.Equal([1.0, 0.2, 1.0, 0.075], listed.Select(index => (double)index!["selectivityEstimate"]!));
        var edge = (await fabric.GetAsync("/index?collection=links&figures=true"))["indexes"]![1]!;
        Assert.Equal(0.1, (double)edge["selectivityEstimate"]!, 9);
        Assert.Equal(0.1, (double)edge["figures"]!["selectivity"]!, 9);
        Assert.Null((await fabric.GetAsync("/index/c/primary"))["selectivityEstimate"]);
    }

    [Fact]
    public async Task A_geo_index_tells_clients_what_they_know_of_it_wherever_it_is_shown()
    {
        var fabric = await server.NewCollectionAsync();

        var created = (await fabric.PostAsync("/index/geo?collection=c", """{"fields":["loc"],"geoJson":true}""")).AssertStatus(201);
        var again = (await fabric.PostAsync("/index?collection=c", """{"type":"geo","fields":["loc"],"geoJson":true}""")).AssertStatus(200);
        var other = (await fabric.PostAsync("/index?collection=c", """{"type":"geo2","fields":["lat","lon"]}""")).AssertStatus(201);
        var read = (await fabric.GetAsync($"/index/c/{(string)created["name"]!}")).AssertStatus(200);
        var listed = (await fabric.GetAsync("/index?collection=c"))["indexes"]!.AsArray().Single(index => (string)index!["id"]! == (string)created["id"]!)!;

        Assert.False((bool)again["isNewlyCreated"]!);
        Assert.Equal((string)created["id"]!, (string)again["id"]!);
        Assert.Equal("geo", (string)other["type"]!);
        Assert.False((bool)other["geoJson"]!);
        foreach (var shown in new[] { created.Body!, read.Body!, listed })
        {
            Assert.Equal("true 17 4 8 true false", $"{shown["geoJson"]} {shown["bestIndexedLevel"]} {shown["worstIndexedLevel"]} {shown["maxNumCoverCells"]} {shown["sparse"]} {shown["unique"]}");
            Assert.Null(shown["selectivityEstimate"]);
        }
    }

    [Theory]
    [InlineData("""{"fields":["a","b","c"]}""")]
    [InlineData("""{"fields":["a[*]"]}""")]
    [InlineData("""{"fields":["a","b"],"geoJson":true}""")]
    public async Task A_geo_index_that_makes_no_sense_is_refused(string body)
    {
        var fabric = await server.NewCollectionAsync();

        (await fabric.PostAsync("/index/geo?collection=c", body)).AssertError(400, 10);
    }

    [Fact]
    public async Task A_multi_dimensional_index_tells_its_dimensions_and_its_prefix()
    {
        var fabric = await server.NewCollectionAsync();

        var created = (await fabric.PostAsync("/index?collection=c", """{"type":"mdi-prefixed","prefixFields":["city"],"fields":["x","y"],"fieldValueTypes":"double"}""")).AssertStatus(201);
        var again = (await fabric.PostAsync("/index?collection=c", """{"type":"mdi-prefixed","prefixFields":["city"],"fields":["x","y"]}""")).AssertStatus(200);

        Assert.False((bool)again["isNewlyCreated"]!);
        Assert.Equal("""["x","y"] ["city"] double mdi-prefixed""", $"{created["fields"]!.ToJsonString()} {created["prefixFields"]!.ToJsonString()} {created["fieldValueTypes"]} {created["type"]}");
        (await fabric.PostAsync("/index?collection=c", """{"type":"mdi","fields":["x"],"fieldValueTypes":"float"}""")).AssertError(400, 10);
    }

    [Fact]
    public async Task A_vector_index_tells_its_parameters_and_finds_the_nearest()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PostAsync("/document/c", """[{"_key":"a","v":[1,0]},{"_key":"b","v":[0,1]},{"_key":"d","v":[3,1]}]""")).AssertStatus(202);

        var created = (await fabric.PostAsync("/index?collection=c", """{"type":"vector","fields":["v"],"params":{"metric":"cosine","dimension":2,"nLists":2}}""")).AssertStatus(201);
        var found = (await fabric.PostAsync("/cursor", """{"query":"FOR d IN c SORT APPROX_NEAR_COSINE(d.v, [5, 0], {nProbe: 2}) DESC LIMIT 2 RETURN d._key"}""")).AssertStatus(201);

        Assert.Equal("""{"metric":"cosine","dimension":2,"nLists":2,"defaultNProbe":1,"trainingIterations":25}""", created["params"]!.ToJsonString());
        Assert.Equal("""["a","d"]""", found["result"]!.ToJsonString());
        (await fabric.PostAsync("/index/vector?collection=c", """{"fields":["v"],"params":{"metric":"cosine","nLists":2}}""")).AssertError(400, 10);
        (await fabric.PostAsync("/index/vector?collection=c", """{"fields":["v"],"params":{"metric":"nix","dimension":2,"nLists":2}}""")).AssertError(400, 10);
    }

    [Fact]
    public async Task Unique_indexes_need_a_local_collection()
    {
        var fabric = await server.NewCollectionAsync();
        const string body = """{"type":"persistent","fields":["a"],"unique":true}""";

        (await fabric.PostAsync("/index?collection=c", body)).AssertError(400, 400);
        (await fabric.PostAsync("/collection", """{"name":"l","isLocal":true}""")).AssertStatus(200);
        (await fabric.PostAsync("/index?collection=l", body)).AssertStatus(201);
        (await fabric.PostAsync("/document/l", """{"a":1}""")).AssertStatus(202);
        (await fabric.PostAsync("/document/l", """{"a":1}""")).AssertError(409, 1210);
    }

    [Fact]
    public async Task An_edge_collection_shows_its_two_edge_indexes_as_one()
    {
        var fabric = await server.NewFabricAsync();
        (await fabric.PostAsync("/collection", """{"name":"e","type":3}""")).AssertStatus(200);

        var indexes = (await fabric.GetAsync("/index?collection=e"))["indexes"]!.AsArray();

        Assert.Equal(["primary", "edge"], indexes.Select(index => (string)index!["type"]!));
        Assert.Equal("""["_from","_to"]""", indexes[1]!["fields"]!.ToJsonString());
    }

    [Theory]
    [InlineData("true", "true")]
    [InlineData("false", "false")]
    [InlineData("\"true\"", "true")]
    [InlineData("\"false\"", "false")]
    public async Task A_geo_index_takes_geoJson_as_a_flag_or_as_its_text(string given, string told)
    {
        var fabric = await server.NewCollectionAsync();

        var created = (await fabric.PostAsync("/index/geo?collection=c", $$"""{"type":"geo","fields":["l"],"geoJson":{{given}} }""")).AssertStatus(201);

        Assert.Equal(told, created["geoJson"]!.ToJsonString());
        (await fabric.PostAsync("/index/geo?collection=c", """{"fields":["l"],"geoJson":"yes"}""")).AssertError(400, 10);
    }

    [Fact]
    public async Task A_ttl_index_says_when_documents_go()
    {
        var fabric = await server.NewCollectionAsync();

        (await fabric.PostAsync("/index/ttl?collection=c", """{"type":"ttl","fields":["at"]}""")).AssertError(400, 10);
        (await fabric.PostAsync("/index?collection=c", """{"type":"ttl","fields":["at"],"expireAfter":null}""")).AssertError(400, 10);
        Assert.Equal("0", (await fabric.PostAsync("/index/ttl?collection=c", """{"fields":["at"],"expireAfter":0}""")).AssertStatus(201)["expireAfter"]!.ToJsonString());
    }

    private static IEnumerable<string> Names(ApiAnswer list) => list["result"]!.AsArray().Select(collection => (string)collection!["name"]!);
}
