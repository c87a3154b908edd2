using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>Collections that only some regions keep.</summary>
public sealed class ScopeTests
{
    private const string Fabric = "/_tenant/_mm/_fabric/_system/_api";

    [Fact]
    public async Task What_a_group_keeps_never_reaches_another_region_which_sends_requests_on()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west", "eu-north");
        var (outside, inside) = (servers.Roots[0].In(Fabric), servers.Roots[1].In(Fabric));
        (await servers.Roots[1].PostAsync("/_api/region-group", """{"name":"europe","regions":["eu-west","eu-north"]}""")).AssertStatus(201);
        await TestRegions.EventuallyAsync(() => servers.All.All(server => server.Services.Membership.Cluster.Groups.ContainsKey("europe")));
        await servers.CreateAsync(Fabric, """{"name":"people","replication":{"scope":"group:europe"}}""");
        await servers.CreateAsync(Fabric, """{"name":"notes"}""");

        var written = await outside.PostAsync("/document/people", """{"_key":"a","name":"Åsa"}""");
        Assert.Contains(written.AssertStatus(202).Headers["x-gdn-region"], new[] { "eu-west", "eu-north" });
        (await inside.PostAsync("/cursor", """{"query":"INSERT {_key: \"b\"} INTO people INSERT {_key: \"b\"} INTO notes"}""")).AssertStatus(201);
        var expected = """["a","b"]""";
        foreach (var root in servers.Roots)
            await UntilAsync(root.In(Fabric), "FOR p IN people SORT p._key RETURN p._key", expected);
        // One transaction over two scopes: every region gets the part it may see.
        await UntilAsync(outside, "FOR n IN notes RETURN n._key", """["b"]""");

        Assert.Equal([0, 2, 2], servers.All.Select(server => CountDocuments(server, "people")));
        Assert.DoesNotContain("Åsa", ReadLogs(servers.All[0]), StringComparison.Ordinal);
        Assert.Contains("Åsa", ReadLogs(servers.All[2]), StringComparison.Ordinal);
        Assert.Equal("""{"scope":"group:europe","regions":["eu-west","eu-north"]}""", (await outside.GetAsync("/collection/people/properties"))["replication"]!.ToJsonString());
        // What the query's text does not name cannot be sent on, and is no empty answer either.
        (await outside.PostAsync("/cursor", """{"query":"RETURN DOCUMENT(\"people/a\")"}""")).AssertError(421, 1479);
    }

    [Fact]
    public async Task A_pinned_collection_is_in_one_region_and_no_region_answers_for_two_that_are_apart()
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        var (us, eu) = (servers.Roots[0].In(Fabric), servers.Roots[1].In(Fabric));
        await servers.CreateAsync(Fabric, """{"name":"here","replication":{"scope":"pinned:us-east"}}""");
        await servers.CreateAsync(Fabric, """{"name":"there","replication":{"scope":"pinned:eu-west"}}""");

        (await us.PostAsync("/document/there", """{"_key":"a"}""")).AssertStatus(202);
        (await us.GetAsync("/document/there/a")).AssertStatus(200);
        Assert.Equal(1, (int)(await us.GetAsync("/collection/there/count"))["count"]!);
        Assert.Equal([0, 1], servers.All.Select(server => CountDocuments(server, "there")));
        (await eu.PostAsync("/cursor", """{"query":"FOR h IN here FOR t IN there RETURN 1"}""")).AssertError(400, 10);

        (await us.PostAsync("/collection", """{"name":"bad","replication":{"scope":"pinned:nowhere"}}""")).AssertError(404, 102024);
        (await us.PostAsync("/collection", """{"name":"bad","replication":{"scope":"group:nobody"}}""")).AssertError(404, 102024);
        (await us.PostAsync("/collection", """{"name":"bad","replication":{"scope":"some"}}""")).AssertError(400, 10);
        (await us.PostAsync("/collection", """{"name":"bad","isSpot":true,"replication":{"scope":"pinned:us-east"}}""")).AssertError(400, 10);
        (await servers.Roots[0].PostAsync("/_api/region-group", """{"name":"none","regions":[]}""")).AssertError(400, 10);
        (await servers.Roots[0].PostAsync("/_api/region-group", """{"name":"none","regions":["nowhere"]}""")).AssertError(404, 102024);
    }

    [Theory]
    [InlineData("pinned:us-east", "all")]
    [InlineData("pinned:us-east", "local")]
    [InlineData("pinned:us-east", "group:both")]
    [InlineData("group:both", "all")]
    [InlineData("group:both", "pinned:us-east")]
    [InlineData("local", "all")]
    [InlineData("all", "local")]
    [InlineData("all", "pinned:us-east")]
    public async Task A_scope_is_not_changed_later_and_the_refusal_says_what_to_do(string scope, string wanted)
    {
        await using var servers = await TestServers.StartAsync("us-east", "eu-west");
        var root = servers.Roots[0].In(Fabric);
        (await servers.Roots[0].PostAsync("/_api/region-group", """{"name":"both","regions":["us-east","eu-west"]}""")).AssertStatus(201);
        (await servers.Roots[0].PostAsync("/_api/region-group", """{"name":"both","regions":["us-east"]}""")).AssertError(409, 1207);
        (await root.PostAsync("/collection", $$$"""{"name":"c","replication":{"scope":"{{{scope}}}"}}""")).AssertStatus(200);

        var answer = (await root.PutAsync("/collection/c/properties", $$$"""{"replication":{"scope":"{{{wanted}}}"}}""")).AssertError(400, 10);

        Assert.Contains("INSERT d INTO", (string)answer["errorMessage"]!, StringComparison.Ordinal);
        (await root.PutAsync("/collection/c/properties", $$$"""{"replication":{"scope":"{{{scope}}}"}}""")).AssertStatus(200);
        (await root.PutAsync("/collection/c/properties", (await root.GetAsync("/collection/c/properties")).Text)).AssertStatus(200);
    }

    private static async Task UntilAsync(ApiClient client, string query, string expected)
    {
        var last = "";
        for (var attempt = 0; attempt < 1000 && last != expected; attempt++)
        {
            var answer = await client.PostAsync("/cursor", $$"""{"query":"{{query}}"}""");
            last = answer.Status == 201 ? answer["result"]!.ToJsonString() : answer.Text;
            await Task.Delay(10);
        }
        Assert.Equal(expected, last);
    }

    private static FabricDatabase SystemFabric(Server.Hosting.ServerHost server) =>
        server.Services.Databases.OpenFabrics.Single(fabric => fabric.Fabric.Name.IsSystem);

    private static long CountDocuments(Server.Hosting.ServerHost server, string collection)
    {
        var fabric = SystemFabric(server);
        var scope = new AccessScope(fabric.Fabric.Tenant, fabric.Fabric.Id, "root", AccessLevel.Administrate);
        using var snapshot = fabric.OpenSnapshot(scope);
        try
        {
            return snapshot.CountDocuments(snapshot.Catalog.GetCollection(collection));
        }
        catch (GeoFabricException error) when (error.Code == ErrorCodes.NotKeptHere)
        {
            return 0;
        }
    }

    /// <summary>Everything the region has in its logs, as text.</summary>
    private static string ReadLogs(Server.Hosting.ServerHost server)
    {
        var replica = SystemFabric(server).Replica;
        var origins = replica.ReadState().Vector.Positions.Keys.Append(replica.Origin).Distinct();
        return string.Concat(origins.SelectMany(origin => replica.ReadLog(origin, 0, int.MaxValue)).Select(record => System.Text.Encoding.UTF8.GetString(record.Span)));
    }
}
