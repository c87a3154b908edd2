using System.Globalization;
using System.Text;
using GeoFabric.Language.Tests.Golden;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;

namespace GeoFabric.Language.Tests.Queries;

/// <summary>
/// Runs the query with all rules and with none, checks that both agree, and shows the rows, one on a line, then the warnings. Indexes, and several threads
/// to read collections, are there for the first run only, indexes <c>of both</c> for both.
/// </summary>
public sealed class RowsDirective : IGoldenDirective
{
    public string Name => "rows";

    public async Task<string> RunAsync(GoldenCase golden, CancellationToken cancellationToken)
    {
        await using var optimized = await TestEngine.CreateAsync(TestEngine.SeveralThreads);
        await using var plain = await TestEngine.CreateAsync();
        await optimized.PrepareAsync(golden, withIndexes: true);
        await plain.PrepareAsync(golden, withIndexes: false);
        var expected = await ShowAsync(plain, golden, "-all");
        var actual = await ShowAsync(optimized, golden);
        Assert.Equal(expected, actual);
        return actual;
    }

    private static async Task<string> ShowAsync(TestEngine engine, GoldenCase golden, params string[] rules)
    {
        QueryPage page;
        try
        {
            page = await engine.RunAsync(golden.Query, golden.Setting("bind") ?? "{}", rules);
        }
        catch (GeoFabricException error)
        {
            return $"error {error.ErrorNumber}";
        }
        var lines = new List<string>();
        foreach (var row in JsonValueReader.Parse(page.ResultJson.Span).Items)
            lines.Add(row.ToString());
        if (lines.Count == 0)
            lines.Add("no rows");
        if (page.Statistics.WritesExecuted + page.Statistics.WritesIgnored > 0)
            lines.Add($"written {page.Statistics.WritesExecuted}, ignored {page.Statistics.WritesIgnored}");
        lines.AddRange(page.Warnings.Select(warning => $"warning {warning.Code.Number}{(warning.Code == ErrorCodes.UserWarn ? " " + warning.Message : "")}"));
        return string.Join('\n', lines);
    }
}

/// <summary>Evaluates each line as an expression of its own and shows its value, the numbers of its warnings, or that of its error.</summary>
public sealed class CallsDirective : IGoldenDirective
{
    public string Name => "calls";

    public async Task<string> RunAsync(GoldenCase golden, CancellationToken cancellationToken)
    {
        await using var engine = await TestEngine.CreateAsync();
        var lines = new List<string>();
        foreach (var line in golden.Query.Split('\n'))
        {
            try
            {
                var page = await engine.RunAsync("RETURN " + line, golden.Setting("bind") ?? "{}");
                var warnings = string.Join(',', page.Warnings.Select(warning => warning.Code.Number));
                lines.Add($"{line} => {JsonValueReader.Parse(page.ResultJson.Span).Items[0]}{(warnings.Length == 0 ? "" : " !" + warnings)}");
            }
            catch (GeoFabricException error)
            {
                lines.Add($"{line} => error {error.ErrorNumber}");
            }
        }
        return string.Join('\n', lines);
    }
}

/// <summary>Runs the query, which must fail with the error whose number is the argument, and shows the message clients see.</summary>
public sealed class ErrorDirective : IGoldenDirective
{
    public string Name => "error";

    public async Task<string> RunAsync(GoldenCase golden, CancellationToken cancellationToken)
    {
        await using var engine = await TestEngine.CreateAsync();
        await engine.PrepareAsync(golden, withIndexes: true);
        var exception = await Assert.ThrowsAsync<GeoFabricException>(() => engine.RunAsync(golden.Query, golden.Setting("bind") ?? "{}"));
        Assert.Equal(int.Parse(golden.Arguments, CultureInfo.InvariantCulture), exception.ErrorNumber);
        return exception.Message;
    }
}

/// <summary>Shows the optimized plan as a tree. <c>plan expect=RULE</c> also demands that the rule fired, <c>plan expect-not=RULE</c> that it did not.</summary>
public sealed class PlanDirective : IGoldenDirective
{
    public string Name => "plan";

    public async Task<string> RunAsync(GoldenCase golden, CancellationToken cancellationToken)
    {
        await using var engine = await TestEngine.CreateAsync();
        await engine.PrepareAsync(golden, withIndexes: true);
        var plan = engine.Engine.Explain(engine.Fabric, engine.Scope, TestEngine.Caller, new QueryRequest(golden.Query, JsonValueReader.Parse(Encoding.UTF8.GetBytes(golden.Setting("bind") ?? "{}"))), cancellationToken);
        foreach (var argument in golden.Arguments.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            var parts = argument.Split('=');
            Assert.Equal(parts[0] == "expect", plan.Rules.Contains(parts[1]));
        }
        return plan.Text;
    }
}
