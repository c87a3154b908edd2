using System.Globalization;
using System.Text;
using System.Text.Json;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Language.Tests.Queries;

/// <summary>Searches through a vector index, beside the same questions answered by looking at every document.</summary>
public sealed class VectorSearchTests(ITestOutputHelper output)
{
    private const int Dimension = 24;
    private const int Documents = 3000;
    private const int Crowds = 40;
    private const int Wanted = 10;

    [Theory]
    [InlineData("COSINE", "COSINE_SIMILARITY", "DESC", VectorSettings.Cosine)]
    [InlineData("L2", "L2_DISTANCE", "ASC", VectorSettings.Euclidean)]
    [InlineData("INNER_PRODUCT", "DOT_PRODUCT", "DESC", VectorSettings.InnerProduct)]
    public async Task It_finds_nearly_all_of_the_nearest_in_a_few_lists_and_all_of_them_in_all_lists(string name, string exact, string direction, string metric)
    {
        await using var engine = await TestEngine.CreateAsync();
        var random = new Random(1);
        var crowds = Enumerable.Range(0, Crowds).Select(_ => Vector(random, null)).ToList();
        var documents = Enumerable.Range(0, Documents).Select(i => $$"""{"_key":"k{{i}}","v":{{Json(Vector(random, crowds[i % Crowds]))}},"n":{{i % 4}}}""");
        await engine.RunAsync("FOR d IN @documents INSERT d INTO empty", $$"""{"documents":[{{string.Join(",", documents)}}]}""");
        await engine.Fabric.CreateIndexAsync(engine.Scope, "empty", new IndexSettings("vector", ["v"]) { Vector = new VectorSettings(metric, Dimension, 50, Probes: 5) });
        var found = 0;
        long read = 0;
        const int Queries = 30;
        for (var i = 0; i < Queries; i++)
        {
            var target = $$"""{"q":{{Json(Vector(random, crowds[i % Crowds]))}}}""";
            var expected = Keys(await engine.RowsAsync($"FOR d IN empty SORT {exact}(d.v, @q) {direction}, d._key LIMIT {Wanted} RETURN d._key", target));
            var page = await engine.RunAsync($"FOR d IN empty SORT APPROX_NEAR_{name}(d.v, @q) {direction}, d._key LIMIT {Wanted} RETURN d._key", target);
            found += expected.Intersect(Keys(Encoding.UTF8.GetString(page.ResultJson.Span))).Count();
            read += page.Statistics.ScannedIndex;
            // Every list: nothing is left out, and the scores are the same too.
            Assert.Equal(
                await engine.RowsAsync($"FOR d IN empty LET s = {exact}(d.v, @q) FILTER d.n == 1 SORT s {direction}, d._key LIMIT {Wanted} RETURN [d._key, s]", target),
                await engine.RowsAsync($"FOR d IN empty LET s = APPROX_NEAR_{name}(@q, d.v, {{nProbe: 50}}) FILTER d.n == 1 SORT s {direction}, d._key LIMIT {Wanted} RETURN [d._key, s]", target));
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{metric}: recall {found / (double)(Queries * Wanted):0.000}, {read / Queries} of {Documents} documents read"));

        Assert.InRange(found, Queries * Wanted * 9 / 10, Queries * Wanted);
        Assert.InRange(read / Queries, 1, Documents / 3);
    }

    /// <summary>With codes the same documents come in the same order, and only some of those that are looked at are read.</summary>
    [Theory]
    [InlineData("COSINE", "DESC", VectorSettings.Cosine)]
    [InlineData("L2", "ASC", VectorSettings.Euclidean)]
    [InlineData("INNER_PRODUCT", "DESC", VectorSettings.InnerProduct)]
    public async Task Vectors_kept_in_short_make_no_difference_but_to_what_is_read(string name, string direction, string metric)
    {
        await using var engine = await TestEngine.CreateAsync();
        var random = new Random(2);
        var documents = Enumerable.Range(0, Documents).Select(i => $$"""{"_key":"k{{i}}","v":{{Json(Vector(random, null))}},"n":{{i % 4}},"t":"{{i % 3}}"}""").ToList();
        // Alike ones, some that no 32-bit float holds, and very small ones.
        documents.AddRange(Enumerable.Range(0, 20).Select(i => $$"""{"_key":"same{{i}}","v":{{Json([.. Enumerable.Repeat(0.5, Dimension)])}},"n":1,"t":"0"}"""));
        documents.Add($$"""{"_key":"vast","v":{{Json([.. Enumerable.Range(0, Dimension).Select(i => 1e60 * i)])}},"n":1,"t":"0"}""");
        documents.Add($$"""{"_key":"tiny","v":{{Json([.. Enumerable.Range(0, Dimension).Select(i => 1e-60 * i)])}},"n":1,"t":"0"}""");
        var targets = Enumerable.Range(0, 10).Select(_ => Json(Vector(random, null))).Append(Json([.. Enumerable.Repeat(1e-50, Dimension)])).Append(Json([.. Enumerable.Repeat(3e40, Dimension)])).ToList();
        foreach (var collection in new[] { "empty", "few" })
        {
            if (collection != "empty")
                await engine.Fabric.CreateCollectionAsync(engine.Scope, new CollectionSettings(collection));
            await engine.RunAsync($"FOR d IN @documents INSERT d INTO {collection}", $$"""{"documents":[{{string.Join(",", documents)}}]}""");
        }
        await engine.Fabric.CreateIndexAsync(engine.Scope, "empty", new IndexSettings("vector", ["v"]) { Vector = new VectorSettings(metric, Dimension, 1) });
        foreach (var bits in VectorSettings.CodeSizes)
        {
            var index = await engine.Fabric.CreateIndexAsync(engine.Scope, "few", new IndexSettings("vector", ["v"]) { Vector = new VectorSettings(metric, Dimension, 1) { CodeBits = bits } });
            long read = 0;
            foreach (var target in targets)
            {
                foreach (var filter in new[] { "", "FILTER d.n == 1 AND d.t != '1' " })
                {
                    string Query(string collection) => $"FOR d IN {collection} {filter}SORT APPROX_NEAR_{name}(d.v, {target}) {direction}, d.t LIMIT 2, {Wanted} RETURN d._key";
                    var page = await engine.RunAsync(Query("few"));
                    Assert.Equal(await engine.RowsAsync(Query("empty").Replace("d.t LIMIT", "d.t, d._key LIMIT", StringComparison.Ordinal)), Encoding.UTF8.GetString(page.ResultJson.Span));
                    Assert.Equal(Documents + 22, page.Statistics.ScannedIndex);
                    read += page.Statistics.DocumentLookups;
                }
            }
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{metric}, {bits} bits: {read / (2.0 * targets.Count):0} of {Documents + 22} documents read"));
            Assert.InRange(read / (2 * targets.Count), 1, bits == 4 ? Documents : Documents / 3);
            await engine.Fabric.DropIndexAsync(engine.Scope, "few", index.Definition.Name);
        }
    }

    /// <summary>Where every document counts or is told of, all are read: with warnings, fullCount, subqueries, and a search for each row of another loop.</summary>
    [Theory]
    [InlineData("FOR d IN empty FILTER d.n / d.z == null SORT APPROX_NEAR_L2(d.v, [0]) LIMIT 1 RETURN d._key", false)]
    [InlineData("FOR d IN empty LET s = FIRST(FOR e IN users LIMIT 1 RETURN e) SORT APPROX_NEAR_L2(d.v, [0]) LIMIT 1 RETURN [d._key, s.city]", false)]
    [InlineData("FOR q IN [[0], [90]] FOR d IN empty SORT APPROX_NEAR_L2(d.v, q), d._key LIMIT 3 RETURN d._key", false)]
    [InlineData("FOR d IN empty SORT APPROX_NEAR_L2(d.v, [0]) LIMIT 1 RETURN d._key", true)]
    [InlineData("FOR d IN empty FILTER d.n > 0 LET far = APPROX_NEAR_L2(d.v, [0]) SORT far LIMIT 1 RETURN d._key", true)]
    [InlineData("FOR q IN [[0], [90]] RETURN (FOR d IN empty SORT APPROX_NEAR_L2(d.v, q) LIMIT 1 RETURN d._key)", true)]
    public async Task It_stops_early_only_where_that_is_not_noticed(string query, bool stops)
    {
        await using var engine = await TestEngine.CreateAsync();
        await engine.RunAsync("FOR i IN 1..500 INSERT {_key: CONCAT('k', i), v: [i], n: i, z: 0} INTO empty");
        var before = await engine.Fabric.CreateIndexAsync(engine.Scope, "empty", new IndexSettings("vector", ["v"]) { Vector = new VectorSettings(VectorSettings.Euclidean, 1, 1) });
        var expected = await engine.RunAsync(query);
        await engine.Fabric.DropIndexAsync(engine.Scope, "empty", before.Definition.Name);
        await engine.Fabric.CreateIndexAsync(engine.Scope, "empty", new IndexSettings("vector", ["v"]) { Vector = new VectorSettings(VectorSettings.Euclidean, 1, 1) { CodeBits = 8 } });

        var page = await engine.RunAsync(query);

        Assert.Equal(Encoding.UTF8.GetString(expected.ResultJson.Span), Encoding.UTF8.GetString(page.ResultJson.Span));
        Assert.Equal(expected.Warnings.Count, page.Warnings.Count);
        Assert.Equal(stops, page.Statistics.DocumentLookups < expected.Statistics.DocumentLookups);
    }

    [Theory]
    [InlineData("FOR d IN empty SORT APPROX_NEAR_L2(d.v, [1, 2]) LIMIT 3 RETURN d", 1554)]
    [InlineData("FOR d IN empty SORT APPROX_NEAR_COSINE(d.v, [1, 2]) LIMIT 3 RETURN d", 1554)]
    [InlineData("FOR d IN empty SORT APPROX_NEAR_COSINE(d.v, [1, 2]) DESC RETURN d", 1554)]
    [InlineData("FOR d IN empty FILTER APPROX_NEAR_COSINE(d.v, [1, 2]) > 0.5 RETURN d", 1554)]
    [InlineData("FOR d IN empty SORT APPROX_NEAR_COSINE(d.w, [1, 2]) DESC LIMIT 3 RETURN d", 1554)]
    [InlineData("FOR d IN empty SORT APPROX_NEAR_COSINE(d.v, d.v) DESC LIMIT 3 RETURN d", 1554)]
    [InlineData("RETURN APPROX_NEAR_COSINE([1], [1])", 1554)]
    [InlineData("FOR d IN empty SORT APPROX_NEAR_COSINE(d.v, [1, 2, 3]) DESC LIMIT 3 RETURN d", 1542)]
    [InlineData("FOR d IN empty SORT APPROX_NEAR_COSINE(d.v, [0, 0]) DESC LIMIT 3 RETURN d", 1542)]
    [InlineData("FOR d IN empty SORT APPROX_NEAR_COSINE(d.v, [1, 2], {nProbe: 0}) DESC LIMIT 3 RETURN d", 1542)]
    [InlineData("FOR d IN empty SORT APPROX_NEAR_COSINE(d.v, [1, 2], {nProbe: 1}, 2) DESC LIMIT 3 RETURN d", 1541)]
    public async Task What_no_index_can_answer_is_an_error_with_all_rules_and_with_none(string query, int number)
    {
        await using var engine = await TestEngine.CreateAsync();
        await engine.RunAsync("INSERT {v: [1, 2]} INTO empty");
        await engine.Fabric.CreateIndexAsync(engine.Scope, "empty", new IndexSettings("vector", ["v"]) { Vector = new VectorSettings(VectorSettings.Cosine, 2, 1) });

        Assert.Equal(number, (await Assert.ThrowsAsync<GeoFabricException>(() => engine.RunAsync(query))).ErrorNumber);
        Assert.Equal(number, (await Assert.ThrowsAsync<GeoFabricException>(() => engine.RunAsync(query, "{}", "-all"))).ErrorNumber);
    }

    private static double[] Vector(Random random, double[]? around) =>
        [.. Enumerable.Range(0, Dimension).Select(i => around is null ? (random.NextDouble() * 2) - 1 : around[i] + ((random.NextDouble() - 0.5) * 0.5))];

    private static string Json(double[] vector) => JsonSerializer.Serialize(vector);

    private static List<string> Keys(string rows) => JsonSerializer.Deserialize<List<string>>(rows)!;
}
