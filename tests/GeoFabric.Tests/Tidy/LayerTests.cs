using System.Text.RegularExpressions;

namespace GeoFabric.Tests.Tidy;

/// <summary>Dependencies point one way: between projects, and between the folders of a project.</summary>
public sealed partial class LayerTests
{
    /// <summary>Projects from the lowest up; one may use those before it.</summary>
    private static readonly string[] Projects = ["Primitives", "Storage", "Database", "Query", "Server"];

    /// <summary>Folders of each project in layer order; one may use those before it. What lies in the project's root is its contract and belongs to no layer.</summary>
    private static readonly Dictionary<string, string[]> Folders = new(StringComparer.Ordinal)
    {
        ["Primitives"] = ["Errors", "Hashing", "Names", "Clocks", "Values", "Json", "Keys"],
        ["Storage"] = ["Writing", "InMemory", "Lmdb"],
        ["Database"] = ["Layout", "Catalog", "Access", "Changes", "Documents", "Indexes", "Reading", "Transactions", "Hosting", "Maintenance"],
        ["Query"] = ["Grammar", "Syntax", "Evaluation", "Builtins", "Expressions", "Logical", "Binding", "Optimizer", "Explain", "Physical", "Execution"],
        ["Server"] = ["Options", "Http", "Authentication", "Tenancy", "Endpoints", "OpenApi", "Hosting", "Commands"],
    };

    [Fact]
    public void Projects_reference_lower_projects_only()
    {
        for (var layer = 0; layer < Projects.Length; layer++)
        {
            var project = SourceTree.Read($"src/GeoFabric.{Projects[layer]}/GeoFabric.{Projects[layer]}.csproj");
            var references = ProjectReference().Matches(project).Select(match => match.Groups[1].Value);

            Assert.All(references, reference => Assert.InRange(Array.IndexOf(Projects, reference), 0, layer - 1));
        }
    }

    [Fact]
    public void Folders_use_lower_folders_only()
    {
        var violations = new List<string>();
        foreach (var file in SourceTree.Sources)
        {
            var parts = file.Path.Split('/');
            var project = parts[1]["GeoFabric.".Length..];
            if (parts.Length < 4)
                continue;
            var layer = Array.IndexOf(Folders[project], parts[2]);
            if (layer < 0)
            {
                violations.Add($"{file.Path}: the folder '{parts[2]}' is not in the layer order of {project}");
                continue;
            }
            foreach (Match use in FolderUse().Matches(file.Text))
            {
                var used = Array.IndexOf(Folders[project], use.Groups[2].Value);
                if (use.Groups[1].Value == project && used > layer)
                    violations.Add($"{file.Path} uses the higher folder '{use.Groups[2].Value}'");
            }
        }

        SourceTree.AssertNone(violations);
    }

    [Theory]
    [InlineData(@"\bAntlr4\b", "src/GeoFabric.Query/Grammar/", "src/GeoFabric.Query/Syntax/")]
    [InlineData(@"\bmdb_|liblmdb|\bLmdbNative\b", "src/GeoFabric.Storage/Lmdb/", "src/GeoFabric.Storage/Lmdb/")]
    [InlineData(@"\bLmdb[A-Z]\w+", "src/GeoFabric.Storage/Lmdb/", "src/GeoFabric.Database/Hosting/")]
    [InlineData(@"\bMicrosoft\.AspNetCore\b|\bHttpContext\b", "src/GeoFabric.Server/", "src/GeoFabric.Server/")]
    public void Foreign_names_stay_in_their_folders(string name, string folder, string alsoAllowed)
    {
        var pattern = new Regex(name);

        var strays = SourceTree.Sources.Where(file => !file.Path.StartsWith(folder, StringComparison.Ordinal)
            && !file.Path.StartsWith(alsoAllowed, StringComparison.Ordinal)
            && pattern.IsMatch(Comment().Replace(file.Text, ""))).Select(file => file.Path);

        SourceTree.AssertNone(strays);
    }

    [GeneratedRegex(@"ProjectReference Include=""[^""]*GeoFabric\.(\w+)\.csproj""")]
    private static partial Regex ProjectReference();

    [GeneratedRegex(@"\bGeoFabric\.(\w+)\.(\w+)")]
    private static partial Regex FolderUse();

    [GeneratedRegex("//.*")]
    private static partial Regex Comment();
}
