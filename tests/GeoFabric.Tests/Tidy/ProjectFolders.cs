using System.Text.RegularExpressions;

namespace GeoFabric.Tests.Tidy;

/// <summary>The folders of one project in layer order, and who uses whom.</summary>
internal sealed partial class ProjectFolders
{
    private readonly string _project;
    private readonly string[] _folders;
    private readonly List<SourceFile> _files;

    /// <summary>Types by folder; the root's under an empty name.</summary>
    private readonly Dictionary<string, HashSet<string>> _types;

    public ProjectFolders(string project, string[] folders)
    {
        _project = project;
        _folders = folders;
        _files = [.. SourceTree.Sources.Where(file => file.Path.StartsWith($"src/GeoFabric.{project}/", StringComparison.Ordinal))];
        _types = _files.GroupBy(FolderOf).ToDictionary(group => group.Key, group => group.SelectMany(file => file.Types).ToHashSet(StringComparer.Ordinal), StringComparer.Ordinal);
    }

    public IEnumerable<string> Violations()
    {
        var rootLayers = RootLayers();
        foreach (var file in _files)
        {
            var folder = FolderOf(file);
            if (folder.Length == 0)
                continue;
            var layer = Array.IndexOf(_folders, folder);
            if (layer < 0)
            {
                yield return $"{file.Path}: the folder '{folder}' is not in the layer order of {_project}";
                continue;
            }
            foreach (var used in UsedFolders(file).Where(used => Array.IndexOf(_folders, used) > layer))
                yield return $"{file.Path} uses the higher folder '{used}'";
            foreach (var (type, typeLayer) in rootLayers.Where(type => type.Value >= layer && Names(file, type.Key)))
                yield return $"{file.Path} uses '{type}', which uses the folder '{_folders[typeLayer]}'";
        }
    }

    /// <summary>For each type of the root the highest folder that it uses, itself or by other types of the root; -1 for none.</summary>
    private Dictionary<string, int> RootLayers()
    {
        var root = _files.Where(file => FolderOf(file).Length == 0).ToList();
        var layers = root.ToDictionary(file => file, file => UsedFolders(file).Select(used => Array.IndexOf(_folders, used)).Append(-1).Max());
        for (var round = 0; round < root.Count; round++)
        {
            foreach (var file in root)
                layers[file] = root.Where(other => other == file || other.Types.Any(type => Names(file, type))).Max(other => layers[other]);
        }
        return layers.SelectMany(entry => entry.Key.Types.Select(type => (type, entry.Value))).ToDictionary(StringComparer.Ordinal);
    }

    /// <summary>By their namespace, or relative to the project's as in <c>Folder.Type</c>.</summary>
    private IEnumerable<string> UsedFolders(SourceFile file)
    {
        var qualified = Qualified().Matches(file.Code).Where(match => match.Groups[1].Value == _project).Select(match => match.Groups[2].Value);
        var relative = Relative().Matches(file.Code)
            .Where(match => _types.TryGetValue(match.Groups[1].Value, out var types) && types.Contains(match.Groups[2].Value))
            .Select(match => match.Groups[1].Value);
        return qualified.Concat(relative).Where(_folders.Contains).Distinct();
    }

    private static bool Names(SourceFile file, string type) => Regex.IsMatch(file.Code, $@"(?<![\w.]){type}\b");

    private static string FolderOf(SourceFile file) => file.Path.Split('/') is { Length: > 3 } parts ? parts[2] : "";

    [GeneratedRegex(@"\bGeoFabric\.(\w+)\.(\w+)")]
    private static partial Regex Qualified();

    [GeneratedRegex(@"(?<![\w.])(\w+)\.([A-Z]\w*)")]
    private static partial Regex Relative();
}
