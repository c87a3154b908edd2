using System.Text.Json.Nodes;

namespace GeoFabric.Api.Tests;

/// <summary>Sizes of collections and indexes, and what their documents look like.</summary>
public sealed class CollectionFigureTests(ServerFixture server)
{
    [Fact]
    public async Task The_list_of_collections_has_sizes_and_regions_when_they_are_asked_for()
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/index?collection=c", """{"type":"persistent","fields":["n"]}""");
        await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..7 INSERT { n: i } INTO c"}""");

        var plain = Assert.Single((await fabric.GetAsync("/collection?excludeSystem=true"))["result"]!.AsArray())!;
        var figured = Assert.Single((await fabric.GetAsync("/collection?excludeSystem=true&figures=true")).AssertStatus(200)["result"]!.AsArray())!;

        Assert.Null(plain["figures"]);
        var figures = figured["figures"]!;
        Assert.Equal((7, 2, 7), ((int)figures["count"]!, (int)figures["indexes"]!, (int)figures["indexEntries"]!));
        Assert.True((long)figures["documentsSize"]! > 0);
        Assert.Equal("""["test-region"]""", figured["regions"]!.ToJsonString());
    }

    [Fact]
    public async Task Indexes_have_entries_size_and_selectivity_when_they_are_asked_for()
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/index?collection=c", """{"type":"persistent","fields":["city"],"name":"byCity"}""");
        await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..400 INSERT { city: CONCAT('city', i % 4) } INTO c"}""");

        var indexes = (await fabric.GetAsync("/index?collection=c&figures=true")).AssertStatus(200)["indexes"]!.AsArray();

        var primary = indexes.Single(index => (string)index!["type"]! == "primary")!["figures"]!;
        var byCity = indexes.Single(index => (string)index!["name"]! == "byCity")!["figures"]!;
        Assert.Equal((400, null), ((int)primary["entries"]!, primary["size"]));
        Assert.Equal((400, 0.01), ((int)byCity["entries"]!, (double)byCity["selectivity"]!));
        Assert.InRange((long)byCity["size"]!, 400 * 5, 400 * 200);
        Assert.Equal((long)byCity["size"]!, (long)(await fabric.GetAsync("/collection/c/figures"))["figures"]!["indexes"]!["size"]!);
        Assert.All((await fabric.GetAsync("/index?collection=c"))["indexes"]!.AsArray(), index => Assert.Null(index!["figures"]));
    }

    [Fact]
    public async Task Figures_tell_indexes_of_views_from_others()
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/collection", """{"name":"links","type":3}""");
        await fabric.PostAsync("/index?collection=c", """{"type":"persistent","fields":["n"]}""");
        await fabric.PostAsync("/search/view", """{"name":"v","links":{"c":{"includeAllFields":true}}}""");
        await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..20 INSERT { n: i, text: 'words' } INTO c"}""");

        var figures = (await fabric.GetAsync("/collection/c/figures"))["figures"]!;
        var ofLinks = (await fabric.GetAsync("/collection/links/figures"))["figures"]!;

        Assert.Equal((2, 1), ((int)figures["indexes"]!["count"]!, (int)figures["viewIndexes"]!["count"]!));
        Assert.True((long)figures["viewIndexes"]!["size"]! > 20);
        Assert.Equal((2, 0, 0), ((int)ofLinks["indexes"]!["count"]!, (int)ofLinks["viewIndexes"]!["count"]!, (int)ofLinks["viewIndexes"]!["size"]!));
    }

    [Fact]
    public async Task Indexes_count_the_queries_that_read_by_them()
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/collection", """{"name":"e","type":3}""");
        await fabric.PostAsync("/index?collection=c", """{"type":"persistent","fields":["n"],"name":"byN"}""");
        await fabric.PostAsync("/index?collection=c", """{"type":"persistent","fields":["m"],"name":"byM"}""");
        await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..50 INSERT { n: i, m: i } INTO c"}""");
        foreach (var query in (string[])["FOR d IN c FILTER d.n == 1 RETURN d", "FOR i IN 1..9 FOR d IN c FILTER d.n == i RETURN d", "FOR d IN c FILTER d.n == 1 || d.m == 2 RETURN d",
            "RETURN LENGTH(FOR d IN c FILTER d.m == 3 RETURN 1)", "FOR v IN ANY 'c/1' e RETURN v", "FOR d IN c RETURN d"])
        {
            (await fabric.PostAsync("/query/explain", $$"""{"query":"{{query}}"}""")).AssertStatus(200);
            for (var run = 0; run < 2; run++)
                (await fabric.PostAsync("/cursor", $$"""{"query":"{{query}}"}""")).AssertStatus(201);
        }

        var figures = (await fabric.GetAsync("/index?collection=c&figures=true"))["indexes"]!.AsArray().ToDictionary(index => (string)index!["name"]!, index => index!["figures"]!);
        var edge = (await fabric.GetAsync("/index?collection=e&figures=true"))["indexes"]!.AsArray().Single(index => (string)index!["type"]! == "edge")!["figures"]!;

        Assert.Equal((6, 4, 2), ((int)figures["byN"]["hits"]!, (int)figures["byM"]["hits"]!, (int)edge["hits"]!));
        Assert.Equal((0, null), ((int)figures["primary"]["hits"]!, figures["primary"]["lastUsed"]));
        Assert.EndsWith("Z", (string)figures["byN"]["lastUsed"]!, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_sample_says_which_fields_there_are_and_what_they_hold()
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/document/c", """
            [{"_key":"1","name":"Ada","age":36,"tags":["a","b"],"at":{"city":"Oslo"}},
             {"_key":"2","name":"Bo","age":null,"tags":["a","a"],"at":{"city":"Oslo"}},
             {"_key":"3","name":"Cy","age":"old"}]
            """);

        var sample = (await fabric.GetAsync("/collection/c/sample")).AssertStatus(200)["result"]!;

        Assert.Equal((3, 3, true), ((int)sample["count"]!, (int)sample["sampled"]!, (bool)sample["isComplete"]!));
        var fields = sample["fields"]!.AsArray().ToDictionary(field => (string)field!["path"]!, field => field!);
        Assert.Equal("""{"null":1,"number":1,"string":1}""", fields["age"]["types"]!.ToJsonString());
        Assert.Equal((1, 1.0), ((int)fields["age"]["nulls"]!, (double)fields["age"]["share"]!));
        Assert.Equal(("36", "\"old\""), (fields["age"]["min"]!.ToJsonString(), fields["age"]["max"]!.ToJsonString()));
        Assert.Equal((2, 0.6667), ((int)fields["at.city"]["count"]!, (double)fields["at.city"]["share"]!));
        Assert.Equal((2, """[{"value":"a","count":3},{"value":"b","count":1}]"""), ((int)fields["tags[*]"]["count"]!, fields["tags[*]"]["top"]!.ToJsonString()));
        Assert.Contains("_key", fields.Keys);
    }

    [Fact]
    public async Task A_sample_of_a_large_collection_reads_no_more_than_it_may_from_all_over_it()
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/cursor", """{"query":"FOR i IN 10000..19999 INSERT { _key: TO_STRING(i), n: i } INTO c"}""");

        var first = await fabric.GetAsync("/collection/c/sample?limit=200&seed=1");
        var again = await fabric.GetAsync("/collection/c/sample?limit=200&seed=1");
        var other = await fabric.GetAsync("/collection/c/sample?limit=200&seed=2");

        var sample = first.AssertStatus(200)["result"]!;
        Assert.Equal((10_000, false), ((int)sample["count"]!, (bool)sample["isComplete"]!));
        Assert.InRange((int)sample["sampled"]!, 100, 200);
        var n = sample["fields"]!.AsArray().Single(field => (string)field!["path"]! == "n")!;
        Assert.Equal(10_000, (int)n["min"]!);
        Assert.InRange((int)n["max"]!, 15_000, 19_999);
        Assert.Equal(first.Text, again.Text);
        Assert.NotEqual(first.Text, other.Text);
    }

    [Fact]
    public async Task A_sample_is_bounded_whatever_the_documents_hold()
    {
        var fabric = await server.NewCollectionAsync();
        var wide = new JsonObject(Enumerable.Range(0, 500).Select(i => KeyValuePair.Create($"f{i}", (JsonNode?)JsonValue.Create(i))));
        await fabric.PostAsync("/document/c", wide.ToJsonString());
        await fabric.PostAsync("/document/c", """{"f0":{"a":{"b":{"c":{"d":{"e":1}}}}}}""");

        var fields = (await fabric.GetAsync("/collection/c/sample"))["result"]!["fields"]!.AsArray().Select(field => (string)field!["path"]!).ToList();

        Assert.Equal(200, fields.Count);
        Assert.DoesNotContain("f0.a.b.c.d.e", fields);
    }

    [Theory]
    [InlineData("/collection/none/sample", 404, 1203)]
    [InlineData("/collection/c/sample?limit=1001", 400, 10)]
    [InlineData("/collection/c/sample?seed=x", 400, 10)]
    public async Task Wrong_samples_are_refused(string path, int status, int number)
    {
        var fabric = await server.NewCollectionAsync();

        (await fabric.GetAsync(path)).AssertError(status, number);
    }
}
