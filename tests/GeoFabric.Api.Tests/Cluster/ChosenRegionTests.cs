namespace GeoFabric.Api.Tests.Cluster;

/// <summary>A client names the region that answers, whichever it asks.</summary>
public sealed class ChosenRegionTests(ServerFixture server)
{
    private const string Prefix = "/_fabric/_system/_api";
    private const string Header = "X-GF-Region";

    [Fact]
    public async Task The_region_that_is_named_answers_and_keeps_the_cursor()
    {
        await using var servers = await TestServers.StartAsync("oslo", "rome");
        var oslo = servers.Roots[0].In(Prefix);

        var first = (await oslo.PostAsync("/cursor", """{"query":"FOR i IN 1..3 RETURN i","batchSize":2}""", (Header, "rome"))).AssertStatus(201);
        var cursor = (string)first["id"]!;
        (await oslo.PutAsync($"/cursor/{cursor}")).AssertError(404, 1600);
        var second = (await oslo.PutAsync($"/cursor/{cursor}", null, (Header, "rome"))).AssertStatus(200);

        Assert.Equal(("rome", "rome"), (first.Headers["x-gdn-region"], second.Headers["x-gdn-region"]));
        Assert.Equal("[3]", second["result"]!.ToJsonString());
        Assert.Equal("oslo", (await oslo.PostAsync("/cursor", """{"query":"RETURN 1"}""", (Header, "oslo"))).AssertStatus(201).Headers["x-gdn-region"]);
    }

    /// <summary>The named one sends on what only its home may do, which is the region that was asked.</summary>
    [Fact]
    public async Task A_write_that_belongs_to_the_home_gets_there_over_the_region_that_is_named()
    {
        await using var servers = await TestServers.StartAsync("oslo", "rome");
        await servers.CreateAsync(Prefix, """{"name":"orders","isSpot":true}""");

        var answer = await servers.Roots[0].In(Prefix).PostAsync("/cursor", """{"query":"INSERT {_key:'1'} INTO orders RETURN NEW._key"}""", (Header, "rome"));

        Assert.Equal("""["1"]""", answer.AssertStatus(201)["result"]!.ToJsonString());
        Assert.Equal("oslo", answer.Headers["x-gdn-region"]);
    }

    [Fact]
    public async Task A_region_that_there_is_not_is_refused_with_those_that_there_are()
    {
        var answer = await server.Root.In(Prefix).PostAsync("/cursor", """{"query":"RETURN 1"}""", (Header, "mars"));

        Assert.Contains("test-region", answer.AssertError(400, 10).Text, StringComparison.Ordinal);
    }
}
