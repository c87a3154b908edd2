using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Physical;

namespace GeoFabric.Language.Tests.Queries;

/// <summary>Queries as programs write them: thousands of conditions. They are planned in a time that people wait for, end when they are told to, and never end the process.</summary>
public sealed class LongQueryTests
{
    /// <summary>Threads of a pool have as little where the system does not say otherwise.</summary>
    private const int PoolStackBytes = 3 << 19;

    [Theory]
    [InlineData("FOR u IN users FILTER ", "u.age != {0}", " AND ", " LIMIT 1 RETURN 1")]
    [InlineData("FOR u IN users FILTER ", "u.age != {0}", " FILTER ", " LIMIT 1 RETURN 1")]
    [InlineData("FOR u IN users COLLECT g = u.age FILTER ", "g != {0}", " AND ", " LIMIT 1 RETURN 1")]
    [InlineData("FOR g IN (FOR u IN users COLLECT a = u.age RETURN a) FILTER ", "g != {0}", " AND ", " LIMIT 1 RETURN 1")]
    [InlineData("FOR u IN users FILTER ", "u.age == {0}", " OR ", " OR true LIMIT 1 RETURN 1")]
    public async Task A_condition_of_thousands_of_parts_runs_on_a_small_stack(string before, string part, string between, string after)
    {
        var count = between == " FILTER " ? 2_000 : 30_000;
        var parts = string.Join(between, Enumerable.Range(1000, count).Select(i => string.Format(System.Globalization.CultureInfo.InvariantCulture, part, i)));
        await using var engine = await TestEngine.CreateAsync();
        Task<string>? rows = null;
        // A query that reads is planned and run by the thread that asks for it.
        var thread = new Thread(() => rows = engine.RowsAsync(before + parts + after), PoolStackBytes);

        thread.Start();
        thread.Join();

        Assert.Equal("[1]", await rows!);
    }

    [Fact]
    public async Task A_query_that_is_over_its_time_before_it_is_planned_is_not_planned()
    {
        await using var engine = await TestEngine.CreateAsync();
        var plans = engine.Engine.Plans.Count;
        var request = new QueryRequest("RETURN 1") { Limits = QueryLimits.Default with { Runtime = TimeSpan.Zero } };

        var run = await Assert.ThrowsAsync<GeoFabricException>(() => engine.Engine.ExecuteAsync(engine.Fabric, engine.Scope, TestEngine.Caller, request, default));
        var explained = Assert.Throws<GeoFabricException>(() => engine.Engine.Explain(engine.Fabric, engine.Scope, TestEngine.Caller, request));

        Assert.Equal((ErrorCodes.QueryKilled, ErrorCodes.QueryKilled, plans), (run.Code, explained.Code, engine.Engine.Plans.Count));
    }

    /// <summary>The signal is raised by the planner's own looks at it, after ever more of them: it ends parsing, binding and each rule.</summary>
    [Fact]
    public async Task Planning_ends_wherever_it_is_told_to()
    {
        await using var engine = await TestEngine.CreateAsync();
        var text = new StringBuilder("FOR u IN users FOR o IN orders FILTER o.user == u._key");
        for (var i = 0; i < 200; i++)
            text.Append(" LET v").Append(i).Append(" = UPPER(u.city) FILTER v").Append(i).Append(" != o.total OR u.age > ").Append(i);
        text.Append(" COLLECT g = u.city FILTER g > 1 RETURN UPPER(g)");
        var query = new QueryRequest(text.ToString(), Value.EmptyObject);
        var looks = new CountingClock(long.MaxValue);
        Plan(engine, query, looks);
        Assert.True(looks.Looks > 5_000, $"the planner looked at the clock {looks.Looks} times only");

        for (var after = 1L; after < looks.Looks - 2; after = (after * 3) + 1)
            Assert.Equal(ErrorCodes.QueryKilled, Assert.Throws<GeoFabricException>(() => Plan(engine, query, new CountingClock(after))).Code);
    }

    private static void Plan(TestEngine engine, QueryRequest query, CountingClock clock)
    {
        using var snapshot = engine.Fabric.OpenSnapshot(engine.Scope);
        engine.Engine.Plans.Plan(query, snapshot, new StageClock(TimeProvider.System), new StopSignal(clock, TimeSpan.FromSeconds(1), CancellationToken.None));
    }

    /// <summary>Stands still for so many looks and then is an hour later.</summary>
    private sealed class CountingClock(long still) : TimeProvider
    {
        public long Looks { get; private set; }

        public override long TimestampFrequency => 1;

        public override long GetTimestamp() => ++Looks > still ? 3600 : 0;
    }
}
