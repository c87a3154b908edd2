using System.Text.RegularExpressions;

namespace GeoFabric.Tests.Tidy;

/// <summary>Dependencies point one way: between projects, and between the folders of a project.</summary>
public sealed partial class LayerTests
{
    /// <summary>Projects from the lowest up; one may use those before it.</summary>
    private static readonly string[] Projects = ["Primitives", "Storage", "Database", "Query", "Replication", "Server"];

    /// <summary>Folders of each project in layer order; one may use those before it. A file in the project's root stands just above the folders it uses.</summary>
    private static readonly Dictionary<string, string[]> Folders = new(StringComparer.Ordinal)
    {
        ["Primitives"] = ["Errors", "Hashing", "Patterns", "Names", "Clocks", "Values", "Keys", "Geo"],
        ["Storage"] = ["Writing", "InMemory", "Lmdb"],
        ["Database"] = ["Layout", "Analysis", "Schemas", "Catalog", "Access", "Jobs", "Changes", "Documents", "Merging", "Inverted", "Indexes", "Reading", "Requests", "Transactions", "Snapshots", "Salvage", "Maintenance", "Verification", "Hosting"],
        ["Query"] = ["Grammar", "Syntax", "Evaluation", "Builtins", "Expressions", "Logical", "Search", "Binding", "Optimizer", "Explain", "Physical", "Execution"],
        ["Replication"] = ["Membership", "Protocol", "Frames", "Links", "Delivery", "Shipping", "Stability", "Bootstrap"],
        ["Server"] = ["Options", "Sockets", "Http", "Authentication", "Tenancy", "Cluster", "Transport", "Consistency", "Replication", "Metrics", "Endpoints", "OpenApi", "WebConsole", "Hosting", "Demonstration", "Commands"],
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

    /// <summary>They stand on the same project and know nothing of each other, whatever their order in the list.</summary>
    [Fact]
    public void Query_and_replication_do_not_see_each_other()
    {
        var strays = SourceTree.Sources.Where(file =>
            (file.Path.StartsWith("src/GeoFabric.Query/", StringComparison.Ordinal) && file.Code.Contains("GeoFabric.Replication", StringComparison.Ordinal))
            || (file.Path.StartsWith("src/GeoFabric.Replication/", StringComparison.Ordinal) && file.Code.Contains("GeoFabric.Query", StringComparison.Ordinal)))
            .Select(file => file.Path);

        SourceTree.AssertNone(strays);
    }

    [Fact]
    public void Folders_use_lower_folders_only()
    {
        foreach (var project in Projects)
            SourceTree.AssertNone(new ProjectFolders(project, Folders[project]).Violations());
    }

    [Fact]
    public void Project_readmes_list_the_folders_in_layer_order()
    {
        foreach (var (project, folders) in Folders)
        {
            var listed = FolderEntry().Matches(SourceTree.Read($"src/GeoFabric.{project}/README.md")).Select(match => match.Groups[1].Value);

            Assert.Equal(folders, listed);
        }
    }

    [Theory]
    [InlineData(@"\bAntlr4\b", "src/GeoFabric.Query/Grammar/", "src/GeoFabric.Query/Syntax/")]
    [InlineData(@"\bmdb_|liblmdb|\bLmdbNative\b", "src/GeoFabric.Storage/Lmdb/", "src/GeoFabric.Storage/Lmdb/")]
    [InlineData(@"\bsb_|\bSnowball[A-Z]\w+", "src/GeoFabric.Database/Analysis/", "src/GeoFabric.Database/Analysis/")]
    [InlineData(@"\bLmdb[A-Z]\w+", "src/GeoFabric.Storage/Lmdb/", "src/GeoFabric.Database/Hosting/")]
    [InlineData(@"\bMicrosoft\.AspNetCore\b|\bHttpContext\b", "src/GeoFabric.Server/", "src/GeoFabric.Server/")]
    public void Foreign_names_stay_in_their_folders(string name, string folder, string alsoAllowed)
    {
        var pattern = new Regex(name);

        var strays = SourceTree.Sources.Where(file => !file.Path.StartsWith(folder, StringComparison.Ordinal)
            && !file.Path.StartsWith(alsoAllowed, StringComparison.Ordinal)
            && pattern.IsMatch(file.Code)).Select(file => file.Path);

        SourceTree.AssertNone(strays);
    }

    [GeneratedRegex(@"ProjectReference Include=""[^""]*GeoFabric\.(\w+)\.csproj""")]
    private static partial Regex ProjectReference();

    /// <summary>An entry of a README's list of folders, which may name two of them.</summary>
    [GeneratedRegex(@"(?<=^- |\. )`(\w+)/`:", RegexOptions.Multiline)]
    private static partial Regex FolderEntry();
}
