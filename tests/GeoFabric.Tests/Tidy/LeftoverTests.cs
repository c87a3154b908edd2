using System.Text.RegularExpressions;

namespace GeoFabric.Tests.Tidy;

/// <summary>Nothing unfinished is left behind.</summary>
public sealed partial class LeftoverTests
{
    [Fact]
    public void No_file_holds_an_unfinished_place()
    {
        // This file has to name what it looks for.
        var places = SourceTree.Files.Where(file => !file.Path.EndsWith("/LeftoverTests.cs", StringComparison.Ordinal))
            .SelectMany(file => file.Lines.Where(line => Unfinished().IsMatch(line)).Select(line => $"{file.Path}: {line.Trim()}"));

        SourceTree.AssertNone(places);
    }

    [Fact]
    public void Skipped_tests_say_why()
    {
        var skips = SourceTree.Files.Where(file => !file.Path.EndsWith("/LeftoverTests.cs", StringComparison.Ordinal))
            .SelectMany(file => Skip().Matches(file.Text).Select(match => (file.Path, Reason: match.Groups[1].Value)));

        Assert.All(skips, skip => Assert.True(skip.Reason.Length > 20, skip.Path));
    }

    [GeneratedRegex(@"\b(TODO|FIXME|HACK|XXX)\b|NotImplementedException|throw new Exception\(|#region|Assert\.True\(true")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"(?:Skip = |Assert\.Skip\w*\()""([^""]*)""")]
    private static partial Regex Skip();
}
