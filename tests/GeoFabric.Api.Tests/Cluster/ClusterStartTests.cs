using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Server.Hosting;
using GeoFabric.Server.Options;

namespace GeoFabric.Api.Tests.Cluster;

public sealed class ClusterStartTests
{
    [Fact]
    public async Task The_first_region_with_a_peer_port_founds_a_cluster_and_keeps_to_it()
    {
        var directory = Directory.CreateTempSubdirectory("geofabric-test-");
        try
        {
            var options = ServerFixture.Options with { DataDirectory = directory.FullName, Region = "us-east", Peers = new PeerOptions { Port = 0 } };
            await using (var server = await ServerHost.StartAsync(options, TimeProvider.System))
                Assert.StartsWith("https://127.0.0.1:", server.PeerUrl, StringComparison.Ordinal);
            Assert.True(File.Exists(Path.Combine(directory.FullName, "cluster", "authority.key")));

            await using (var again = await ServerHost.StartAsync(options, TimeProvider.System))
                Assert.NotNull(again.PeerUrl);
            Assert.Contains("--peer-port", (await RefusalAsync(options with { Peers = null })).Message, StringComparison.Ordinal);
            Assert.Equal(ErrorCodes.DataDirectoryUnusable, (await RefusalAsync(options with { Region = "eu-west" })).Code);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task A_region_that_joined_starts_again_without_its_file()
    {
        await using var servers = await TestServers.StartAsync("us-east");
        var directory = Directory.CreateTempSubdirectory("geofabric-test-");
        try
        {
            var admission = await servers.All[0].Services.Membership.AdmitAsync(RegionName.Parse("eu-west"), region => region);
            var file = Path.Combine(directory.FullName, "eu.join");
            GeoFabric.Server.Cluster.ClusterFiles.WriteOwnerOnly(file, admission.Write());
            var options = ServerFixture.Options with { Region = null, DataDirectory = Path.Combine(directory.FullName, "data"), Peers = new PeerOptions { Port = 0, IsPlain = true } };
            await (await ServerHost.StartAsync(options with { JoinFile = file }, TimeProvider.System)).DisposeAsync();

            await using var again = await ServerHost.StartAsync(options, TimeProvider.System);

            Assert.Equal(("eu-west", 2), (again.Services.Region, again.Services.Databases.Region.Id));
            await TestRegions.EventuallyAsync(() => again.Services.Network!.Links.Any(link => link.IsConnected));
        }
        finally
        {
            directory.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task What_cannot_work_is_said_before_anything_starts()
    {
        Assert.Contains("--region", (await RefusalAsync(new ServerOptions { Port = 0, Peers = new PeerOptions { Port = 0 } })).Message, StringComparison.Ordinal);
        Assert.Contains("--peer-port", string.Join('\n', new ServerOptions { JoinFile = "x" }.Problems()), StringComparison.Ordinal);
        Assert.Contains("loopback", string.Join('\n', new PeerOptions { Host = "0.0.0.0", IsPlain = true }.Problems()), StringComparison.Ordinal);
        Assert.Contains("--peer-url", string.Join('\n', new PeerOptions { Host = "0.0.0.0" }.Problems()), StringComparison.Ordinal);
        Assert.Contains("--public-url", string.Join('\n', new ServerOptions { Host = "0.0.0.0", Peers = new PeerOptions() }.Problems()), StringComparison.Ordinal);
        Assert.Contains("https://host:port", string.Join('\n', new PeerOptions { Url = "http://x:1" }.Problems()), StringComparison.Ordinal);
        Assert.Empty(new PeerOptions { Host = "0.0.0.0", Url = "https://eu.example:8530" }.Problems());
        Assert.Contains("http://host:port", string.Join('\n', new ServerOptions { PublicUrl = "eu.example" }.Problems()), StringComparison.Ordinal);
    }

    private static Task<GeoFabricException> RefusalAsync(ServerOptions options) =>
        Assert.ThrowsAsync<GeoFabricException>(() => ServerHost.StartAsync(options, TimeProvider.System));
}
