using System.Text.Json.Nodes;

namespace GeoFabric.Api.Tests;

/// <summary>What the list of saved queries tells about each.</summary>
public sealed class SavedQueryTests(ServerFixture server)
{
    [Fact]
    public async Task The_list_tells_description_times_and_parameters_and_the_newest_change_comes_first()
    {
        var fabric = await server.NewFabricAsync();
        await SaveAsync(fabric, "first", "FOR d IN @@where FILTER d.x > @least LIMIT @most RETURN d", """{"most":10}""", "All that is more");
        await SaveAsync(fabric, "second", "RETURN 1", "{}", "");
        Assert.Equal(["second", "first"], (await ListAsync(fabric)).Select(query => (string)query["name"]!));

        (await fabric.PutAsync("/restql/first", """{"query":{"description":"All that is not less"}}""")).AssertStatus(200);
        var first = (await ListAsync(fabric))[0];

        Assert.Equal(("first", "All that is not less"), ((string)first["name"]!, (string)first["description"]!));
        Assert.Equal(
            """[{"name":"@where","isCollection":true,"isRequired":true,"default":null},{"name":"least","isCollection":false,"isRequired":true,"default":null},{"name":"most","isCollection":false,"isRequired":false,"default":10}]""",
            first["parameters"]!.ToJsonString());
        Assert.True(DateTimeOffset.Parse((string)first["changed"]!, null) >= DateTimeOffset.Parse((string)first["created"]!, null));
        Assert.Equal("FOR d IN @@where FILTER d.x > @least LIMIT @most RETURN d", (string)first["value"]!);
    }

    [Fact]
    public async Task Runs_are_counted_with_the_last_error_until_the_query_is_made_anew()
    {
        var fabric = await server.NewFabricAsync();
        await SaveAsync(fabric, "half", "RETURN ASSERT(@x > 0, 'no') ? @x / 2 : null", "{}", "");
        Assert.Equal("""{"calls":0,"errors":0,"averageMilliseconds":null,"lastRun":null,"lastError":null}""", (await ListAsync(fabric))[0]["runs"]!.ToJsonString());

        (await fabric.PostAsync("/restql/execute/half", """{"bindVars":{"x":4}}""")).AssertStatus(201);
        (await fabric.PostAsync("/restql/execute/half", "{}")).AssertError(400, 1551);
        var runs = (await ListAsync(fabric))[0]["runs"]!;

        Assert.Equal((2, 1, 1551), ((int)runs["calls"]!, (int)runs["errors"]!, (int)runs["lastError"]!["errorNum"]!));
        Assert.NotNull(runs["averageMilliseconds"]);
        (await fabric.DeleteAsync("/restql/half")).AssertStatus(200);
        await SaveAsync(fabric, "half", "RETURN 1", "{}", "");
        Assert.Equal(0, (int)(await ListAsync(fabric))[0]["runs"]!["calls"]!);
    }

    [Fact]
    public async Task Names_may_have_folders()
    {
        var fabric = await server.NewFabricAsync();
        await SaveAsync(fabric, "reports/daily", "RETURN 1", "{}", "");

        Assert.Equal("[1]", (await fabric.PostAsync("/restql/execute/reports%2Fdaily")).AssertStatus(201)["result"]!.ToJsonString());
        (await fabric.PutAsync("/restql/reports%2fdaily", """{"query":{"value":"RETURN 2"}}""")).AssertStatus(200);
        Assert.Equal("[2]", (await fabric.PostAsync("/restql/execute/reports%2Fdaily")).AssertStatus(201)["result"]!.ToJsonString());
        (await fabric.DeleteAsync("/restql/reports%2Fdaily")).AssertStatus(200);
        foreach (var name in new[] { "/daily", "reports/", "reports//daily" })
            (await fabric.PostAsync("/restql", Body(name, "RETURN 1", "{}", ""))).AssertError(400, 400);
    }

    [Fact]
    public async Task A_description_that_is_too_long_is_refused()
    {
        var fabric = await server.NewFabricAsync();

        (await fabric.PostAsync("/restql", Body("long", "RETURN 1", "{}", new string('x', 4001)))).AssertError(400, 10);
    }

    private static async Task SaveAsync(ApiClient fabric, string name, string text, string parameters, string description) =>
        (await fabric.PostAsync("/restql", Body(name, text, parameters, description))).AssertStatus(200);

    private static string Body(string name, string text, string parameters, string description) => new JsonObject
    {
        ["query"] = new JsonObject { ["name"] = name, ["value"] = text, ["parameter"] = JsonNode.Parse(parameters), ["description"] = description },
    }.ToJsonString();

    private static async Task<List<JsonNode>> ListAsync(ApiClient fabric) =>
        [.. (await fabric.GetAsync("/restql/user")).AssertStatus(200)["result"]!.AsArray().Select(query => query!)];
}
