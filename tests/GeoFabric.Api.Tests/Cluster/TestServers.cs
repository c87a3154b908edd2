using GeoFabric.Primitives.Names;
using GeoFabric.Server.Hosting;
using GeoFabric.Server.Options;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>Whole servers of one cluster in one process; the first one is home.</summary>
internal sealed class TestServers : IAsyncDisposable
{
    private readonly DirectoryInfo _files = Directory.CreateTempSubdirectory("geofabric-test-");
    private readonly HashSet<ServerHost> _stopped = [];

    public List<ServerHost> All { get; } = [];

    public List<ApiClient> Roots { get; } = [];

    public static async Task<TestServers> StartAsync(params string[] names)
    {
        var servers = new TestServers();
        foreach (var name in names)
            await servers.AddAsync(name);
        await TestRegions.EventuallyAsync(() => servers.All.All(server => server.Services.Membership.Cluster.Members.All(member => member.PublicUrl.Length > 0)));
        await servers.ReadyAsync();
        return servers;
    }

    /// <summary>Waits until every region has caught up with the others in all fabrics.</summary>
    public Task ReadyAsync() => TestRegions.EventuallyAsync(
        () => All.All(server => server.Services.Replication.Readiness == GeoFabric.Server.Consistency.RegionReadiness.Ready), "that all regions are ready");

    /// <summary>Creates a collection in the first region and waits until the others have it.</summary>
    public async Task CreateAsync(string prefix, string collection)
    {
        (await Roots[0].In(prefix).PostAsync("/collection", collection)).AssertStatus(200);
        var name = (string)System.Text.Json.Nodes.JsonNode.Parse(collection)!["name"]!;
        foreach (var root in Roots)
        {
            while ((await root.In(prefix).GetAsync($"/collection/{name}")).Status != 200)
                await Task.Delay(10);
        }
    }

    /// <summary>Nothing more is exchanged between regions; requests still are sent on.</summary>
    public void Cut()
    {
        foreach (var link in All.SelectMany(server => server.Services.Network!.Links))
            link.Fault = GeoFabric.Server.Transport.PeerLinkFault.None with { IsLinkDown = true };
    }

    public async Task<ServerHost> AddAsync(string name)
    {
        var options = ServerFixture.Options with { Region = name, Peers = new PeerOptions { Port = 0, IsPlain = true, AllowsFaults = true } };
        if (All.Count > 0)
        {
            var admission = await All[0].Services.Membership.AdmitAsync(RegionName.Parse(name), region => region);
            var path = Path.Combine(_files.FullName, name + ".join");
            GeoFabric.Server.Cluster.ClusterFiles.WriteOwnerOnly(path, admission.Write());
            options = options with { JoinFile = path };
        }
        var server = await ServerHost.StartAsync(options, TimeProvider.System);
        All.Add(server);
        Roots.Add(await ApiClient.LogInAsync(server.Url, "_mm", "root", ServerFixture.Password));
        return server;
    }

    /// <summary>Stops a server; its place in the lists stays.</summary>
    public async Task StopAsync(int index)
    {
        _stopped.Add(All[index]);
        await All[index].DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var root in Roots)
            root.Dispose();
        foreach (var server in All.Except(_stopped))
            await server.DisposeAsync();
        _files.Delete(recursive: true);
    }
}
