using GeoFabric.Query.Builtins;
using GeoFabric.Query.Optimizer;

namespace GeoFabric.Tests.Tidy;

/// <summary>Functions and rules are listed once, and nothing in the lists is undocumented or untested.</summary>
public sealed class FunctionTableTests
{
    [Fact]
    public void Every_function_says_what_it_does_and_shows_an_example()
    {
        var bare = FunctionCatalog.All.Where(function =>
            function.Name.Any(char.IsLower) || function.Summary.Length < 10 || function.Example.Length == 0 || function.ExampleResult.Length == 0
            || function.MinArguments > function.MaxArguments);

        SourceTree.AssertNone(bare.Select(function => function.Name));
        Assert.True(FunctionCatalog.All.Count >= 120);
    }

    [Fact]
    public void Every_rule_has_golden_cases_where_it_fires_and_where_it_must_not()
    {
        var cases = string.Concat(Directory.EnumerateFiles(Path.Combine(SourceTree.Root, "tests/GeoFabric.Language.Tests/Cases/plans")).Select(File.ReadAllText));

        foreach (var rule in RuleSchedule.Rules)
        {
            Assert.Matches($@"\bexpect={rule.Name}\b", cases);
            Assert.Matches($@"\bexpect-not={rule.Name}\b", cases);
        }
    }
}
