using GeoFabric.Api.Tests.Cluster;
using GeoFabric.Server.Commands;

namespace GeoFabric.Api.Tests.Commands;

/// <summary>The command against a running server. It shares the process's variables and its output with other classes of the collection.</summary>
[Collection(nameof(RegionCommandTests))]
public sealed class QueryCommandTests(ServerFixture server)
{
    [Fact]
    public async Task Rows_go_to_the_output_in_the_form_that_is_asked_for()
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..3 INSERT { _key: TO_STRING(i), n: i * 1.5 } INTO c"}""");
        const string Query = "FOR d IN @@c SORT d._key LIMIT @most RETURN KEEP(d, '_key', 'n')";
        string[] binds = ["--bind", "@c=c", "--bind", "most=2", "--batch-size", "1"];

        Assert.Equal((0, "{\"_key\":\"1\",\"n\":1.5}\n{\"_key\":\"2\",\"n\":3}\n"), Shown(await RunAsync(fabric, ["-c", Query, .. binds])));
        Assert.Equal((0, "_key,n\r\n1,1.5\r\n2,3\r\n"), Shown(await RunAsync(fabric, [Query, .. binds, "--output", "csv"])));
        var json = await RunAsync(fabric, ["-c", Query, .. binds, "--json"]);
        Assert.Equal(2, System.Text.Json.Nodes.JsonNode.Parse(json.Output)!.AsArray().Count);
        Assert.Contains("2 rows, ", json.Errors, StringComparison.Ordinal);
        Assert.Contains("│ 1    │ 1.5 │\n", (await RunAsync(fabric, ["-c", Query, .. binds, "--output", "table"])).Output, StringComparison.Ordinal);
        var written = await RunAsync(fabric, ["-c", "INSERT { n: @text } INTO c", "--bind", "text=not JSON"]);
        Assert.Equal((0, ""), Shown(written));
        Assert.Contains("1 written", written.Errors, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_query_comes_from_a_file_too()
    {
        var fabric = await server.NewFabricAsync();
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "// one\nRETURN 1 + 1\n", TestContext.Current.CancellationToken);

        Assert.Equal((0, "2\n"), Shown(await RunAsync(fabric, ["-f", file])));
        Assert.Equal(2, (await RunAsync(fabric, ["-f", file, "-c", "RETURN 1"])).Code);
        File.Delete(file);
        Assert.Equal(1, (await RunAsync(fabric, ["-f", file])).Code);
    }

    [Fact]
    public async Task Plans_are_drawn_with_estimates_and_profiles_with_real_rows()
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..30 INSERT { n: i } INTO c"}""");
        const string Query = "FOR d IN c FILTER d.n > 20 SORT d.n LET x = (FOR e IN c LIMIT 1 RETURN e) RETURN [d, x]";

        var plan = await RunAsync(fabric, ["-c", Query, "--explain"]);
        var profile = await RunAsync(fabric, ["-c", Query, "--profile"]);
        var json = await RunAsync(fabric, ["-c", Query, "--explain", "--json"]);

        Assert.Matches(@"(?m)^ +\d+ .*CollectionScan c AS d +▲ reads all documents$", plan.Output);
        Assert.Matches(@"(?m)^ +\d+ .*└─ Sort ", plan.Output);
        Assert.Matches(@"(?m)^ +\d+ +10 .*\dms +└─ Sort ", profile.Output);
        Assert.Matches(@"(?m)^ {36,}.*CollectionScan c AS e", profile.Output);
        Assert.Contains("10 rows", profile.Errors, StringComparison.Ordinal);
        Assert.NotNull(System.Text.Json.Nodes.JsonNode.Parse(json.Output)!["plan"]);
    }

    [Fact]
    public async Task A_mistake_is_shown_with_marks_under_it()
    {
        var fabric = await server.NewFabricAsync();
        const string Marks = "   2 |   RETRUN u\n     |   ^^^^^^\n";

        var run = await RunAsync(fabric, ["-c", "FOR u IN [1]\n  RETRUN u"]);
        var formatted = await RunAsync(fabric, ["--format", "FOR u IN [1]\n  RETRUN u"]);

        Assert.All([run, formatted], answer =>
        {
            Assert.Equal((1, ""), Shown(answer));
            Assert.Contains("did you mean RETURN?", answer.Errors, StringComparison.Ordinal);
            Assert.EndsWith(Marks, answer.Errors, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task Warnings_are_counted_and_rows_come_all_the_same()
    {
        var fabric = await server.NewFabricAsync();

        var answer = await RunAsync(fabric, ["-c", "FOR i IN 1..3 RETURN i / 0"]);

        Assert.Equal((0, "null\nnull\nnull\n"), Shown(answer));
        Assert.Contains("warning 1562 (3 times): ", answer.Errors, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, "-c", "FOR d IN nothing RETURN d")]
    [InlineData(3, "-c", "RETURN 1", "--fabric", "none")]
    [InlineData(1, "-c", "RETURN @x")]
    [InlineData(2, "-c", "RETURN 1", "--bind", "x")]
    [InlineData(2, "-c", "RETURN 1", "--output", "xml")]
    [InlineData(2, "-c", "RETURN 1", "--batch-size", "0")]
    [InlineData(2, "-c", "RETURN 1", "RETURN 2")]
    [InlineData(6, "-c", "RETURN 1", "--server", "http://127.0.0.1:1")]
    public async Task The_exit_code_says_what_went_wrong(int code, params string[] arguments)
    {
        var fabric = await server.NewFabricAsync();

        Assert.Equal(code, (await RunAsync(fabric, arguments)).Code);
    }

    [Fact]
    public async Task Without_credentials_it_says_which_variables_it_reads_and_wrong_ones_end_with_4()
    {
        var fabric = await server.NewFabricAsync();

        var without = await RunAsync(fabric, ["-c", "RETURN 1"], token: null);
        var wrong = await RunAsync(fabric, ["-c", "RETURN 1"], token: "wrong");

        Assert.Equal(1, without.Code);
        Assert.Contains("GEOFABRIC_TOKEN", without.Errors, StringComparison.Ordinal);
        Assert.Equal(4, wrong.Code);
    }

    private static (int, string) Shown((int Code, string Output, string Errors) answer) => (answer.Code, answer.Output);

    private Task<(int Code, string Output, string Errors)> RunAsync(ApiClient fabric, string[] arguments) => RunAsync(fabric, arguments, server.Root.Token);

    private async Task<(int Code, string Output, string Errors)> RunAsync(ApiClient fabric, string[] arguments, string? token)
    {
        var (standardOutput, standardError) = (Console.Out, Console.Error);
        using var output = new StringWriter();
        using var errors = new StringWriter();
        Environment.SetEnvironmentVariable("GEOFABRIC_TOKEN", token);
        Environment.SetEnvironmentVariable("GEOFABRIC_ROOT_PASSWORD", null);
        Environment.SetEnvironmentVariable("GEOFABRIC_URL", server.Url);
        Console.SetOut(output);
        Console.SetError(errors);
        try
        {
            var place = arguments.Contains("--fabric") ? Array.Empty<string>() : ["--fabric", (string)(await fabric.GetAsync("/database/current"))["result"]!["name"]!];
            var code = await CommandLine.RunAsync(["query", .. arguments, .. place]);
            return (code, output.ToString(), errors.ToString());
        }
        finally
        {
            Console.SetOut(standardOutput);
            Console.SetError(standardError);
            Environment.SetEnvironmentVariable("GEOFABRIC_TOKEN", null);
            Environment.SetEnvironmentVariable("GEOFABRIC_URL", null);
        }
    }
}
