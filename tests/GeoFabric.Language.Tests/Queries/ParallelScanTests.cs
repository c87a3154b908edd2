using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Physical;
using GeoFabric.Query.Physical.Parallel;

namespace GeoFabric.Language.Tests.Queries;

/// <summary>What several threads read together shows in nothing but the time it takes.</summary>
public sealed class ParallelScanTests
{
    private const int Documents = 6000;

    public static TheoryData<string> Queries =>
    [
        "FOR x IN many FILTER x.n % 7 == 3 RETURN x.n",
        "FOR x IN many FILTER x.n % 7 == 3 && CONCAT(x.name, '!') >= 'name 4' LET y = x.n * 2 FILTER y > 100 RETURN [y, x._key]",
        "FOR x IN many FILTER x.n > 99999 RETURN x",
        "FOR x IN many SORT x.n % 100 DESC, x.name LIMIT 3, 20 RETURN x._key",
        "FOR x IN many SORT x.n % 3 LIMIT 50 RETURN x.n",
        "FOR x IN many FILTER x.n % 2 == 0 SORT x.n % 10 RETURN x.n",
        "FOR x IN many COLLECT g = x.n % 13 WITH COUNT INTO c RETURN [g, c]",
        "FOR x IN many COLLECT g = x.n % 13 AGGREGATE c = COUNT(1), l = MIN(x.name), h = MAX(x.n) SORT null RETURN [g, c, l, h]",
        "FOR x IN many COLLECT g = x.name WITH COUNT INTO c RETURN [g, c]",
        "FOR x IN many COLLECT AGGREGATE c = COUNT(1), l = MIN(x.n), h = MAX(x.n % 17) RETURN [c, l, h]",
        "FOR x IN many FILTER x.n < 0 COLLECT AGGREGATE c = COUNT(1), l = MIN(x.n), h = MAX(x.n) RETURN [c, l, h]",
        "FOR x IN many FILTER x.n < 0 COLLECT WITH COUNT INTO c RETURN c",
        "FOR x IN many COLLECT g = x.n % 5 AGGREGATE s = SUM(x.n / 7), a = AVG(x.n / 3), d = COUNT_DISTINCT(x.n % 11), p = PUSH(x.n % 100 == 7 ? x.n : null) RETURN [g, s, a, d, p]",
        "FOR x IN many COLLECT g = x.n % 4 INTO members = x.n % 1000 RETURN [g, LENGTH(members), FIRST(members), LAST(members)]",
        "FOR x IN many COLLECT half = x.n / 2 == FLOOR(x.n / 2) ? 1 : 1.0 WITH COUNT INTO c RETURN [half, c]",
        "FOR x IN many FILTER x.n % 500 == 3 FOR y IN many FILTER y.n == x.n + 1 RETURN [x.n, y.n]",
        "FOR x IN many FILTER x.n % 10 == 0 RETURN DISTINCT x.n % 30",
        "FOR x IN many LET q = x.n % 100 == 50 ? 1 / (x.n - x.n) : x.n FILTER q == null RETURN x.n",
        "FOR x IN many FILTER LENGTH(1..(x.n == 4321 ? 1000000000 : 1)) == 1 FILTER LENGTH(1..(x.n == 17 ? 2000000000 : 1)) == 1 RETURN x.n",
        "FOR x IN many FILTER x.n % 3 == 0 LIMIT 5 RETURN x.n",
        "FOR x IN (FOR y IN many FILTER y.n % 1000 == 1 RETURN y.n) RETURN x",
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Rows_warnings_errors_and_counts_are_those_of_one_thread(string query)
    {
        await using var engine = await CreateAsync();
        var alone = new QueryEngine(new QueryEngineOptions { ScanHelpersMax = 0 }, TimeProvider.System, () => new Random(1));

        var expected = await DescribeAsync(alone, engine, query);

        foreach (var (processors, perPart) in (ValueTuple<int, int>[])[(2, 10), (5, 100), (9, 1000), (1, 50)])
        {
            var together = new QueryEngine(
                new QueryEngineOptions { Processors = processors, ParallelScanFrom = 0, DocumentsPerScanPart = perPart }, TimeProvider.System, () => new Random(1));
            Assert.Equal(expected, await DescribeAsync(together, engine, query));
        }
    }

    [Fact]
    public async Task A_query_that_ends_early_leaves_no_helper_behind()
    {
        await using var engine = await CreateAsync();
        var together = new QueryEngine(new QueryEngineOptions { Processors = 4, ParallelScanFrom = 0, DocumentsPerScanPart = 20 }, TimeProvider.System, () => new Random(1));
        for (var round = 0; round < 20; round++)
        {
            var error = await Assert.ThrowsAsync<GeoFabricException>(() => RunAsync(together, engine, "FOR x IN many FILTER LENGTH(1..(x.n == 100 ? 1000000000 : 1)) == 1 RETURN x"));
            Assert.Equal(ErrorCodes.NumberOutOfRange.Number, error.ErrorNumber);
        }
        // The snapshots of all of them have ended, so the fabric can be dropped at once, and nobody has kept a thread.
        Assert.Equal(Documents.ToString(System.Globalization.CultureInfo.InvariantCulture), (await DescribeAsync(together, engine, "FOR x IN many COLLECT AGGREGATE c = COUNT(x.n) RETURN c")).Split('\n')[0].Trim('[', ']'));
    }

    [Fact]
    public async Task Threads_stop_with_the_query()
    {
        await using var engine = await CreateAsync();
        var together = new QueryEngine(new QueryEngineOptions { Processors = 4, ParallelScanFrom = 0, DocumentsPerScanPart = 20 }, TimeProvider.System, () => new Random(1));
        var query = "FOR x IN many FILTER LEVENSHTEIN_DISTANCE(REPEAT(x.name, 200), REPEAT(x._key, 200)) < 0 RETURN x";
        var request = new QueryRequest(query) { Limits = QueryLimits.Default with { Runtime = TimeSpan.FromMilliseconds(200) } };

        var error = await Assert.ThrowsAsync<GeoFabricException>(() => together.ExecuteAsync(engine.Fabric, engine.Scope, TestEngine.Caller, request, TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.QueryKilled.Number, error.ErrorNumber);
    }

    [Fact]
    public async Task What_threads_keep_counts_against_the_memory_of_the_query()
    {
        await using var engine = await CreateAsync();
        var together = new QueryEngine(new QueryEngineOptions { Processors = 4, ParallelScanFrom = 0, DocumentsPerScanPart = 500 }, TimeProvider.System, () => new Random(1));
        var request = new QueryRequest("FOR x IN many LET big = REPEAT(x.name, 3000) FILTER LENGTH(big) > 0 SORT x.n RETURN big")
        {
            Limits = QueryLimits.Default with { MemoryBytes = 64 << 20 },
        };

        var error = await Assert.ThrowsAsync<GeoFabricException>(() => together.ExecuteAsync(engine.Fabric, engine.Scope, TestEngine.Caller, request, TestContext.Current.CancellationToken));

        Assert.Equal(ErrorCodes.ResourceLimit.Number, error.ErrorNumber);
    }

    [Fact]
    public void Helpers_are_lent_only_while_processors_are_free()
    {
        var helpers = new SpareThreads(processors: 3, helpersMax: 2);
        helpers.EnterQuery();
        Assert.True(helpers.TryTake());
        Assert.True(helpers.TryTake());
        Assert.False(helpers.TryTake());
        helpers.EnterQuery();
        Assert.True(helpers.AreTooMany);
        helpers.Return();
        Assert.False(helpers.AreTooMany);
        Assert.False(helpers.TryTake());
        helpers.LeaveQuery();
        Assert.True(helpers.TryTake());
    }

    private static async Task<TestEngine> CreateAsync()
    {
        var engine = await TestEngine.CreateAsync();
        await engine.RunAsync("RETURN 1");
        await engine.Fabric.CreateCollectionAsync(engine.Scope, new GeoFabric.Database.Catalog.CollectionSettings("many"));
        await engine.RunAsync($"FOR n IN 1..{Documents} INSERT {{ _key: CONCAT('k', (n * 7919) % 100003), n, name: CONCAT('name ', n % 1777) }} INTO many");
        return engine;
    }

    private static Task<QueryPage> RunAsync(QueryEngine queries, TestEngine engine, string query) =>
        queries.ExecuteAsync(engine.Fabric, engine.Scope, TestEngine.Caller, new QueryRequest(query) { BatchSize = 1_000_000 }, TestContext.Current.CancellationToken);

    private static async Task<string> DescribeAsync(QueryEngine queries, TestEngine engine, string query)
    {
        try
        {
            var page = await RunAsync(queries, engine, query);
            var warnings = string.Join(' ', page.Warnings.Select(warning => $"{warning.Code.Number} {warning.Message}"));
            return $"{Encoding.UTF8.GetString(page.ResultJson.Span)}\n{warnings}\nscanned {page.Statistics.ScannedFull}, filtered {page.Statistics.Filtered}";
        }
        catch (GeoFabricException error)
        {
            return $"{error.ErrorNumber} {error.Message}";
        }
    }
}
