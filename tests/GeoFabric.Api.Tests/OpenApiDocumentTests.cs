using System.Text;
using GeoFabric.Server.OpenApi;

namespace GeoFabric.Api.Tests;

public sealed class OpenApiDocumentTests(ServerFixture server)
{
    private static readonly string s_path = Path.Combine(FindRepository(), "docs", "api", "openapi.json");

    [Fact]
    public async Task The_document_is_the_one_checked_in()
    {
        var written = Encoding.UTF8.GetString(OpenApiDocument.Write()) + "\n";

        if (Environment.GetEnvironmentVariable("UPDATE_GOLDEN") == "1")
        {
            Directory.CreateDirectory(Path.GetDirectoryName(s_path)!);
            await File.WriteAllTextAsync(s_path, written, TestContext.Current.CancellationToken);
        }
        var checkedIn = await File.ReadAllTextAsync(s_path, TestContext.Current.CancellationToken);
        Assert.True(checkedIn == written, "The API changed. If that is wanted, run the tests with UPDATE_GOLDEN=1 and commit docs/api/openapi.json.");
    }

    [Fact]
    public async Task The_server_serves_the_document_and_the_explorer_without_a_login()
    {
        using var anonymous = ApiClient.Anonymous(server.Url);

        var document = await anonymous.GetAsync("/openapi/v1.json");
        var explorer = await anonymous.GetAsync("/swagger/index.html");
        var script = await anonymous.GetAsync("/swagger/swagger-ui-bundle.js");

        Assert.Equal("3.1.1", (string)document["openapi"]!);
        explorer.AssertStatus(200);
        Assert.Contains("script-src 'self'", explorer.Headers["Content-Security-Policy"], StringComparison.Ordinal);
        script.AssertStatus(200);
    }

    [Fact]
    public async Task Execute_restql_by_name_is_the_second_RESTQL_operation_and_prefilled()
    {
        var document = (await server.Root.GetAsync("/openapi/v1.json")).Body!;
        var restql = document["paths"]!.AsObject().SelectMany(path => path.Value!.AsObject().Select(operation => (Path: path.Key, Operation: operation.Value!)))
            .Where(entry => entry.Operation["tags"]!.AsArray().Any(tag => (string)tag! == "RESTQL")).ToList();

        Assert.Equal("/_tenant/{tenant}/_fabric/{fabric}/restql", restql[0].Path);
        Assert.Equal("/_tenant/{tenant}/_fabric/{fabric}/restql/execute/{name}", restql[1].Path);
        Assert.Equal("Execute restql by name", (string)restql[1].Operation["summary"]!);
        Assert.Equal("""{"bindVars":{}}""", restql[1].Operation["requestBody"]!["content"]!["application/json"]!["example"]!.ToJsonString());
        Assert.Equal(["_mm", "_system"], restql[1].Operation["parameters"]!.AsArray().Take(2).Select(parameter => (string)parameter!["schema"]!["default"]!));
    }

    private static string FindRepository()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); ; directory = directory.Parent!)
        {
            if (File.Exists(Path.Combine(directory.FullName, "GeoFabric.sln")))
                return directory.FullName;
        }
    }
}
