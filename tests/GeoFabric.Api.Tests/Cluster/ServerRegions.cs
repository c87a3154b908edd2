using GeoFabric.Primitives.Names;
using GeoFabric.Server.Cluster;
using GeoFabric.Server.Hosting;
using GeoFabric.Server.Options;
using GeoFabric.Server.Transport;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>Whole servers that are regions of one cluster, in one process and in memory.</summary>
internal sealed class ServerRegions : IAsyncDisposable
{
    private ServerRegions()
    {
    }

    public List<ServerHost> Servers { get; } = [];

    /// <summary>Root, in each region.</summary>
    public List<ApiClient> Clients { get; } = [];

    public static async Task<ServerRegions> StartAsync(int count)
    {
        var regions = new ServerRegions();
        await regions.AddAsync(ServerFixture.Options with { Region = "region1", Peers = new PeerOptions { Port = 0 } });
        for (var number = 2; number <= count; number++)
        {
            var file = Path.GetTempFileName();
            var admission = await regions.Servers[0].Services.Membership.AdmitAsync(RegionName.Parse($"region{number}"), region => region);
            ClusterFiles.WriteOwnerOnly(file, admission.Write());
            await regions.AddAsync(ServerFixture.Options with { Region = null, JoinFile = file, Peers = new PeerOptions { Port = 0 } });
            File.Delete(file);
        }
        return regions;
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

    private async Task AddAsync(ServerOptions options)
    {
        Servers.Add(await ServerHost.StartAsync(options, TimeProvider.System));
        Clients.Add(await ApiClient.LogInAsync(Servers[^1].Url, "_mm", "root", ServerFixture.Password));
    }
}
