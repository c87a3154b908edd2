using System.Runtime.CompilerServices;
using System.Text.RegularExpressions;

namespace GeoFabric.Tests.Tidy;

/// <summary>A C# file of the repository.</summary>
/// <param name="Path">From the repository's root, with forward slashes.</param>
internal sealed partial record SourceFile(string Path, string Text)
{
    public string[] Lines => Text.Split('\n');

    /// <summary>The text without comments.</summary>
    public string Code { get; } = Comment().Replace(Text, "");

    /// <summary>The types it declares that are not part of another.</summary>
    public IReadOnlyList<string> Types { get; } = [.. TypeName().Matches(Text).Select(match => match.Groups[1].Value)];

    [GeneratedRegex(@"(?<!:)//.*")]
    private static partial Regex Comment();

    [GeneratedRegex(@"^(?:public|internal) (?:(?:sealed|static|abstract|readonly|partial|unsafe|ref) )*(?:record struct|record|class|struct|enum|interface|delegate [\w<>?\[\]]+) (\w+)", RegexOptions.Multiline)]
    private static partial Regex TypeName();
}

/// <summary>The repository as text: what the compiler cannot check is checked on it.</summary>
internal static partial class SourceTree
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every C# file that people write, of sources and tests.</summary>
    public static IReadOnlyList<SourceFile> Files { get; } = [.. ReadFiles("src"), .. ReadFiles("tests")];

    public static IEnumerable<SourceFile> Sources => Files.Where(file => file.Path.StartsWith("src/", StringComparison.Ordinal));

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    /// <summary>The documents people read: the README, docs and each project's README.</summary>
    public static IEnumerable<(string Path, string Text)> Documents() =>
        new[] { "README.md", "CONTRIBUTING.md" }
            .Concat(Directory.EnumerateFiles(Path.Combine(Root, "docs"), "*.md", SearchOption.AllDirectories).Select(Relative))
            .Concat(Directory.EnumerateDirectories(Path.Combine(Root, "src")).Select(project => Relative(project) + "/README.md"))
            .Select(path => (path, Read(path)));

    /// <summary>Fails with every finding on a line of its own.</summary>
    public static void AssertNone<T>(IEnumerable<T> findings)
    {
        var lines = findings.Select(finding => finding?.ToString()).ToList();
        Assert.True(lines.Count == 0, $"{lines.Count} findings:\n{string.Join('\n', lines)}");
    }

    private static IEnumerable<SourceFile> ReadFiles(string folder) =>
        from path in Directory.EnumerateFiles(Path.Combine(Root, folder), "*.cs", SearchOption.AllDirectories)
        let relative = Relative(path)
        where !relative.Contains("/Generated/", StringComparison.Ordinal) && !BuildOutput().IsMatch(relative)
        orderby relative
        select new SourceFile(relative, File.ReadAllText(path));

    private static string Relative(string path) => Path.GetRelativePath(Root, path).Replace('\\', '/');

    private static string FindRoot([CallerFilePath] string here = "")
    {
        // Deterministic builds map source paths away, so the search starts at the program.
        foreach (var start in new[] { AppContext.BaseDirectory, here })
        {
            for (var directory = new DirectoryInfo(start); directory is not null; directory = directory.Parent)
            {
                if (File.Exists(Path.Combine(directory.FullName, "GeoFabric.sln")))
                    return directory.FullName;
            }
        }
        throw new DirectoryNotFoundException("The tests do not run inside a clone of the repository.");
    }

    [GeneratedRegex("/(bin|obj|node_modules)/")]
    private static partial Regex BuildOutput();
}
