using System.Text;
using GeoFabric.Language.Tests.Golden;
using GeoFabric.Language.Tests.Queries;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Logical;

namespace GeoFabric.Language.Tests.Reference;

/// <summary>docs/c8ql.md is what the tables say, and its examples yield what it shows.</summary>
public sealed class LanguageReferenceTests
{
    private static readonly string Path = System.IO.Path.Combine(GoldenFile.Root, "../../../docs/c8ql.md");

    [Fact]
    public async Task The_document_is_written_from_the_tables()
    {
        var text = new StringBuilder("""
            # C8QL

            The language of queries. Written from the tables of functions and of this reference by `UPDATE_GOLDEN=1 ./geofabric test`; each example is run
            by a test. Numbers of errors and warnings are in [errors.md](errors.md).

            The examples read `users`: twelve documents with the keys u01 to u12, a `name`, a `city`, an `age` and an `address` with a `zip`. `empty` has none.
            Rows stand under a query, one on a line; the parameter x is 1.

            ## Operations


            """);
        await AppendAsync(text, ReferenceTables.Operations);
        text.Append("Aggregate functions of COLLECT and WINDOW: ").AppendJoin(", ", AggregateCatalog.All.Select(function => function.Name)).Append(".\n\n## Operators\n\n");
        await AppendAsync(text, ReferenceTables.Operators);
        text.Append("## Functions\n\nA wrong number of arguments is error 1541, an unknown name 1540. A wrong argument is a warning and makes the result null.\n");
        foreach (var group in FunctionCatalog.All.GroupBy(FunctionCatalog.GroupOf))
        {
            text.Append("\n### ").Append(group.Key).Append("\n\n| function | arguments | | example | result |\n|---|---|---|---|---|\n");
            foreach (var function in group)
                text.Append($"| {function.Name} | {Arity(function)} | {Cell(function.Summary)} | {Code(function.Example)} | {Code(function.ExampleResult)} |\n");
        }
        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
            await File.WriteAllTextAsync(Path, text.ToString(), TestContext.Current.CancellationToken);

        Assert.Equal(text.ToString(), await File.ReadAllTextAsync(Path, TestContext.Current.CancellationToken));
    }

    private static async Task AppendAsync(StringBuilder text, IReadOnlyList<ReferenceEntry> entries)
    {
        foreach (var entry in entries)
        {
            text.Append("### ").Append(entry.Title).Append("\n\n```\n").Append(entry.Forms.Replace("   ", "\n", StringComparison.Ordinal)).Append("\n```\n\n").Append(entry.Text)
                .Append("\n\n```\n").Append(entry.Example).Append('\n');
            await using var engine = await TestEngine.CreateAsync();
            var page = await engine.RunAsync(entry.Example, entry.Example.Contains('@', StringComparison.Ordinal) ? """{"x": 1}""" : "{}");
            foreach (var row in JsonValueReader.Parse(page.ResultJson.Span).Items)
                text.Append(row).Append('\n');
            text.Append("```\n\n");
        }
    }

    private static string Arity(FunctionDefinition function) =>
        function.MaxArguments == function.MinArguments ? $"{function.MinArguments}"
        : function.MaxArguments == FunctionDefinition.Unlimited ? $"{function.MinArguments} or more"
        : $"{function.MinArguments} to {function.MaxArguments}";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal);

    // Two backticks, so that a single one may stand inside.
    private static string Code(string text) => text.Contains('`', StringComparison.Ordinal) ? $"`` {Cell(text)} ``" : $"`{Cell(text)}`";
}
