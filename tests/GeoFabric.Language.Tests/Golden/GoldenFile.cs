using System.Text;

namespace GeoFabric.Language.Tests.Golden;

/// <summary>
/// A text file of cases under <c>Cases/</c>. A case is: comment lines, a directive line, settings (<c>% name value</c>), the query,
/// a line <c>----</c>, the expected text up to the next blank line. Settings at the top, before the first directive and ended by a blank
/// line, hold for all cases of the file.
/// </summary>
public sealed class GoldenFile
{
    private const string Separator = "----";

    private readonly List<string> _lines;

    private GoldenFile(string path, List<string> lines)
    {
        Path = path;
        _lines = lines;
    }

    public static string Root { get; } = FindRoot();

    public string Path { get; }

    /// <summary>Path below the cases folder, with forward slashes.</summary>
    public string Name => System.IO.Path.GetRelativePath(Root, Path).Replace('\\', '/');

    public static IEnumerable<GoldenFile> All() =>
        Directory.EnumerateFiles(Root, "*.txt", SearchOption.AllDirectories).Order(StringComparer.Ordinal).Select(Read);

    public static GoldenFile Read(string path) => new(path, [.. File.ReadAllLines(path)]);

    public IReadOnlyList<GoldenCase> Cases()
    {
        var cases = new List<GoldenCase>();
        var common = new List<(string Name, string Value)>();
        var title = new List<string>();
        for (var i = 0; i < _lines.Count; i++)
        {
            var line = _lines[i];
            if (line.Length == 0)
                title.Clear();
            else if (line[0] == '#')
                title.Add(line[1..].Trim());
            else if (line[0] == '%')
                common.Add(Setting(line));
            else
            {
                cases.Add(Case(i, common, string.Join(' ', title), out var end));
                title.Clear();
                i = end;
            }
        }
        return cases;
    }

    /// <summary>Rewrites the expected text of cases, given by the line of their directive.</summary>
    public void Update(IReadOnlyDictionary<int, string> expectedByLine)
    {
        var output = new StringBuilder();
        for (var i = 0; i < _lines.Count; i++)
        {
            output.Append(_lines[i]).Append('\n');
            if (!expectedByLine.TryGetValue(i + 1, out var expected))
                continue;
            var separator = _lines.IndexOf(Separator, i);
            while (i < separator)
                output.Append(_lines[++i]).Append('\n');
            while (i + 1 < _lines.Count && _lines[i + 1].Length > 0)
                i++;
            if (expected.Length > 0)
                output.Append(expected).Append('\n');
        }
        File.WriteAllText(Path, output.ToString());
    }

    private GoldenCase Case(int start, List<(string Name, string Value)> common, string title, out int end)
    {
        var directive = _lines[start].Split(' ', 2);
        var first = start + 1;
        var settings = new List<(string Name, string Value)>(common);
        for (; first < _lines.Count && _lines[first].StartsWith("% ", StringComparison.Ordinal); first++)
            settings.Add(Setting(_lines[first]));
        var separator = _lines.IndexOf(Separator, first);
        if (separator < 0)
            throw new InvalidDataException($"{Name}:{start + 1}: the case has no {Separator} line after its query.");
        end = separator;
        while (end + 1 < _lines.Count && _lines[end + 1].Length > 0)
            end++;
        return new GoldenCase(
            title, directive[0], directive.Length > 1 ? directive[1].Trim() : "", settings,
            string.Join('\n', _lines[first..separator]), string.Join('\n', _lines[(separator + 1)..(end + 1)]), Name, start + 1);
    }

    private static (string Name, string Value) Setting(string line)
    {
        var parts = line[1..].Trim().Split(' ', 2);
        return (parts[0], parts.Length > 1 ? parts[1].Trim() : "");
    }

    // The sources are updated in place, so the folder is found from the repository and not copied to the output.
    private static string FindRoot()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(System.IO.Path.Combine(folder.FullName, "GeoFabric.sln")))
                return System.IO.Path.Combine(folder.FullName, "tests", "GeoFabric.Language.Tests", "Cases");
        }
        throw new DirectoryNotFoundException($"No GeoFabric.sln above {AppContext.BaseDirectory}.");
    }
}
