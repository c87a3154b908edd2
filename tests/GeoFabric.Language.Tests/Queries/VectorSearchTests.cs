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
