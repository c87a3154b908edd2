using System.Text;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Physical;

namespace GeoFabric.Language.Tests.Queries;

/// <summary>A join gives the same rows in the same order whether its table fits into memory or not.</summary>
public sealed class JoinBlockTests
{
    private const int Documents = 4000;

    public static TheoryData<string> Queries =>
    [
        "FOR a IN left FOR b IN right FILTER b.g == a.g RETURN [a.n, b.n]",
        "FOR a IN left FOR b IN right FILTER b.g == a.g && b.n % 3 == 0 && b.h == a.h LIMIT 5, 700 RETURN [a.n, b.n]",
        "FOR a IN left FILTER a.n % 100 == 7 LET found = (FOR b IN right FILTER b.g == a.g RETURN b.n) RETURN [a.n, found]",
        "FOR a IN left FOR b IN right FILTER b.g == a.g && b.h == a.h FOR c IN left FILTER c.g == b.n RETURN [a.n, b.n, c.n]",
        "FOR a IN left FOR b IN right FILTER b.g == -a.g - 1 RETURN a",
        "FOR a IN left FILTER a.n < 40 FOR b IN right FILTER b.g == a.g INSERT { _key: CONCAT('j', a.n, '-', b.n) } INTO target RETURN NEW._key",
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Rows_are_the_same_with_and_without_a_table(string query)
    {
        var inMemory = await RunAsync(query, QueryLimits.Default);

        // A table would take 256 kB, of which a query gets half its memory; rows and matches go in blocks and through files.
        var inBlocks = await RunAsync(query, QueryLimits.Default with { MemoryBytes = 400_000, SpillAtBytes = 20_000 });

        Assert.Equal(inMemory.Rows, inBlocks.Rows);
        Assert.InRange(inBlocks.Statistics.PeakMemoryBytes, 1, 400_000);
        Assert.Empty(Directory.EnumerateFiles(Path.GetTempPath(), "geofabric-query-*"));
    }

    /// <summary>Looking at all documents for each of the rows would be 4,000 times as many.</summary>
    [Fact]
    public async Task Documents_are_read_once_for_many_rows()
    {
        var run = await RunAsync("FOR a IN left FOR b IN right FILTER b.g == a.g && b.n == a.n COLLECT WITH COUNT INTO c RETURN c", QueryLimits.Default with { MemoryBytes = 400_000 });

        Assert.Equal("[4000]", run.Rows);
        Assert.InRange(run.Statistics.ScannedFull, Documents, 100L * Documents);
    }

    private static async Task<(string Rows, QueryStatistics Statistics)> RunAsync(string query, QueryLimits limits)
    {
        await using var engine = await TestEngine.CreateAsync();
        foreach (var name in (string[])["left", "right", "target"])
            await engine.Fabric.CreateCollectionAsync(engine.Scope, new GeoFabric.Database.Catalog.CollectionSettings(name));
        foreach (var name in (string[])["left", "right"])
            await engine.RunAsync($"FOR n IN 1..{Documents} INSERT {{ _key: CONCAT('k', (n * 7919) % 100003), n, g: n % 997, h: n % 2 }} INTO {name}");
        var page = await engine.Engine.ExecuteAsync(
            engine.Fabric, engine.Scope, TestEngine.Caller, new QueryRequest(query) { BatchSize = 1_000_000, Limits = limits }, TestContext.Current.CancellationToken);
        return (Encoding.UTF8.GetString(page.ResultJson.Span), page.Statistics);
    }
}
