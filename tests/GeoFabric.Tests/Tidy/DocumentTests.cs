using System.Text.RegularExpressions;

namespace GeoFabric.Tests.Tidy;

/// <summary>What the documents name exists.</summary>
public sealed partial class DocumentTests
{
    private static readonly HashSet<string> Words = [.. SourceTree.Files.SelectMany(file => Word().Matches(file.Code).Select(match => match.Value))];

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
                      from name in TypeLike().Matches(document.Text).SelectMany(match => match.Groups[1].Value.Split('.')).Distinct()
                      where !Words.Contains(name)
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

    [Fact]
    public void Decisions_are_numbered_without_gaps_and_have_at_most_60_lines()
    {
        var decisions = SourceTree.Documents().Where(document => document.Path.StartsWith("docs/adr/", StringComparison.Ordinal)).OrderBy(document => document.Path, StringComparer.Ordinal).ToList();

        Assert.Equal(
            Enumerable.Range(1, decisions.Count).Select(number => number.ToString("0000")),
            decisions.Select(document => Path.GetFileName(document.Path)[..4]));
        Assert.All(decisions, document => Assert.True(document.Text.Split('\n').Length <= 61, document.Path));
    }

    [Fact]
    public void Every_package_is_listed_with_its_version()
    {
        var listed = DependencyRow().Matches(SourceTree.Read("docs/dependencies.md")).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}");
        var used = Package().Matches(SourceTree.Read("Directory.Packages.props")).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}")
            .Concat(Directory.EnumerateFiles(SourceTree.Root, "package.json", SearchOption.AllDirectories)
                .Where(path => !path.Contains("/node_modules/", StringComparison.Ordinal))
                .SelectMany(path => NodePackage().Matches(File.ReadAllText(path)).Select(match => $"{match.Groups[1].Value} {match.Groups[2].Value}")));

        SourceTree.AssertNone(used.Except(listed, StringComparer.Ordinal));
    }

    [GeneratedRegex(@"^\| ([\w@/.-]+)(?: \(npm\))? \| ([\d.]+) \|", RegexOptions.Multiline)]
    private static partial Regex DependencyRow();

    [GeneratedRegex(@"(?:PackageVersion|GlobalPackageReference) Include=""([^""]+)"" Version=""([^""]+)""")]
    private static partial Regex Package();

    /// <summary>The project's own version stands before its dependencies and has another name.</summary>
    [GeneratedRegex(@"""(?!version"")([\w@/.-]+)"": ""(\d+\.\d+\.\d+)""")]
    private static partial Regex NodePackage();

    [GeneratedRegex(@"\]\(([^)\s]+)\)")]
    private static partial Regex Link();

    /// <summary>Two humps or more, and a member perhaps: one word in backticks may be anything.</summary>
    [GeneratedRegex(@"`([A-Z]\w*[a-z0-9][A-Z]\w*(?:\.[A-Z]\w+)?|I[A-Z][a-z]\w+)(?:\(\))?`")]
    private static partial Regex TypeLike();

    [GeneratedRegex(@"\w+")]
    private static partial Regex Word();

    [GeneratedRegex("`((?:src|tests|docs|grammar|samples)/[\\w./-]*)`")]
    private static partial Regex PathLike();
}
