using System.Collections.Concurrent;
using GeoFabric.Database;
using GeoFabric.Primitives.Names;
using GeoFabric.Server.Cluster;
using GeoFabric.Server.Options;
using GeoFabric.Server.Transport;

namespace GeoFabric.Api.Tests.Cluster;

/// <summary>A cluster of regions in one process, each with its own port for the others; without the public API.</summary>
internal sealed class TestRegions : IAsyncDisposable
{
    private readonly bool _isPlain;
    private readonly PeerLinkOptions _links;

    private TestRegions(bool isPlain, PeerLinkOptions links)
    {
        _isPlain = isPlain;
        _links = links;
    }

    public List<TestRegion> All { get; } = [];

    public TestRegion this[int index] => All[index];

    public static async Task<TestRegions> StartAsync(int count, bool isPlain = false, PeerLinkOptions? links = null)
    {
        var regions = new TestRegions(isPlain, links ?? new PeerLinkOptions());
        await regions.AddAsync(null, "region1");
        for (var number = 2; number <= count; number++)
            await regions.AddAsync(regions[0], $"region{number}");
        return regions;
    }

    /// <summary>Admits and starts a region; the first one founds the cluster.</summary>
    public async Task<TestRegion> AddAsync(TestRegion? home, string name)
    {
        var files = new ClusterFiles(null);
        AdmissionFile? admission = null;
        if (home is not null)
        {
            admission = await home.Membership.AdmitAsync(RegionName.Parse(name), region => region);
            admission.SaveCredentials(files);
        }
        var databases = await DatabaseHost.OpenAsync(
            home is null ? new DatabaseOptions { Region = 1, RegionName = RegionName.Parse(name) } : new DatabaseOptions { Admission = admission!.Admission }, TimeProvider.System);
        var membership = new ClusterMembership(databases, files, TimeProvider.System);
        if (home is null)
            await membership.FoundAsync();
        var region = new TestRegion(databases, membership);
        All.Add(region);
        await region.StartAsync(new PeerOptions { Port = 0, IsPlain = _isPlain }, _links);
        return region;
    }

    /// <summary>Waits until every link is up.</summary>
    public Task ConnectedAsync() => EventuallyAsync(() => All.All(region => region.Network.Links.Count == All.Count - 1 && region.Network.Links.All(link => link.IsConnected)));

    public static Task EventuallyAsync(Func<bool> condition, string because = "") => EventuallyAsync(() => Task.FromResult(condition()), because);

    public static async Task EventuallyAsync(Func<Task<bool>> condition, string because = "")
    {
        var started = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            Assert.True(TimeProvider.System.GetElapsedTime(started) < TimeSpan.FromSeconds(20), $"it did not come true within 20 s {because}");
            await Task.Delay(10);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var region in All)
            await region.DisposeAsync();
    }
}

/// <summary>One region, and what its links brought.</summary>
internal sealed class TestRegion(DatabaseHost databases, ClusterMembership membership) : IPeerLinkReceiver, IAsyncDisposable
{
    private PeerNetwork? _network;

    public DatabaseHost Databases => databases;

    public ClusterMembership Membership => membership;

    public PeerNetwork Network => _network!;

    public ConcurrentQueue<(ushort From, PeerLane Lane, uint Fabric, byte[] Message)> Received { get; } = [];

    public ConcurrentQueue<string> Events { get; } = [];

    /// <summary>What taking a message waits for.</summary>
    public Func<Task> Taking { get; set; } = () => Task.CompletedTask;

    public PeerLink LinkTo(TestRegion other) => Network.Find(other.Databases.Region.Id)!;

    public async Task StartAsync(PeerOptions options, PeerLinkOptions links)
    {
        _network = new PeerNetwork(databases, membership, options, links, this, TimeProvider.System, new Random(databases.Region.Id));
        await _network.StartAsync($"http://{databases.Region.Name}.example", CancellationToken.None);
    }

    public void OnConnected(IPeerLink link) => Events.Enqueue($"connected {link.Region}");

    public async ValueTask OnMessageAsync(IPeerLink link, PeerLane lane, uint fabric, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        await Taking().WaitAsync(cancellationToken);
        Received.Enqueue((link.Region, lane, fabric, message.ToArray()));
    }

    public void OnClosed(IPeerLink link, PeerCloseReason reason, string detail) => Events.Enqueue($"closed {link.Region} {reason}");

    public void OnRemoved(string toldBy) => Events.Enqueue($"removed {toldBy}");

    public async ValueTask DisposeAsync()
    {
        await Network.DisposeAsync();
        await databases.DisposeAsync();
    }
}
