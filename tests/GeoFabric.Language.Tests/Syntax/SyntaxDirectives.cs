using GeoFabric.Language.Tests.Golden;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Syntax;

/// <summary>Shows the tree, and checks that its printed text parses to the same tree.</summary>
public sealed class ParseDirective : IGoldenDirective
{
    public string Name => "parse";

    public Task<string> RunAsync(GoldenCase golden, CancellationToken cancellationToken)
    {
        var tree = QueryParser.Parse(golden.Query);
        var dump = SyntaxDump.Of(tree);
        var printed = SyntaxPrinter.Print(tree);
        var again = QueryParser.Parse(printed);
        Assert.Equal(dump, SyntaxDump.Of(again));
        Assert.Equal(printed, SyntaxPrinter.Print(again));
        return Task.FromResult(dump);
    }
}

/// <summary>Shows the canonical text.</summary>
public sealed class PrintDirective : IGoldenDirective
{
    public string Name => "print";

    public Task<string> RunAsync(GoldenCase golden, CancellationToken cancellationToken) =>
        Task.FromResult(SyntaxPrinter.Print(QueryParser.Parse(golden.Query)));
}


/// <summary>Shows the query laid out over lines, and checks that doing it again changes nothing and that it is still the same query.</summary>
public sealed class FormatDirective : IGoldenDirective
{
    public string Name => "format";

    public Task<string> RunAsync(GoldenCase golden, CancellationToken cancellationToken)
    {
        var formatted = QueryFormatter.Format(golden.Query);
        Assert.Equal(formatted, QueryFormatter.Format(formatted));
        Assert.Equal(SyntaxDump.Of(QueryParser.Parse(golden.Query)), SyntaxDump.Of(QueryParser.Parse(formatted)));
        return Task.FromResult(formatted);
    }
}
