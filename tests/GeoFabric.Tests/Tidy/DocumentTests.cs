using System.Text.RegularExpressions;

namespace GeoFabric.Tests.Tidy;

/// <summary>What the documents name exists.</summary>
public sealed partial class DocumentTests
{
    private static readonly string AllCode = string.Concat(SourceTree.Files.Select(file => file.Text));

    [Fact]
    public void Links_lead_to_files()
    {
        var broken = from document in SourceTree.Documents()
                     from link in Link().Matches(document.Text)
                     let target = link.Groups[1].Value.Split('#')[0]
                     where target.Length > 0 && !target.Contains("://", StringComparison.Ordinal)
                     let path = Path.Combine(SourceTree.Root, Path.GetDirectoryName(document.Path)!, target)
                     where !File.Exists(path) && !Directory.Exists(path)
                     select $"{document.Path}: {target}";

        SourceTree.AssertNone(broken);
    }

    [Fact]
    public void Types_named_in_documents_exist()
    {
        // Decisions are not edited once taken, so they may name what has gone since.
        var unknown = from document in SourceTree.Documents()
                      where !document.Path.StartsWith("docs/adr/", StringComparison.Ordinal)
                      from name in TypeLike().Matches(document.Text).Select(match => match.Groups[1].Value).Distinct()
                      where !Regex.IsMatch(AllCode, $@"\b{name}\b")
                      select $"{document.Path}: {name}";

        SourceTree.AssertNone(unknown);
    }

    [Fact]
    public void Paths_named_in_documents_exist()
    {
        var unknown = from document in SourceTree.Documents()
                      where !document.Path.StartsWith("docs/adr/", StringComparison.Ordinal)
                      from path in PathLike().Matches(document.Text).Select(match => match.Groups[1].Value).Distinct()
                      where !File.Exists(Path.Combine(SourceTree.Root, path)) && !Directory.Exists(Path.Combine(SourceTree.Root, path))
                      select $"{document.Path}: {path}";

        SourceTree.AssertNone(unknown);
    }

    [Fact]
    public void The_readme_has_at_most_150_lines_and_project_readmes_40()
    {
        Assert.True(SourceTree.Read("README.md").Split('\n').Length <= 151);
        Assert.All(
            SourceTree.Documents().Where(document => document.Path.StartsWith("src/", StringComparison.Ordinal)),
            document => Assert.True(document.Text.Split('\n').Length <= 41, document.Path));
    }

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    /// <summary>Two humps or more: one word in backticks may be anything.</summary>
    [GeneratedRegex("`([A-Z][a-z0-9]+(?:[A-Z][a-z0-9]+)+)`")]
    private static partial Regex TypeLike();

    [GeneratedRegex("`((?:src|tests|docs|grammar|samples)/[\\w./-]*)`")]
    private static partial Regex PathLike();
}
