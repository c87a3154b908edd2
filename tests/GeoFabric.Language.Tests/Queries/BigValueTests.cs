using GeoFabric.Primitives.Errors;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Physical;

namespace GeoFabric.Language.Tests.Queries;

/// <summary>
/// Values that are dear to walk: arrays that are equal for thousands of items, and one that has another twice, which has another twice and so on. Whatever
/// walks them ends with the query and keeps to its memory; counted are the looks at the clock, not seconds.
/// </summary>
public sealed class BigValueTests
{
    private const string Doubled =
        "LET a = NOOPT([1]) LET b = [a, a, a, a, a, a, a, a] LET c = [b, b, b, b, b, b, b, b] LET d = [c, c, c, c, c, c, c, c] LET e = [d, d, d, d, d, d, d, d] " +
        "LET f = [e, e, e, e, e, e, e, e] LET g = [f, f, f, f, f, f, f, f] ";

    private const string Long = "LET x = NOOPT(1..300) ";

    [Theory]
    [InlineData(Long + "FOR i IN 1..400 SORT [x, i] LIMIT 1 RETURN i")]
    [InlineData(Long + "FOR i IN 1..400 SORT [x, i] RETURN 1")]
    [InlineData(Long + "FOR i IN 1..400 SORT {x, i} RETURN 1")]
    [InlineData(Long + "FOR i IN 1..400 COLLECT g = [x, i] RETURN 1")]
    [InlineData(Long + "FOR i IN 1..400 COLLECT AGGREGATE s = SORTED_UNIQUE([x, i]) RETURN LENGTH(s)")]
    [InlineData(Long + "RETURN LENGTH(SORTED((FOR i IN 1..400 RETURN [x, i])))")]
    [InlineData(Long + "FOR i IN 1..400 COLLECT AGGREGATE s = MAX([x, i]) RETURN LENGTH(s)")]
    [InlineData(Doubled + "RETURN g == [f, f, f, f, f, f, f, f]")]
    [InlineData(Doubled + "RETURN HASH(g)")]
    [InlineData(Doubled + "RETURN LENGTH(UNIQUE([g, g]))")]
    [InlineData(Doubled + "RETURN LENGTH(JSON_STRINGIFY(g))")]
    [InlineData(Doubled + "RETURN LENGTH(CONCAT(g, ''))")]
    [InlineData(Doubled + "RETURN g")]
    [InlineData(Doubled + "FOR i IN 1..2 RETURN DISTINCT g")]
    public async Task What_walks_them_ends_with_the_query(string text)
    {
        var all = await LooksAsync(text, long.MaxValue);
        Assert.True(all.Looks > 10, $"the clock was looked at {all.Looks} times only");

        var half = await LooksAsync(text, all.Looks / 2);

        Assert.Equal((null, (int?)ErrorCodes.QueryKilled.Number), (all.Error, half.Error));
        // Whoever ends it looks at the clock a few times more, for what it took.
        Assert.True(half.Looks <= (all.Looks / 2) + 8, $"looked {half.Looks} times after {all.Looks / 2}");
    }

    /// <summary>The text of such a value is refused before it is made.</summary>
    [Theory]
    [InlineData(Doubled + "RETURN g")]
    [InlineData(Doubled + "RETURN LENGTH(JSON_STRINGIFY(g))")]
    [InlineData(Doubled + "RETURN LENGTH(TO_STRING(g))")]
    public async Task Their_text_keeps_to_the_memory_of_the_query(string text)
    {
        await using var engine = await TestEngine.CreateAsync();
        var request = new QueryRequest(text) { Limits = QueryLimits.Default with { MemoryBytes = 1 << 20 } };

        var error = await Assert.ThrowsAsync<GeoFabricException>(() => engine.Engine.ExecuteAsync(engine.Fabric, engine.Scope, TestEngine.Caller, request, default));

        Assert.Equal(ErrorCodes.ResourceLimit.Number, error.ErrorNumber);
        Assert.Contains("memoryLimit", error.Message, StringComparison.Ordinal);
    }

    /// <summary>A constant is computed while the query is planned, but not for ever.</summary>
    [Fact]
    public async Task A_constant_that_doubles_a_hundred_times_is_left_to_the_run()
    {
        await using var engine = await TestEngine.CreateAsync();
        var text = string.Concat(Enumerable.Range(1, 100).Select(i => $"LET a{i} = [a{i - 1}, a{i - 1}] "));
        var request = new QueryRequest("LET a0 = 1 " + text + "RETURN a100") { Limits = QueryLimits.Default with { MemoryBytes = 1 << 20 } };

        var error = await Assert.ThrowsAsync<GeoFabricException>(() => engine.Engine.ExecuteAsync(engine.Fabric, engine.Scope, TestEngine.Caller, request, default));

        Assert.Equal(ErrorCodes.ResourceLimit.Number, error.ErrorNumber);
    }

    private static async Task<(int? Error, long Looks)> LooksAsync(string text, long stopAfter)
    {
        var clock = new StoppingClock(stopAfter);
        await using var engine = await TestEngine.CreateAsync();
        var queries = new QueryEngine(new QueryEngineOptions(), clock, static () => new Random(1));
        var request = new QueryRequest(text) { Limits = QueryLimits.Default with { Runtime = TimeSpan.FromMinutes(1) } };
        try
        {
            await queries.ExecuteAsync(engine.Fabric, engine.Scope, TestEngine.Caller, request, default);
            return (null, clock.Looks);
        }
        catch (GeoFabricException error)
        {
            return (error.ErrorNumber, clock.Looks);
        }
    }
}
