using GeoFabric.Query.Builtins;

namespace GeoFabric.Tests.Tidy;

/// <summary>Functions are listed once, and none is undocumented. That each example is true is tested with the language.</summary>
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
    public void No_two_functions_have_names_that_differ_only_in_case()
    {
        var doubled = FunctionCatalog.All.GroupBy(function => function.Name, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1);

        SourceTree.AssertNone(doubled.Select(group => group.Key));
    }
}
