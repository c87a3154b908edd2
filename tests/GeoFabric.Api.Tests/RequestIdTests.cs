using GeoFabric.Api.Tests.Cluster;

namespace GeoFabric.Api.Tests;

/// <summary>Writes sent again with the same X-Request-Id.</summary>
public sealed class RequestIdTests(ServerFixture server)
{
    private const string Id = "6f1c2b34-8d4e-4a57-9b1f-0c2d3e4f5a6b";
    private const string Count = """{"query":"UPSERT {_key: \"hits\"} INSERT {_key: \"hits\", n: 1} UPDATE {n: OLD.n + 1} IN c RETURN NEW.n"}""";
    private const string Regions = "/_tenant/_mm/_fabric/_system/_api";

    [Theory]
    [InlineData("POST", "/document/c?returnNew=true", """{"a":1}""")]
    [InlineData("POST", "/document?collection=c", """[{"a":1},{"_key":"k"},{"a":2}]""")]
    [InlineData("PATCH", "/document/c/k?returnOld=true", """{"a":1}""")]
    [InlineData("PATCH", "/document/c", """[{"_key":"k","a":1}]""")]
    [InlineData("PUT", "/document/c/k", """{"a":1}""")]
    [InlineData("PUT", "/document/c", """[{"_key":"k","a":1}]""")]
    [InlineData("DELETE", "/document/c/k", null)]
    [InlineData("DELETE", "/document/c", """["k"]""")]
    [InlineData("POST", "/import/c", """{"data":[{"a":1},{"_key":"k"}],"details":true}""")]
    [InlineData("POST", "/import?collection=c&overwrite=true", """{"a":1}""")]
    [InlineData("POST", "/cursor", """{"query":"FOR d IN c UPDATE d WITH {n: d.n + 1} IN c RETURN NEW"}""")]
    [InlineData("POST", "/cursor", """{"query":"INSERT {a: 1} IN c RETURN NEW"}""")]
    public async Task A_write_sent_again_gets_the_first_answer_and_happens_once(string method, string path, string? body)
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/document/c", """{"_key":"k","n":1}""");

        var first = await fabric.SendAsync(method, path, body, ("X-Request-Id", Id));
        var state = await StateAsync(fabric);
        var second = await fabric.SendAsync(method, path, body, ("X-Request-Id", Id));

        Assert.InRange(first.Status, 200, 202);
        Assert.Equal((first.Status, first.Text), (second.Status, second.Text));
        Assert.False(first.Headers.ContainsKey("X-GF-Replayed"));
        Assert.Equal("true", second.Headers["X-GF-Replayed"]);
        foreach (var name in (string[])["ETag", "Location", "x-c8-error-codes"])
            Assert.Equal(first.Headers.GetValueOrDefault(name), second.Headers.GetValueOrDefault(name));
        Assert.Equal(state, await StateAsync(fabric));
    }

    [Fact]
    public async Task A_saved_query_sent_again_runs_once()
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/restql", """{"query":{"name":"add","value":"INSERT {} IN c RETURN NEW._key"}}""");

        var first = await fabric.PostAsync("/restql/execute/add", """{"bindVars":{}}""", ("X-Request-Id", Id));
        var second = await fabric.PostAsync("/restql/execute/add", """{"bindVars":{}}""", ("X-Request-Id", Id));

        Assert.Equal(first.Text, second.Text);
        Assert.Equal("[1]", (await fabric.PostAsync("/cursor", """{"query":"RETURN COUNT(c)"}"""))["result"]!.ToJsonString());
    }

    [Theory]
    [InlineData("7")]
    [InlineData("{6f1c2b34-8d4e-4a57-9b1f-0c2d3e4f5a6b}")]
    [InlineData("6f1c2b348d4e4a579b1f0c2d3e4f5a6")]
    [InlineData("6f1c2b348d4e4a579b1f0c2d3e4f5a6g")]
    [InlineData("6f1c2b348d4e-4a57-9b1f-0c2d3e4f5a6b")]
    [InlineData("00000000000000000000000000000000")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    [InlineData("6f1c2b34-8d4e-4a57-9b1f-0c2d3e4f5a6b, 6f1c2b34-8d4e-4a57-9b1f-0c2d3e4f5a6c")]
    public async Task Ids_are_UUIDs(string id)
    {
        var fabric = await server.NewCollectionAsync();

        var answer = (await fabric.PostAsync("/document/c", """{"a":1}""", ("X-Request-Id", id))).AssertError(400, 10);

        Assert.Contains("X-Request-Id", answer.Text, StringComparison.Ordinal);
        Assert.Contains("it takes a UUID", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_id_is_the_same_with_and_without_dashes_and_in_either_case()
    {
        var fabric = await server.NewCollectionAsync();
        var ids = new[] { Id, Id.ToUpperInvariant(), Id.Replace("-", "", StringComparison.Ordinal), Id.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant() };

        foreach (var id in ids)
            Assert.InRange((await fabric.PostAsync("/document/c", """{"a":1}""", ("X-Request-Id", id))).Status, 200, 202);

        Assert.Equal("[1]", (await fabric.PostAsync("/cursor", """{"query":"RETURN COUNT(c)"}"""))["result"]!.ToJsonString());
    }

    [Fact]
    public async Task Another_request_under_the_same_id_is_refused()
    {
        var fabric = await server.NewCollectionAsync();
        await fabric.PostAsync("/document/c", """{"_key":"a"}""", ("X-Request-Id", Id));

        (await fabric.PostAsync("/document/c", """{"_key":"b"}""", ("X-Request-Id", Id))).AssertError(409, 1455);
        (await fabric.PutAsync("/document/c/a", """{"_key":"a"}""", ("X-Request-Id", Id))).AssertError(409, 1455);

        (await fabric.GetAsync("/document/c/b")).AssertStatus(404);
    }

    [Fact]
    public async Task An_id_does_not_keep_a_failed_write_from_being_sent_again()
    {
        var fabric = await server.NewCollectionAsync();
        (await fabric.PatchAsync("/document/c/a", """{"n":1}""", ("X-Request-Id", Id))).AssertStatus(404);
        await fabric.PostAsync("/document/c", """{"_key":"a"}""");

        (await fabric.PatchAsync("/document/c/a", """{"n":1}""", ("X-Request-Id", Id))).AssertStatus(202);
    }

    [Fact]
    public async Task Of_an_answer_too_large_to_be_kept_the_outcome_is()
    {
        var fabric = await server.NewCollectionAsync();
        var document = $$"""{"_key":"a","text":"{{new string('x', 100_000)}}"}""";
        var first = await fabric.PostAsync("/document/c?returnNew=true", document, ("X-Request-Id", Id));

        var second = await fabric.PostAsync("/document/c?returnNew=true", document, ("X-Request-Id", Id));

        Assert.Equal(202, second.Status);
        Assert.Equal("true", second.Headers["X-GF-Replayed"]);
        Assert.Equal(("c/a", (string)first["_rev"]!), ((string)second["_id"]!, (string)second["_rev"]!));
        Assert.Null(second["new"]);
    }

    [Fact]
    public async Task Requests_sent_again_at_another_region_happen_once_cut_off_or_not()
    {
        await using var regions = await ServerRegions.StartAsync(2);
        await TestRegions.EventuallyAsync(
            () => regions.Servers.All(region => region.Services.Replication.Readiness == Server.Consistency.RegionReadiness.Ready), "that all regions are ready");
        await regions.Clients[0].In(Regions).PostAsync("/collection", """{"name":"c"}""");
        await regions.EventuallyAsync(Regions, "RETURN COUNT(c)", "[0]");
        Assert.Equal(201, (await CountAsync(regions, 0, "6f1c2b34-0000-0000-0000-000000000001")).Status);
        await regions.EventuallyAsync(Regions, "FOR d IN c RETURN d.n", "[1]");

        var known = await CountAsync(regions, 1, "6f1c2b34-0000-0000-0000-000000000001");

        Assert.Equal((201, "true"), (known.Status, known.Headers["X-GF-Replayed"]));
        Assert.Equal(("c/hits", "region1"), ((string)known["_id"]!, (string)known["replayed"]!["region"]!));
        regions.Cut(1, isCut: true);
        for (var request = 2; request <= 6; request++)
        {
            Assert.False((await CountAsync(regions, 0, $"6f1c2b34-0000-0000-0000-00000000000{request}")).Headers.ContainsKey("X-GF-Replayed"));
            Assert.False((await CountAsync(regions, 1, $"6f1c2b34-0000-0000-0000-00000000000{request}")).Headers.ContainsKey("X-GF-Replayed"));
        }
        regions.Cut(1, isCut: false);
        await regions.EventuallyAsync(Regions, "FOR d IN c RETURN d.n", "[6]");
    }

    private static Task<ApiAnswer> CountAsync(ServerRegions regions, int region, string id) =>
        regions.Clients[region].In(Regions).PostAsync("/cursor", Count, ("X-Request-Id", id));

    private static async Task<string> StateAsync(ApiClient fabric) =>
        (await fabric.PostAsync("/cursor", """{"query":"FOR d IN c SORT d._key RETURN d"}"""))["result"]!.ToJsonString();
}
