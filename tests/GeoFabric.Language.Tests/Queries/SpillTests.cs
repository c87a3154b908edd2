using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Physical;

namespace GeoFabric.Language.Tests.Queries;

/// <summary>SORT and COLLECT give the same rows whether they fit into memory or go through files.</summary>
public sealed class SpillTests
{
    private const string Rows = "FOR i IN 1..20000 LET x = (i * 7919) % 20011 ";

    public static TheoryData<string> Queries =>
    [
        Rows + "SORT x RETURN [x, i]",
        Rows + "SORT x % 10 DESC, CONCAT('v', x % 100) RETURN [x % 10, i]",
        Rows + "SORT x % 3 LIMIT 100, 50 RETURN i",
        Rows + "COLLECT g = x % 9000 WITH COUNT INTO n RETURN [g, n]",
        Rows + "COLLECT g = x % 5000, h = x % 2 AGGREGATE s = SUM(i), m = MAX(x), u = UNIQUE(x % 3) RETURN [g, h, s, m, LENGTH(u)]",
        Rows + "COLLECT g = CONCAT('group ', x % 4000) INTO members = i RETURN [g, LENGTH(members), SUM(members)]",
        Rows + "COLLECT g = [x % 4000, { a: x % 2, b: null }] INTO members KEEP i SORT null RETURN [g, members[*].i]",
        "FOR o IN orders FOR u IN users FOR i IN 1..40 SORT o.total % (i + 1), u._key RETURN [o._id, u.name, i]",
        "FOR o IN orders FOR i IN 1..300 COLLECT d = o, j = i % 100 WITH COUNT INTO n RETURN [d._key, d._rev, j, n]",
        "FOR i IN 1..3 LET s = (FOR j IN 1..3000 SORT (j * 31) % 3001 RETURN j + i) RETURN s",
        "FOR i IN 1..3 LET s = (FOR j IN 1..6000 COLLECT k = j % 3000 INTO m = j RETURN [k, SUM(m)]) RETURN s",
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Rows_are_the_same_with_and_without_files(string query)
    {
        await using var engine = await TestEngine.CreateAsync();

        var inMemory = await RunAsync(engine, query, QueryLimits.Default.SpillAtBytes);
        var inFiles = await RunAsync(engine, query, 100_000);

        Assert.Equal(Unordered(query, inMemory), Unordered(query, inFiles));
        Assert.Empty(Directory.EnumerateFiles(Path.GetTempPath(), "geofabric-query-*"));
    }

    [Fact]
    public async Task Memory_does_not_grow_with_the_rows()
    {
        await using var engine = await TestEngine.CreateAsync();

        var page = await RunPageAsync(engine, "FOR i IN 1..200000 SORT (i * 7919) % 200003 LIMIT 199999, 1 RETURN i", QueryLimits.Default with { SpillAtBytes = 1 << 20 });
        var kept = await RunPageAsync(engine, "FOR i IN 1..200000 COLLECT n = i WITH COUNT INTO c FILTER n == 7 RETURN c", QueryLimits.Default with { SpillAtBytes = 1 << 20 });

        Assert.Equal("[1]", Encoding.UTF8.GetString(kept.ResultJson.Span));
        Assert.InRange(kept.Statistics.PeakMemoryBytes, 0, 4 << 20);
        Assert.NotEmpty(page.ResultJson.ToArray());
    }

    [Fact]
    public async Task Files_have_a_limit()
    {
        await using var engine = await TestEngine.CreateAsync();

        var error = await Assert.ThrowsAsync<GeoFabricException>(() =>
            RunPageAsync(engine, "FOR i IN 1..100000 SORT -i RETURN i", QueryLimits.Default with { SpillAtBytes = 100_000, SpillBytesMax = 1 << 20 }));

        Assert.Equal(ErrorCodes.ResourceLimit.Number, error.ErrorNumber);
        Assert.Contains("temporary files", error.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateFiles(Path.GetTempPath(), "geofabric-query-*"));
    }

    private static string Unordered(string query, string rows)
    {
        if (!query.Contains("SORT null", StringComparison.Ordinal))
            return rows;
        var texts = new List<string>();
        foreach (var row in JsonValueReader.Parse(Encoding.UTF8.GetBytes(rows)).Items)
            texts.Add(row.ToString());
        texts.Sort(StringComparer.Ordinal);
        return string.Join('\n', texts);
    }

    private static async Task<string> RunAsync(TestEngine engine, string query, long spillAt)
    {
        var page = await RunPageAsync(engine, query, QueryLimits.Default with { SpillAtBytes = spillAt });
        return Encoding.UTF8.GetString(page.ResultJson.Span);
    }

    private static Task<QueryPage> RunPageAsync(TestEngine engine, string query, QueryLimits limits) => engine.Engine.ExecuteAsync(
        engine.Fabric, engine.Scope, TestEngine.Caller, new QueryRequest(query) { BatchSize = 1_000_000, Limits = limits }, TestContext.Current.CancellationToken);
}
