using System.Globalization;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Query.Execution;

namespace GeoFabric.Language.Tests.Queries;

/// <summary>Queries whose pages are made when they are fetched.</summary>
public sealed class StreamedQueryTests
{
    public static TheoryData<string> Queries =>
    [
        "FOR i IN 1..23 RETURN i",
        "FOR i IN 1..20 RETURN i",
        "FOR i IN [] RETURN i",
        "FOR i IN 1..3000 FILTER i % 100 == 7 RETURN i",
        "FOR i IN 1..500 RETURN DISTINCT i % 27",
        "FOR u IN users SORT u.age DESC, u._key RETURN [u.name, u.age]",
        "FOR o IN orders COLLECT user = o.user AGGREGATE s = SUM(o.total) RETURN [user, s]",
        "FOR u IN users LET mine = (FOR o IN orders FILTER o.user == u._key RETURN o.total) LIMIT 2, 7 RETURN mine",
        "FOR i IN 1..30 RETURN i == 25 ? 1 / 0 : i",
    ];

    [Theory]
    [MemberData(nameof(Queries))]
    public async Task Pages_are_those_of_a_query_that_runs_at_once(string query)
    {
        await using var engine = await TestEngine.CreateAsync();
        foreach (var batchSize in (int[])[1, 4, 10, 1000])
        {
            var expected = await ReadAllAsync(engine, new QueryRequest(query) { BatchSize = batchSize });
            var actual = await ReadAllAsync(engine, new QueryRequest(query) { BatchSize = batchSize, IsStream = true });

            Assert.Equal(expected.Pages, actual.Pages);
            Assert.Equal(expected.Last.Warnings.Count, actual.Last.Warnings.Count);
            Assert.Equal(expected.Last.Statistics.ScannedFull, actual.Last.Statistics.ScannedFull);
        }
        Assert.Equal(0, engine.Engine.Cursors.Count);
        Assert.Empty(engine.Engine.Running.Current(TestEngine.Caller.FabricId));
    }

    [Fact]
    public async Task Rows_are_made_when_they_are_fetched_and_of_the_moment_it_began()
    {
        await using var engine = await TestEngine.CreateAsync();

        var first = await RunAsync(engine, new QueryRequest("FOR u IN users SORT null RETURN u._key") { BatchSize = 4, IsStream = true });
        await engine.RunAsync("INSERT { _key: 'zzz' } INTO users");
        await engine.RunAsync("FOR u IN users FILTER u._key != 'zzz' REMOVE u IN users");
        var pages = new List<string> { Text(first) };
        for (var cursor = first.CursorId; cursor is not null;)
        {
            var page = engine.Engine.Cursors.Next(cursor, TestEngine.Caller.CursorOwner);
            pages.Add(Text(page));
            cursor = page.CursorId;
        }

        Assert.Null(first.Count);
        Assert.InRange(first.Statistics.ScannedFull, 5, 11);
        Assert.Equal("[\"u01\",\"u02\",\"u03\",\"u04\"] [\"u05\",\"u06\",\"u07\",\"u08\"] [\"u09\",\"u10\",\"u11\",\"u12\"]", string.Join(' ', pages));
        Assert.Equal("[\"zzz\"]", await engine.RowsAsync("FOR u IN users RETURN u._key"));
    }

    [Fact]
    public async Task An_error_comes_with_its_page_and_ends_the_cursor()
    {
        await using var engine = await TestEngine.CreateAsync();
        var first = await RunAsync(engine, new QueryRequest("FOR i IN 1..100 RETURN LENGTH(1..(i == 50 ? 1000000000 : i))") { BatchSize = 10, IsStream = true });
        for (var page = 2; page <= 4; page++)
            Fetch(engine, first.CursorId!);

        var error = Assert.Throws<GeoFabricException>(() => Fetch(engine, first.CursorId!));

        Assert.Equal(ErrorCodes.NumberOutOfRange.Number, error.ErrorNumber);
        Assert.StartsWith("AQL: ", error.Message, StringComparison.Ordinal);
        Assert.Equal(ErrorCodes.CursorNotFound.Number, Assert.Throws<GeoFabricException>(() => Fetch(engine, first.CursorId!)).ErrorNumber);
        Assert.Empty(engine.Engine.Running.Current(TestEngine.Caller.FabricId));
    }

    [Fact]
    public async Task There_is_a_limit_and_a_deleted_or_finished_one_makes_room()
    {
        await using var engine = await TestEngine.CreateAsync(new QueryEngineOptions { StreamsMax = 2 });
        var request = new QueryRequest("FOR i IN 1..3 RETURN i") { BatchSize = 1, IsStream = true };
        var one = (await RunAsync(engine, request)).CursorId!;
        var two = (await RunAsync(engine, request)).CursorId!;

        var error = await Assert.ThrowsAsync<GeoFabricException>(() => RunAsync(engine, request));
        Assert.Equal(ErrorCodes.ResourceLimit.Number, error.ErrorNumber);
        await RunAsync(engine, request with { IsStream = false });

        engine.Engine.Cursors.Delete(one, TestEngine.Caller.CursorOwner);
        await RunAsync(engine, request);
        await Assert.ThrowsAsync<GeoFabricException>(() => RunAsync(engine, request));
        Fetch(engine, two);
        Assert.Null(Fetch(engine, two).CursorId);
        await RunAsync(engine, request);
    }

    [Fact]
    public async Task A_killed_one_says_so_and_holds_nothing()
    {
        await using var engine = await TestEngine.CreateAsync();
        var first = await RunAsync(engine, new QueryRequest("FOR u IN users FOR i IN 1..100 RETURN [u, i]") { BatchSize = 10, IsStream = true });
        var running = Assert.Single(engine.Engine.Running.Current(TestEngine.Caller.FabricId));
        Assert.True(running.IsStream);

        engine.Engine.Running.Kill(TestEngine.Caller.FabricId, running.Id);
        engine.Engine.Cursors.RemoveExpired();

        Assert.Equal(0, engine.Fabric.Status.OpenSnapshots);
        Assert.Empty(engine.Engine.Running.Current(TestEngine.Caller.FabricId));
        Assert.Equal(ErrorCodes.QueryKilled.Number, Assert.Throws<GeoFabricException>(() => Fetch(engine, first.CursorId!)).ErrorNumber);
        Assert.Equal(0, engine.Engine.Cursors.Count);
    }

    [Fact]
    public async Task Nobody_who_stays_away_keeps_a_snapshot()
    {
        await using var engine = await TestEngine.CreateAsync();
        var clock = new MovedClock();
        var queries = new QueryEngine(new QueryEngineOptions { StreamsMax = 1 }, clock, () => new Random(1));
        var request = new QueryRequest("FOR u IN users RETURN u") { BatchSize = 1, IsStream = true, TimeToLive = TimeSpan.FromHours(1) };
        var page = await queries.ExecuteAsync(engine.Fabric, engine.Scope, TestEngine.Caller, request, TestContext.Current.CancellationToken);
        clock.Moved = TimeSpan.FromSeconds(50);
        queries.Fetch(page.CursorId!, TestEngine.Caller, batch: null, TestContext.Current.CancellationToken);

        // A minute at most, whatever was asked for.
        clock.Moved += TimeSpan.FromSeconds(61);
        queries.Cursors.RemoveExpired();

        Assert.Empty(queries.Running.Current(TestEngine.Caller.FabricId));
        Assert.Equal(0, queries.Cursors.Count);
        Assert.Equal(0, engine.Fabric.Status.OpenSnapshots);
        await queries.ExecuteAsync(engine.Fabric, engine.Scope, TestEngine.Caller, request, TestContext.Current.CancellationToken);
        queries.Cursors.Clear();
        Assert.Empty(queries.Running.Current(TestEngine.Caller.FabricId));
    }

    [Fact]
    public async Task A_page_is_fetched_again_where_that_is_allowed()
    {
        await using var engine = await TestEngine.CreateAsync();
        var first = await RunAsync(engine, new QueryRequest("FOR i IN 1..5 RETURN i") { BatchSize = 2, IsStream = true, AllowRetry = true });

        Assert.Equal("2", first.NextBatchId);
        Assert.Equal("[3,4]", Text(engine.Engine.Cursors.Fetch(first.CursorId!, TestEngine.Caller.CursorOwner, "2")));
        Assert.Equal("[3,4]", Text(engine.Engine.Cursors.Fetch(first.CursorId!, TestEngine.Caller.CursorOwner, "2")));
        Assert.Equal("[5]", Text(engine.Engine.Cursors.Fetch(first.CursorId!, TestEngine.Caller.CursorOwner, "3")));
        Assert.Equal("[5]", Text(engine.Engine.Cursors.Fetch(first.CursorId!, TestEngine.Caller.CursorOwner, "3")));
        Assert.Empty(engine.Engine.Running.Current(TestEngine.Caller.FabricId));
    }

    [Fact]
    public async Task A_query_that_writes_runs_at_once()
    {
        await using var engine = await TestEngine.CreateAsync();

        var first = await RunAsync(engine, new QueryRequest("FOR i IN 1..20 INSERT { _key: CONCAT('n', i) } INTO users RETURN i") { BatchSize = 5, IsStream = true });

        Assert.Equal(20, first.Statistics.WritesExecuted);
        Assert.Empty(engine.Engine.Running.Current(TestEngine.Caller.FabricId));
        Assert.Equal("[32]", await engine.RowsAsync("RETURN LENGTH(users)"));
        Assert.NotNull(first.CursorId);
    }

    [Fact]
    public async Task Several_threads_read_ahead_of_pages_and_go_with_the_cursor()
    {
        await using var engine = await TestEngine.CreateAsync(TestEngine.SeveralThreads);
        for (var round = 0; round < 20; round++)
        {
            var first = await RunAsync(engine, new QueryRequest("FOR o IN orders FILTER o.total >= 0 RETURN o._key") { BatchSize = 3, IsStream = true });
            var second = Fetch(engine, first.CursorId!);
            Assert.Equal(3, second.ResultJson.Span.Count((byte)',') + 1);
            engine.Engine.Cursors.Delete(first.CursorId!, TestEngine.Caller.CursorOwner);
            Assert.Equal(0, engine.Fabric.Status.OpenSnapshots);
        }
        Assert.Empty(engine.Engine.Running.Current(TestEngine.Caller.FabricId));
    }

    private static Task<QueryPage> RunAsync(TestEngine engine, QueryRequest request) =>
        engine.Engine.ExecuteAsync(engine.Fabric, engine.Scope, TestEngine.Caller, request, TestContext.Current.CancellationToken);

    private static QueryPage Fetch(TestEngine engine, string cursor) =>
        engine.Engine.Fetch(cursor, TestEngine.Caller, batch: null, TestContext.Current.CancellationToken);

    private static string Text(QueryPage page) => Encoding.UTF8.GetString(page.ResultJson.Span);

    private static async Task<(string Pages, QueryPage Last)> ReadAllAsync(TestEngine engine, QueryRequest request)
    {
        var page = await RunAsync(engine, request);
        var pages = new StringBuilder(Text(page));
        while (page.CursorId is { } cursor)
        {
            page = Fetch(engine, cursor);
            pages.Append(CultureInfo.InvariantCulture, $"\n{Text(page)}");
        }
        return (pages.ToString(), page);
    }

    private sealed class MovedClock : TimeProvider
    {
        public TimeSpan Moved { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Moved;
    }
}
