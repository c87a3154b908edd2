using System.Text.Json.Nodes;
using GeoFabric.Primitives.Names;
using GeoFabric.Server.Cluster;
using GeoFabric.Server.Commands;
using GeoFabric.Server.Hosting;
using GeoFabric.Server.Options;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>A region is cut off, written to, removed by force and salvaged.</summary>
[Collection(nameof(RegionCommandTests))]
public sealed class RegionSalvageTests : IAsyncLifetime
{
    private const string Fabric = "/_fabric/_system/_api";
    private static readonly string[] s_names = ["first", "second", "third"];

    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("geofabric-test-");
    private readonly List<ServerHost> _servers = [];
    private readonly List<ApiClient> _clients = [];

    private string Data => Path.Combine(_files.FullName, "third");

    public async ValueTask InitializeAsync()
    {
        Environment.SetEnvironmentVariable("GEOFABRIC_ROOT_PASSWORD", ServerFixture.Password);
        foreach (var name in s_names)
            await StartAsync(name, join: _servers.Count > 0);
        await TestRegions.EventuallyAsync(
            () => _servers.All(server => server.Services.Replication.Readiness == GeoFabric.Server.Consistency.RegionReadiness.Ready), "that all regions are ready");
    }

    [Fact]
    public async Task What_it_had_written_is_in_the_others_exactly_once()
    {
        await WriteAsync(0, "/collection", """{"name":"c"}""");
        await WriteAsync(0, "/document/c", """[{"_key":"counter","n":0},{"_key":"older","a":0},{"_key":"newer","a":0},{"_key":"deleted"},{"_key":"later"}]""");
        await EventuallyAsync("RETURN LENGTH(c)", "[5]", 0, 1, 2);
        (await _clients[2].In(Fabric).GetAsync("/_replication/verify")).AssertStatus(200);

        Cut();
        await QueryAsync(2, """FOR d IN c FILTER d._key == \"counter\" UPDATE d WITH {n: d.n + 1} IN c""");
        await QueryAsync(2, """FOR d IN c FILTER d._key == \"counter\" UPDATE d WITH {n: d.n + 10} IN c""", "11111111-0000-4000-8000-000000000001");
        await QueryAsync(2, """FOR d IN c FILTER d._key == \"counter\" UPDATE d WITH {n: d.n + 100} IN c""", "11111111-0000-4000-8000-000000000002");
        await QueryAsync(2, """UPDATE \"older\" WITH {a: \"third\"} IN c""");
        await QueryAsync(2, """UPDATE \"newer\" WITH {a: \"third\"} IN c""");
        await QueryAsync(2, """FOR i IN 1..200 INSERT {_key: CONCAT(\"made\", i), i} INTO c""");
        await QueryAsync(2, """REMOVE \"deleted\" IN c""");
        await QueryAsync(2, """REMOVE \"later\" IN c""");
        await QueryAsync(1, """FOR d IN c FILTER d._key == \"counter\" UPDATE d WITH {n: d.n + 100} IN c""", "11111111-0000-4000-8000-000000000002");
        await QueryAsync(1, """UPDATE \"older\" WITH {a: \"second\"} IN c""");
        await QueryAsync(0, """UPDATE \"later\" WITH {a: \"kept\"} IN c""");
        await EventuallyAsync("""RETURN [DOCUMENT(\"c/counter\").n, DOCUMENT(\"c/older\").a, DOCUMENT(\"c/later\").a]""", """[[100,"second","kept"]]""", 0, 1);

        Assert.Equal(3, await SalvageAsync(0, "a running server's directory"));
        await StopThirdAsync();
        Assert.Equal(1, await SalvageAsync(0, "a member's directory"));
        Assert.Equal(0, await RunAsync(0, "remove", "third", "--gone"));
        Assert.Equal(0, await SalvageAsync(0, "only a look", "--look"));
        await EventuallyAsync("""RETURN DOCUMENT(\"c/counter\").n""", "[100]", 0, 1);
        Assert.Equal(0, await SalvageAsync(0, "salvage"));

        for (var turn = 0; turn < 3; turn++)
        {
            await EventuallyAsync("""RETURN [LENGTH(c), DOCUMENT(\"c/counter\").n, LENGTH(FOR d IN c FILTER d.i > 0 RETURN 1)]""", "[[204,111,200]]", 0, 1);
            await EventuallyAsync("""RETURN [DOCUMENT(\"c/older\").a, DOCUMENT(\"c/newer\").a, DOCUMENT(\"c/later\").a, DOCUMENT(\"c/deleted\")]""", """[["second","third","kept",null]]""", 0, 1);
            await EventuallyAsync("""FOR e IN _conflicts FILTER e.rule == \"salvage\" SORT e.key RETURN [e.key, e.path, e.lost, e.lostRegion]""",
                """[["later","",null,"third"],["older","a","third","third"]]""", 0);
            await EventuallyAsync("""FOR s IN _salvages RETURN [s._key, s.taken, s.known, s.journalled]""", """[["third.0",204,1,2]]""", 0, 1);
            Assert.Equal(0, await SalvageAsync(turn == 0 ? 0 : 1, "salvage again", "--json"));
        }
        Assert.Equal(0, await RunAsync(0, "verify"));
    }

    [Fact]
    public async Task Started_again_it_says_that_it_has_been_removed_and_writes_nothing()
    {
        await WriteAsync(0, "/collection", """{"name":"c"}""");
        await EventuallyAsync("RETURN LENGTH(c)", "[0]", 2);
        await StopThirdAsync();
        Assert.Equal(0, await RunAsync(0, "remove", "third", "--gone"));

        await StartAsync("third", join: false);

        await TestRegions.EventuallyAsync(() => _servers[2].Services.Replication.Readiness == GeoFabric.Server.Consistency.RegionReadiness.Removed);
        var health = await _clients[2].GetAsync("/health");
        health.AssertStatus(503);
        Assert.Equal("removed", (string)health["state"]!);
        Assert.Contains("geofabric region salvage", (string)health["reason"]!, StringComparison.Ordinal);
        (await _clients[2].In(Fabric).PostAsync("/document/c", "{}")).AssertError(503, 1477);
        (await _clients[2].In(Fabric).GetAsync("/document/c/none")).AssertError(404, 1202);
    }

    [Fact]
    public async Task What_makes_no_sense_is_refused()
    {
        var root = _clients[0];
        (await root.GetAsync("/_api/region/third/salvage")).AssertError(409, 1454);
        (await root.GetAsync("/_api/region/none/salvage")).AssertError(404, 102024);
        await StopThirdAsync();
        Assert.Equal(0, await RunAsync(0, "remove", "third", "--gone"));
        var id = (int)(await root.GetAsync("/_api/region/third/salvage")).AssertStatus(200)["result"]!["fabrics"]![0]!["id"]!;

        (await root.GetAsync("/_api/region/third/salvage?incarnation=3")).AssertError(409, 1454);
        (await root.PostAsync("/_api/region/third/salvage", """{"records":[]}""")).AssertError(400, 10);
        (await root.PostAsync("/_api/region/third/salvage", """{"fabric":999,"records":[]}""")).AssertError(404, 1228);
        (await root.PostAsync("/_api/region/third/salvage", $$"""{"fabric":{{id}},"records":["***"]}""")).AssertError(400, 10);
        (await root.PostAsync("/_api/region/third/salvage", $$"""{"fabric":{{id}},"records":["AAAA"]}""")).AssertError(400, 10);
        (await ApiClient.Anonymous(_servers[0].Url).GetAsync("/_api/region/third/salvage")).AssertError(401, 11);
        Assert.Equal(1, await RunAsync(0, "salvage", "--data", Path.Combine(_files.FullName, "none")));
    }

    public async ValueTask DisposeAsync()
    {
        Environment.SetEnvironmentVariable("GEOFABRIC_ROOT_PASSWORD", null);
        foreach (var client in _clients)
            client.Dispose();
        foreach (var server in _servers)
            await server.DisposeAsync();
        _files.Delete(recursive: true);
    }

    private async Task StartAsync(string name, bool join)
    {
        var options = ServerFixture.Options with { Region = name, Peers = new PeerOptions { Port = 0 }, DataDirectory = name == "third" ? Data : null };
        if (join)
        {
            var admission = await _servers[0].Services.Membership.AdmitAsync(RegionName.Parse(name), region => region);
            options = options with { Region = null, JoinFile = Path.Combine(_files.FullName, name + ".join") };
            ClusterFiles.WriteOwnerOnly(options.JoinFile, admission.Write());
        }
        _servers.Add(await ServerHost.StartAsync(options, TimeProvider.System));
        _clients.Add(await ApiClient.LogInAsync(_servers[^1].Url, "_mm", "root", ServerFixture.Password));
    }

    private async Task StopThirdAsync()
    {
        _clients[2].Dispose();
        await _servers[2].DisposeAsync();
        _clients.RemoveAt(2);
        _servers.RemoveAt(2);
    }

    private void Cut()
    {
        foreach (var link in _servers.SelectMany(server => server.Services.Network!.Links.Where(link => link.Name == "third" || server == _servers[2])))
            link.Fault = GeoFabric.Server.Transport.PeerLinkFault.None with { IsCut = true };
    }

    private Task<int> SalvageAsync(int into, string what, params string[] more)
    {
        TestContext.Current.SendDiagnosticMessage(what);
        return RunAsync(into, "salvage", ["--data", Data, .. more]);
    }

    private Task<int> RunAsync(int server, string verb, params string[] more) => CommandLine.RunAsync(["region", verb, .. more, "--server", _servers[server].Url]);

    private async Task WriteAsync(int region, string path, string body) => Assert.InRange((await _clients[region].In(Fabric).PostAsync(path, body)).Status, 200, 202);

    private async Task QueryAsync(int region, string query, string? request = null) =>
        (await _clients[region].In(Fabric).PostAsync("/cursor", $$"""{"query":"{{query}}"}""", request is null ? [] : [("X-Request-Id", request)])).AssertStatus(201);

    private async Task EventuallyAsync(string query, string expected, params int[] regions)
    {
        foreach (var region in regions)
        {
            var last = "";
            await TestRegions.EventuallyAsync(
                async () =>
                {
                    var answer = await _clients[region].In(Fabric).PostAsync("/cursor", $$"""{"query":"{{query}}"}""");
                    last = answer.Status == 201 ? answer["result"]!.ToJsonString() : answer.Text;
                    return JsonNode.DeepEquals(answer["result"], JsonNode.Parse(expected));
                },
                $"that {s_names[region]} answers {query} with {expected}");
        }
    }
}
