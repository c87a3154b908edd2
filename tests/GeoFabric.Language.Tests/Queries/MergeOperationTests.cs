using System.Text;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Query.Physical;

namespace GeoFabric.Language.Tests.Queries;

/// <summary>The operations that modifications hand to their transaction: right ones, with the right operands for each row. Which are found at all is golden.</summary>
public sealed class MergeOperationTests
{
    /// <summary>Query, then what each written row handed on.</summary>
    public static TheoryData<string, string> Handed { get; } = new()
    {
        { "UPDATE d WITH { n: d.n + 1, m: d.m - 2, s: 'x' }", "Increment n 1; Increment m -2" },
        { "UPDATE d WITH { n: d.n - @two + d.m - LENGTH(d.t) }", "Increment n -1" },
        { "UPDATE d WITH { n: '3' + d.n }", "Increment n 3" },
        { "UPDATE d WITH { n: d.n + 0.5 }", "Increment n 0.5" },
        { "UPDATE d WITH { n: d.n + 9223372036854775807 + 1 }", "Increment n 9223372036854776000" },
        { "UPDATE d WITH { n: d.n + 1e308 * 10 }", "Increment n 0" },
        { "UPDATE d WITH { o: { n: d.o.n + 1, p: { q: d.o.p.q + 1 } } }", "Increment o.n 1; Increment o.p.q 1" },
        { "UPDATE d WITH { t: PUSH(d.t, { a: d.m }) }", "Append t [{\"a\":4}]" },
        { "UPDATE d WITH { t: APPEND(d.t, [7, 8]) }", "Append t [7,8]" },
        { "UPDATE d WITH { t: APPEND(d.t, 7) }", "Append t [7]" },
        { "UPDATE d WITH { t: APPEND(d.t, null) }", "" },
        { "UPDATE d WITH { t: APPEND(d.t, [7, 'a', 7], true) }", "SetAdd t [7,\"a\",7]" },
        { "UPDATE d WITH { t: UNSHIFT(d.t, 7) }", "Prepend t [7]" },
        { "UPDATE d WITH { t: INSERT_AT(d.t, -1, 7) }", "InsertAt t 2 7" },
        { "UPDATE d WITH { t: INSERT_AT(d.t, 9, 7) }", "InsertAt t 3 7" },
        { "UPDATE d WITH { t: INSERT_AT(d.t, 'x', 7) }", "" },
        { "UPDATE d WITH { t: POP(d.t) }", "RemoveLast t" },
        { "UPDATE d WITH { t: SHIFT(d.t) }", "RemoveFirst t" },
        { "UPDATE d WITH { t: REMOVE_NTH(d.t, -1) }", "RemoveAt t 2" },
        { "UPDATE d WITH { t: REMOVE_NTH(d.t, 9) }", "" },
        { "UPDATE d WITH { t: REMOVE_VALUE(d.t, 'a') }", "RemoveValues t [\"a\"]" },
        { "UPDATE d WITH { t: REMOVE_VALUE(d.t, 'a', 1) }", "RemoveValues t [\"a\"] 1" },
        { "UPDATE d WITH { t: REMOVE_VALUE(d.t, 'a', 0) }", "" },
        { "UPDATE d WITH { t: REMOVE_VALUES(d.t, ['a', 'b']) }", "RemoveValues t [\"a\",\"b\"]" },
        { "UPDATE d WITH { t: MOVE(d.t, 0, -1) }", "Move t 0 2" },
        { "UPDATE d WITH { t: MOVE(d.t, -1, 0) }", "Move t 2 0" },
        { "UPDATE d WITH { t: MOVE(d.t, 1, 1) }", "" },
        { "UPDATE d WITH { t: REPLACE_NTH(d.t, -9, 'z') }", "ReplaceAt t 0 \"z\"" },
        { "UPDATE d WITH { t: REPLACE_NTH(d.t, 4, 'z', 'y') }", "" },
        { "UPDATE d WITH { t: UNION_DISTINCT(d.t, ['a'], [7]) }", "SetAdd t [\"a\",7]" },
        { "UPDATE d WITH { t: MINUS(d.t, ['a'], ['b']) }", "SetRemove t [\"a\",\"b\"]" },
        { "UPDATE d WITH { n: MAX([d.n, d.m, null]), m: MIN([1, d.m]) }", "Maximum n 4; Minimum m 1" },
        { "UPDATE d WITH { n: MAX([d.n, null]) }", "" },
        { "UPDATE d WITH { n: (d.n || 0) + 1, z: (d.z || 0) + 1 }", "Increment n 1; Increment z 1" },
        { "REPLACE d WITH { n: d.n + 1, t: PUSH(d.t, 7) }", "Increment n 1; Append t [7]" },
        { "REPLACE d WITH MERGE(d, { n: d.n + 1 })", "Increment n 1" },
        { "UPDATE d WITH { n: d.m + 1 }", "" },
        { "UPDATE d WITH { o: { [@two]: d.o[@two] + 1 } }", "Increment o.2 1" },
        { "UPDATE d WITH { o: { [d.t[0]]: d.o[d.t[0]] + 1 } }", "" },
        { "LET k = d.t[0] UPDATE d WITH { o: { [k]: d.o[k] + 1 } }", "Increment o.a 1" },
        { "LET k = null UPDATE d WITH { o: { [k]: d.o[k] + 1 } }", "" },
        { "LET k = '_rev' UPDATE d WITH { [k]: d[k] + 1 }", "" },
        { "LET k = 'n' UPDATE d WITH { [k]: d[k] + 1 }", "Increment n 1" },
    };

    /// <summary>Attributes of every kind, to which each operation is applied whether it makes sense or not.</summary>
    private const string Odd = "[null, true, 0, 3, 2.5, 9007199254740993, 'x', '3', [], [1], ['a', 'b', 'a', 1, 1.0, null], {}, { a: 1 }]";

    public static TheoryData<string> Changes { get; } =
    [
        "d.x + 2", "d.x - 2.5", "3 + d.x", "d.x + 'x'", "d.x + d.y", "d.x - d.y", "PUSH(d.x, d.y)", "PUSH(d.x, d.y, true)", "APPEND(d.x, d.y)",
        "APPEND(d.x, d.y, true)", "UNSHIFT(d.x, d.y)", "INSERT_AT(d.x, d.y, 9)", "INSERT_AT(d.x, -2, 9)", "POP(d.x)", "SHIFT(d.x)", "REMOVE_NTH(d.x, d.y)",
        "REMOVE_NTH(d.x, -2)", "REMOVE_VALUE(d.x, 'a', d.y)", "REMOVE_VALUES(d.x, d.y)", "MOVE(d.x, d.y, 1)", "MOVE(d.x, 0, d.y)", "MOVE(d.x, -1, 0)",
        "REPLACE_NTH(d.x, d.y, 9)", "REPLACE_NTH(d.x, 1, d.y, 0)", "UNION_DISTINCT(d.x, d.y, ['a'])", "MINUS(d.x, d.y)", "MAX([d.x, d.y])", "MIN([d.x, d.y, 1])",
    ];

    [Theory]
    [MemberData(nameof(Handed))]
    public async Task A_modification_hands_on_operations_with_the_operands_of_the_row(string modification, string expected)
    {
        await using var engine = await EngineAsync("{ _key: 'd', n: 3, m: 4, t: ['a', 'b', 'a'], o: { n: 1, p: { q: 1 } } }");
        var bindVars = modification.Contains("@two", StringComparison.Ordinal) ? """{"two": 2}""" : "{}";

        var writes = await RecordAsync(engine, $"FOR d IN empty {modification} IN empty", bindVars);

        Assert.Equal(expected, Text(Assert.Single(writes)));
    }

    [Theory]
    [MemberData(nameof(Changes))]
    public async Task An_operation_on_the_stored_value_gives_the_written_one_or_does_not_fit_it(string change)
    {
        await using var engine = await EngineAsync($"FOR x IN {Odd} FOR y IN {Odd} INSERT {{ x, y }} INTO empty", isQuery: true);

        var writes = await RecordAsync(engine, $"FOR d IN empty UPDATE d WITH {{ x: {change} }} IN empty");

        Assert.Equal(13 * 13, writes.Count);
        var fitting = 0;
        foreach (var write in writes.Where(write => write.Operations.Count > 0))
        {
            var old = write.Old.GetAttribute("x"u8);
            var result = ReferenceOperations.Apply(Assert.Single(write.Operations), old);
            fitting += result is null ? 0 : 1;
            if (result is { } value)
                Assert.True(ValueComparer.Equal(value, write.New.GetAttribute("x"u8)), $"{Text(write)} on {old} is {value}, not {write.New}");
        }
        Assert.True(fitting > 0);
    }

    [Fact]
    public async Task Operands_that_cost_something_are_evaluated_once_with_all_rules_and_with_none()
    {
        foreach (var rules in (string[][])[[], ["-all"]])
        {
            await using var engine = await EngineAsync("{ _key: 'd', n: 0 }");

            var write = Assert.Single(await RecordAsync(engine, "FOR d IN empty UPDATE d WITH { n: d.n + RAND(), m: d.m + (1 + 1) } IN empty", rules: rules));

            Assert.Equal(write.New.GetAttribute("n"u8), write.Operations[0].Operand);
            Assert.Equal(Value.FromInteger(2), write.Operations[1].Operand);
        }
    }

    [Fact]
    public async Task Upsert_inserts_numbers_as_increments_and_then_increments_them()
    {
        await using var engine = await EngineAsync("{ _key: 'other' }");

        var writes = await RecordAsync(engine, """
            FOR i IN 1..2 UPSERT { _key: 'c' } INSERT { _key: 'c', n: i * 5, o: { n: 'no number' }, last: i }
            UPDATE { n: OLD.n + i, o: { n: OLD.o.n + 1 }, last: i } IN empty
            """);

        Assert.Equal(["Increment n 5", "Increment n 2; Increment o.n 1"], writes.Select(Text));
    }

    [Fact]
    public async Task Upsert_counts_by_computed_names()
    {
        await using var engine = await EngineAsync("{ _key: 'other' }");

        var writes = await RecordAsync(engine, """
            FOR k IN ['a', 'b', null] UPSERT { _key: 'c' } INSERT { _key: 'c', by: { [k]: 1 } } UPDATE { by: MERGE(OLD.by, { [k]: OLD.by[k] + 1 }) } IN empty
            """);

        Assert.Equal(["Increment by.a 1", "Increment by.b 1", ""], writes.Select(Text));
        Assert.Equal("""{"by":{"b":1}}""", writes[1].Document.ToString());
        Assert.Equal("""{"a":1,"b":1,"":1}""", writes[2].New.GetAttribute("by"u8).ToString());
    }

    [Fact]
    public async Task Merge_with_the_stored_object_writes_only_what_it_adds()
    {
        await using var engine = await EngineAsync("{ _key: 'd', o: { a: 1, b: 2 }, p: 1 }");

        var write = Assert.Single(await RecordAsync(engine, "FOR d IN empty UPDATE d WITH { o: MERGE(d.o, { b: d.o.b + 1 }), p: MERGE(d.p, { c: 1 }) } IN empty"));

        Assert.Equal("""{"o":{"b":3},"p":null}""", write.Document.ToString());
        Assert.Equal("""{"a":1,"b":3}""", write.New.GetAttribute("o"u8).ToString());
    }

    [Theory]
    [InlineData("FOR i IN 1..2 FOR d IN empty UPDATE d WITH { o: MERGE(d.o, { b: 5 }) } IN empty")]
    [InlineData("FOR d IN empty UPDATE d WITH { o: MERGE(d.o, { b: 5 }) } IN empty OPTIONS { keepNull: false }")]
    [InlineData("FOR d IN empty UPDATE d WITH { o: MERGE(d.o, { b: 5 }) } IN empty OPTIONS { mergeObjects: false }")]
    [InlineData("FOR d IN empty UPDATE d WITH { o: MERGE(d.q, { b: 5 }) } IN empty")]
    public async Task Merge_writes_the_whole_object_where_the_rest_may_differ_from_what_is_stored(string query)
    {
        await using var engine = await EngineAsync("{ _key: 'd', o: { a: 1, b: 2 }, q: { a: 1, b: 2 } }");

        var writes = await RecordAsync(engine, query);

        Assert.All(writes, write => Assert.Equal("""{"o":{"a":1,"b":5}}""", write.Document.ToString()));
    }

    [Fact]
    public async Task Explain_tells_tools_what_merges_and_warns_of_what_does_not()
    {
        await using var engine = await EngineAsync("{ _key: 'd', n: 0 }");

        var plan = engine.Engine.Explain(engine.Fabric, engine.Scope, TestEngine.Caller, new QueryRequest(
            "UPSERT { _key: 'd' } INSERT { n: 1 } UPDATE { n: OLD.n + 1, t: REPLACE_NTH(OLD.t, 0, 1) } IN empty"));
        var details = plan.Nodes[^1].Details.ToDictionary(detail => detail.Name, detail => detail.Value.ToString());
        var warned = engine.Engine.Explain(engine.Fabric, engine.Scope, TestEngine.Caller, new QueryRequest(
            "LET d = DOCUMENT('empty/d') UPDATE d WITH { n: d.n - 1 } IN empty"));

        Assert.Equal("""[{"operation":"inc","path":"n"},{"operation":"set","path":"t[*]"}]""", details["merges"]);
        Assert.Equal("""[{"operation":"inc","path":"n"}]""", details["creates"]);
        var (code, message) = Assert.Single(warned.Warnings);
        Assert.Equal(1596, code);
        Assert.Contains("FOR d IN empty FILTER .. UPDATE d .. it would be inc(n)", message, StringComparison.Ordinal);
    }

    /// <summary>Explaining still tells: regions may be added.</summary>
    [Fact]
    public async Task The_only_region_warns_of_nothing_that_another_one_might_change()
    {
        const string Query = "LET d = DOCUMENT('empty/d') UPDATE d WITH { n: d.n - 1 } IN empty";
        var isOnlyRegion = true;
        await using var engine = await TestEngine.CreateAsync(new() { IsOnlyRegion = () => isOnlyRegion });
        await engine.RunAsync("INSERT { _key: 'd', n: 0 } INTO empty");

        var alone = await engine.RunAsync(Query);
        var explained = engine.Engine.Explain(engine.Fabric, engine.Scope, TestEngine.Caller, new QueryRequest(Query));
        isOnlyRegion = false;
        var together = await engine.RunAsync(Query);

        Assert.Empty(alone.Warnings);
        Assert.Single(explained.Warnings);
        Assert.Single(together.Warnings);
    }

    [Fact]
    public async Task A_query_with_as_many_variables_as_may_be_runs_without_operations()
    {
        await using var engine = await EngineAsync("{ _key: 'd', n: 0 }");
        var lets = string.Concat(Enumerable.Range(0, 997).Select(i => $" LET v{i} = 1"));

        var write = Assert.Single(await RecordAsync(engine, $"FOR d IN empty {lets} UPDATE d WITH {{ n: d.n + LENGTH([1, 2]), m: d.m + 1 }} IN empty"));

        Assert.Equal("Increment m 1", Text(write));
        Assert.Equal("2", write.New.GetAttribute("n"u8).ToString());
    }

    private static async Task<TestEngine> EngineAsync(string document, bool isQuery = false)
    {
        var engine = await TestEngine.CreateAsync();
        await engine.RunAsync(isQuery ? document : $"INSERT {document} INTO empty");
        return engine;
    }

    private static Task<List<RecordedWrite>> RecordAsync(TestEngine engine, string query, string bindVars = "{}", params string[] rules)
    {
        var request = new QueryRequest(query, JsonValueReader.Parse(Encoding.UTF8.GetBytes(bindVars))) { Rules = new GeoFabric.Query.Optimizer.RuleSelection(rules) };
        return engine.Fabric.WriteAsync(engine.Scope, transaction =>
        {
            var prepared = engine.Engine.Plans.Prepare("1", request, transaction, new StageClock(TimeProvider.System));
            var writer = new RecordingWriter(transaction);
            var environment = new QueryEnvironment(TimeProvider.System, () => new Random(1), null, "_system", Path.GetTempPath());
            using var context = new QueryContext(
                environment, transaction, prepared.Bound.SlotCount, prepared.ReadParameters(request.BindVars), request.Limits, failOnWarning: false, new StopSignal(TimeProvider.System, request.Limits.Runtime, CancellationToken.None))
            {
                Writer = writer,
            };
            context.Run(prepared.Plan, new Value[prepared.Bound.SlotCount]);
            return writer.Writes;
        }, TestContext.Current.CancellationToken);
    }

    private static string Text(RecordedWrite write) => string.Join("; ", write.Operations.Select(operation =>
        $"{operation.Kind} {string.Join('.', operation.Path)}{(operation.Operand.IsNull ? "" : " " + operation.Operand)}{(operation.Second.IsNull ? "" : " " + operation.Second)}"));
}
