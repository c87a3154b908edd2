using GeoFabric.Api.Tests.Cluster;

namespace GeoFabric.Api.Tests;

/// <summary>Schemas of collections: given and changed, held against every kind of write, and the same in all regions.</summary>
public sealed class CollectionSchemaTests(ServerFixture server)
{
    private const string Fabric = "/_tenant/_mm/_fabric/_system/_api";
    private const string Rule = """{"required":["n"],"properties":{"n":{"type":"number","minimum":0}}}""";
    private const string Schema = $$"""{"rule":{{Rule}},"level":"strict","message":"","type":"json"}""";

    [Fact]
    public async Task Schemas_are_given_shown_changed_and_taken_away()
    {
        var fabric = await server.NewFabricAsync();

        var created = await fabric.PostAsync("/collection", $$$"""{"name":"c","schema":{"rule":{{{Rule}}}}}""");
        var shown = await fabric.GetAsync("/collection/c/properties");
        var untouched = await fabric.PutAsync("/collection/c/properties", """{"waitForSync":true}""");
        var read = await fabric.PostAsync("/cursor", """{"query":"RETURN SCHEMA_GET('c')"}""");
        var changed = await fabric.PutAsync("/collection/c/properties", """{"schema":{"rule":{"minProperties":1},"level":"new","message":"say something"}}""");

        foreach (var answer in (ApiAnswer[])[created, shown, untouched])
            Assert.Equal((200, Schema), (answer.Status, answer["schema"]!.ToJsonString()));
        Assert.Equal(Schema, read["result"]![0]!.ToJsonString());
        Assert.Equal("""{"rule":{"minProperties":1},"level":"new","message":"say something","type":"json"}""", changed["schema"]!.ToJsonString());
        Assert.Null((await fabric.PutAsync("/collection/c/properties", """{"schema":{}}"""))["schema"]);
        await fabric.PutAsync("/collection/c/properties", $$"""{"schema":{{Schema}}}""");
        Assert.Null((await fabric.PutAsync("/collection/c/properties", """{"schema":null}"""))["schema"]);
        Assert.Equal(201, (await fabric.PostAsync("/document/c", """{"any":"thing"}""")).Status);
    }

    [Theory]
    [InlineData("""1""", "it is an object such as")]
    [InlineData("""{"level":"strict"}""", "'rule', the JSON Schema, is missing")]
    [InlineData("""{"rule":{},"levels":"strict"}""", "'schema' has no 'levels'")]
    [InlineData("""{"rule":{},"level":"hard"}""", "level \"hard\"; it is one of none, new, moderate, strict")]
    [InlineData("""{"rule":{},"message":1}""", "message 1; it is a string")]
    [InlineData("""{"rule":{},"type":"xml"}""", "the only one is \"json\"")]
    [InlineData("""{"rule":[]}""", "rule: [] is not a schema")]
    [InlineData("""{"rule":{"properties":{"a":{"type":"nmber"}}}}""", "rule.properties.a.type: \"nmber\" is not a type; types are null, boolean, number,")]
    [InlineData("""{"rule":{"items":[{},{"minimum":"1"}]}}""", "rule.items[1].minimum: \"1\" is not a number")]
    [InlineData("""{"rule":{"maxLength":-1}}""", "rule.maxLength: -1 is not a whole number")]
    [InlineData("""{"rule":{"required":["a",1]}}""", "rule.required[1]: 1 is not the name")]
    [InlineData("""{"rule":{"patternProperties":{"(?=a)":{}}}}""", "is not a regular expression that can be matched in linear time")]
    [InlineData("""{"rule":{"anyOf":{}}}""", "rule.anyOf: {} is not an array of schemas")]
    [InlineData("""{"rule":{"not":{"$ref":"#"}}}""", "rule.not.$ref: this word is not followed")]
    [InlineData("""{"rule":{"dependencies":{"a":["b",2]}}}""", "rule.dependencies.a[1]: 2 is not the name")]
    public async Task What_documents_could_not_be_held_to_is_refused(string schema, string told)
    {
        var fabric = await server.NewCollectionAsync();

        var created = (await fabric.PostAsync("/collection", $$"""{"name":"d","schema":{{schema}}}""")).AssertError(400, 1621);
        var changed = (await fabric.PutAsync("/collection/c/properties", $$"""{"schema":{{schema}}}""")).AssertError(400, 1621);

        Assert.Contains(told, (string)created["errorMessage"]!, StringComparison.Ordinal);
        Assert.Contains(told, (string)changed["errorMessage"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Schemas_nest_a_hundred_deep_and_no_deeper()
    {
        var fabric = await server.NewCollectionAsync();
        static string Nested(int depth) => "{\"schema\":{\"rule\":" + string.Concat(Enumerable.Repeat("{\"not\":", depth)) + "{}" + new string('}', depth) + "}}";

        Assert.Equal(200, (await fabric.PutAsync("/collection/c/properties", Nested(99))).Status);
        (await fabric.PutAsync("/collection/c/properties", Nested(100))).AssertError(400, 1621);
    }

    [Fact]
    public async Task Every_kind_of_write_is_held_to_the_schema_and_leaves_nothing_when_refused()
    {
        var fabric = await server.NewFabricAsync();
        await fabric.PostAsync("/collection", $$"""{"name":"c","schema":{{Schema}}}""");
        Assert.Equal(202, (await fabric.PostAsync("/document/c", """{"_key":"k","n":1}""")).Status);

        var refused = (await fabric.PostAsync("/document/c", """{"n":-1}""")).AssertError(400, 1620);
        Assert.Contains("n: it must not be below 0 (collection 'c')", (string)refused["errorMessage"]!, StringComparison.Ordinal);
        (await fabric.PatchAsync("/document/c/k", """{"n":"x"}""")).AssertError(400, 1620);
        (await fabric.PutAsync("/document/c/k", """{"m":1}""")).AssertError(400, 1620);
        (await fabric.PostAsync("/document/c?overwriteMode=replace", """{"_key":"k","m":1}""")).AssertError(400, 1620);
        (await fabric.PostAsync("/document/c?overwriteMode=update", """{"_key":"k","n":null}""")).AssertError(400, 1620);
        foreach (var query in (string[])["INSERT { m: 1 } INTO c", "UPDATE 'k' WITH { n: -2 } IN c", "REPLACE 'k' WITH { } IN c", "UPSERT { _key: 'k' } INSERT { n: 1 } UPDATE { n: -1 } IN c", "FOR i IN [3, -3] INSERT { n: i } INTO c"])
            (await fabric.PostAsync("/cursor", $$"""{"query":"{{query}}"}""")).AssertError(400, 1620);
        var ignored = await fabric.PostAsync("/cursor", """{"query":"FOR i IN [5, -5, 6] INSERT { _key: TO_STRING(ABS(i)), n: i } INTO c OPTIONS { ignoreErrors: true } RETURN NEW.n"}""");
        var several = await fabric.PostAsync("/document/c", """[{"_key":"7","n":7},{"_key":"8","n":-8},{"_key":"9","n":9}]""");

        Assert.Equal("[5,6]", ignored["result"]!.ToJsonString());
        Assert.Equal(1620, (int)several.Body![1]!["errorNum"]!);
        var left = await fabric.PostAsync("/cursor", """{"query":"FOR d IN c SORT d.n RETURN [d._key, d.n]"}""");
        Assert.Equal("""[["k",1],["5",5],["6",6],["7",7],["9",9]]""", left["result"]!.ToJsonString());
    }

    [Theory]
    [InlineData("none", true, true, true)]
    [InlineData("new", false, true, true)]
    [InlineData("moderate", false, true, false)]
    [InlineData("strict", false, false, false)]
    public async Task Levels_say_which_writes_count(string level, bool insertsBad, bool changesBadOne, bool spoilsGoodOne)
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/document/c", """[{"_key":"good","n":1},{"_key":"bad"}]""");
        await fabric.PutAsync("/collection/c/properties", $$$"""{"schema":{"rule":{{{Rule}}},"level":"{{{level}}}"}}""");

        Assert.Equal(insertsBad, (await fabric.PostAsync("/document/c", """{"m":1}""")).Status == 202);
        Assert.Equal(changesBadOne, (await fabric.PatchAsync("/document/c/bad", """{"m":1}""")).Status == 202);
        Assert.Equal(spoilsGoodOne, (await fabric.PatchAsync("/document/c/good", """{"n":-1}""")).Status == 202);
        Assert.Equal(202, (await fabric.DeleteAsync("/document/c/bad")).Status);
    }

    [Fact]
    public async Task The_message_given_is_the_message_told()
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PutAsync("/collection/c/properties", $$$"""{"schema":{"rule":{{{Rule}}},"message":"n counts"}}""");

        var refused = (await fabric.PostAsync("/document/c", "{}")).AssertError(400, 1620);

        Assert.EndsWith("n counts (collection 'c')", (string)refused["errorMessage"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_schema_that_takes_too_many_steps_is_refused_per_document()
    {
        var fabric = await server.NewCollectionAsync();
        var all = string.Join(',', Enumerable.Repeat("""{"items":{"type":"number"}}""", 500));
        await fabric.PutAsync("/collection/c/properties", """{"schema":{"rule":{"properties":{"a":{"allOf":[RULES]}}}}}""".Replace("RULES", all, StringComparison.Ordinal));

        Assert.Equal(202, (await fabric.PostAsync("/document/c", """{"a":[1,2,3]}""")).Status);
        var refused = await fabric.PostAsync("/document/c", $$"""{"a":[{{string.Join(',', Enumerable.Repeat("1", 50_000))}}]}""");

        Assert.Contains("takes more than", (string)refused.AssertError(500, 32)["errorMessage"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task All_regions_hold_their_writers_to_it_and_what_they_merge_stands()
    {
        await using var regions = await ServerRegions.StartAsync(2);
        await TestRegions.EventuallyAsync(
            () => regions.Servers.All(region => region.Services.Replication.Readiness == Server.Consistency.RegionReadiness.Ready), "that all regions are ready");
        await regions.Clients[0].In(Fabric).PostAsync("/collection", """{"name":"c","schema":{"rule":{"maxProperties":2}}}""");
        await regions.Clients[0].In(Fabric).PostAsync("/document/c", """{"_key":"k","a":1}""");
        await regions.EventuallyAsync(Fabric, "FOR d IN c RETURN SCHEMA_GET('c').rule", """[{"maxProperties":2}]""");
        (await regions.Clients[1].In(Fabric).PatchAsync("/document/c/k", """{"b":1,"c":1}""")).AssertError(400, 1620);
        (await regions.Clients[1].In(Fabric).PutAsync("/document/c/k", """{"b":1,"c":1,"d":1}""")).AssertError(400, 1620);
        regions.Cut(1, isCut: true);
        Assert.Equal(202, (await regions.Clients[0].In(Fabric).PatchAsync("/document/c/k", """{"b":1}""")).Status);
        Assert.Equal(202, (await regions.Clients[1].In(Fabric).PatchAsync("/document/c/k", """{"c":1}""")).Status);
        regions.Cut(1, isCut: false);

        await regions.EventuallyAsync(Fabric, "FOR d IN c RETURN ATTRIBUTES(d, true, true)", """[["a","b","c"]]""");
    }
}
