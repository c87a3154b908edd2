using GeoFabric.Primitives.Names;
using GeoFabric.Server.Cluster;
using GeoFabric.Server.Hosting;
using GeoFabric.Server.Options;
using GeoFabric.Server.Transport;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>Whole servers that are regions of one cluster, in one process and in memory.</summary>
internal sealed class ServerRegions : IAsyncDisposable
{
    private readonly PeerOptions _peers;

    private ServerRegions(PeerOptions peers) => _peers = peers with { Port = 0 };

    public List<ServerHost> Servers { get; } = [];

    /// <summary>Root, in each region.</summary>
    public List<ApiClient> Clients { get; } = [];

    public static async Task<ServerRegions> StartAsync(int count, PeerOptions? peers = null)
    {
        var regions = new ServerRegions(peers ?? new PeerOptions());
        await regions.StartAsync(ServerFixture.Options with { Region = "region1" });
        while (regions.Servers.Count < count)
            await regions.AddAsync();
        return regions;
    }

    /// <summary>Starts one more region.</summary>
    public async Task AddAsync()
    {
        var file = Path.GetTempFileName();
        var admission = await Servers[0].Services.Membership.AdmitAsync(RegionName.Parse($"region{Servers.Count + 1}"), region => region);
        ClusterFiles.WriteOwnerOnly(file, admission.Write());
        await StartAsync(ServerFixture.Options with { Region = null, JoinFile = file });
        File.Delete(file);
    }

    /// <summary>Cuts or mends the ways between a region and all others.</summary>
    public void Cut(int region, bool isCut)
    {
        for (var other = 0; other < Servers.Count; other++)
        {
            if (other == region)
                continue;
            Find(region, other).Fault = PeerLinkFault.None with { IsCut = isCut };
            Find(other, region).Fault = PeerLinkFault.None with { IsCut = isCut };
        }
    }

    /// <summary>Stops the region that was added last.</summary>
    public async Task StopLastAsync()
    {
        Clients[^1].Dispose();
        await Servers[^1].DisposeAsync();
        Clients.RemoveAt(Clients.Count - 1);
        Servers.RemoveAt(Servers.Count - 1);
    }

    /// <summary>Asks every region until all give the answer.</summary>
    public async Task EventuallyAsync(string prefix, string query, string expected)
    {
        var started = TimeProvider.System.GetTimestamp();
        foreach (var client in Clients)
        {
            var last = "";
            while (last != expected)
            {
                var answer = await client.In(prefix).PostAsync("/cursor", $$"""{"query":"{{query}}"}""");
                last = answer.Status == 201 ? answer["result"]!.ToJsonString() : answer.Text;
                Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20), $"region {Clients.IndexOf(client) + 1} says {last}, not {expected}; {Describe()}");
                if (last != expected)
                    await Task.Delay(20);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in Clients)
            client.Dispose();
        foreach (var server in Servers)
            await server.DisposeAsync();
    }

    private PeerLink Find(int from, int to) => Servers[from].Services.Network!.Find((ushort)(to + 1))!;

    private string Describe() => string.Join(
        "; ", Servers.Select(server => $"{server.Services.Replication.Readiness} {string.Join(',', server.Services.Network!.Links.Select(link => $"{link.Region}:{link.IsConnected}"))}"));

    private async Task StartAsync(ServerOptions options)
    {
        Servers.Add(await ServerHost.StartAsync(options with { Peers = _peers }, TimeProvider.System));
        Clients.Add(await ApiClient.LogInAsync(Servers[^1].Url, "_mm", "root", ServerFixture.Password));
    }
}
