using System.Text.RegularExpressions;

namespace GeoFabric.Tests.Tidy;

/// <summary>Files and methods stay short enough to be read at once.</summary>
public sealed partial class LengthTests
{
    private const int FileLinesMax = 600;
    private const int MethodLinesMax = 100;

    [Fact]
    public void Files_have_at_most_600_lines()
    {
        var tooLong = SourceTree.Files.Where(file => file.Lines.Length - 1 > FileLinesMax).Select(file => $"{file.Path}: {file.Lines.Length - 1}");

        SourceTree.AssertNone(tooLong);
    }

    [Fact]
    public void Methods_have_at_most_100_lines()
    {
        var tooLong = SourceTree.Files.SelectMany(file => Methods(file)
            .Where(method => method.Lines > MethodLinesMax)
            .Select(method => $"{file.Path}: {method.Header.Trim()} has {method.Lines} lines"));

        SourceTree.AssertNone(tooLong);
    }

    /// <summary>Members with a block body, tables of test cases left out: a header at one level of indentation, and the brace that ends it at the same level.</summary>
    private static IEnumerable<(string Header, int Lines)> Methods(SourceFile file)
    {
        var lines = file.Lines;
        for (var start = 0; start + 1 < lines.Length; start++)
        {
            if (!MethodHeader().IsMatch(lines[start]))
                continue;
            var open = Array.FindIndex(lines, start, Math.Min(12, lines.Length - start), line => line == "    {");
            if (open < 0 || lines[start..open].Any(line => line.EndsWith(';')))
                continue;
            var end = Array.FindIndex(lines, open, line => line == "    }");
            if (end > 0)
                yield return (lines[start], end - open - 1);
        }
    }

    [GeneratedRegex(@"^    (public|internal|private|protected)\b(?!.*\b(class|record|struct|TheoryData)\b).*\(")]
    private static partial Regex MethodHeader();
}
