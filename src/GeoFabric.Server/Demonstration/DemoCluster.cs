using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;

namespace GeoFabric.Server.Demonstration;

/// <summary>Three regions on this machine, each in a process of its own, with the delays of a wide area network between them.</summary>
internal sealed class DemoCluster : IAsyncDisposable
{
    /// <summary>From the ports of one region to those of the next.</summary>
    private const int PortStride = 10;

    private static readonly TimeSpan s_readyMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);

    private readonly TimeProvider _clock;
    private readonly Dictionary<string, DemoClient> _clients = [];

    private DemoCluster(IReadOnlyList<DemoRegion> regions, TimeProvider clock)
    {
        Regions = regions;
        _clock = clock;
    }

    /// <summary>In the order of <see cref="DemoPlace.All"/>; the first one founded the cluster.</summary>
    public IReadOnlyList<DemoRegion> Regions { get; }

    public DemoRegion this[string name] => Regions.Single(region => region.Name == name);

    /// <summary>Starts what is in a directory, or founds a cluster in it.</summary>
    /// <param name="port">Of the first region; each next one listens ten further on, and one above each is for the other regions. 0 takes any that are free.</param>
    public static async Task<DemoCluster> StartAsync(string directory, int port, TimeProvider clock, CancellationToken cancellationToken)
    {
        var cluster = new DemoCluster(
            [.. DemoPlace.All.Select((place, index) => new DemoRegion(
                place,
                port == 0 ? FindFreePort() : port + (index * PortStride),
                port == 0 ? FindFreePort() : port + (index * PortStride) + 1,
                Path.Combine(directory, place.Region)))],
            clock);
        try
        {
            await cluster.StartAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Calls to a region as root.</summary>
    public DemoClient ClientOf(DemoRegion region) => _clients[region.Name];

    /// <summary>Starts a region that has ended, and waits until it serves clients.</summary>
    public async Task RestartAsync(DemoRegion region, CancellationToken cancellationToken)
    {
        await region.StartAsync(null, cancellationToken);
        await ReadyAsync(region, cancellationToken);
    }

    /// <summary>Cuts or mends all ways between a region and the others, on both sides of each.</summary>
    public async Task CutAsync(DemoRegion region, bool isCut, CancellationToken cancellationToken)
    {
        foreach (var other in Regions.Where(other => other != region && other.IsRunning))
        {
            var body = new JsonObject { ["isCut"] = isCut };
            await ClientOf(region).RequireAsync(HttpMethod.Put, $"/_api/region/{other.Name}/link", body, cancellationToken);
            await ClientOf(other).RequireAsync(HttpMethod.Put, $"/_api/region/{region.Name}/link", body, cancellationToken);
        }
    }

    /// <summary>Waits until all regions have what was loaded into the first one.</summary>
    public async Task WaitForDataAsync(CancellationToken cancellationToken)
    {
        const string Count = "RETURN [LENGTH(addresses), LENGTH(hits)]";
        var started = _clock.GetTimestamp();
        var loaded = (await ClientOf(Regions[0]).QueryAsync(Count, cancellationToken)).ToJsonString();
        foreach (var region in Regions.Skip(1))
        {
            var query = new JsonObject { ["query"] = Count };
            while ((await ClientOf(region).SendAsync(HttpMethod.Post, DemoData.Fabric + "/cursor", query, cancellationToken)).Body["result"]?.ToJsonString() != loaded)
            {
                if (_clock.GetElapsedTime(started) > s_readyMax)
                    throw new IOException($"region '{region.Name}' does not get what was loaded; see {region.LogFile}");
                await Task.Delay(s_poll, _clock, cancellationToken);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients.Values)
            client.Dispose();
        await Task.WhenAll(Regions.Select(region => region.DisposeAsync().AsTask()));
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        var home = Regions[0];
        var present = Regions.Where(region => Directory.Exists(region.Directory)).ToList();
        if (present.Count == Regions.Count)
        {
            await Task.WhenAll(Regions.Select(region => region.StartAsync(null, cancellationToken)));
        }
        else if (present.Count > 0)
        {
            throw new IOException($"there is data of {string.Join(" and ", present.Select(region => region.Name))} alone in {Path.GetDirectoryName(home.Directory)}, left by a start that did not get far; delete it");
        }
        else
        {
            await home.StartAsync(null, cancellationToken);
            var client = await ConnectAsync(home, cancellationToken);
            await client.RequireAsync(HttpMethod.Patch, $"/_api/region/{home.Name}", Describe(home.Place), cancellationToken);
            var admissions = new List<string>();
            foreach (var region in Regions.Skip(1))
            {
                var body = Describe(region.Place);
                body["name"] = region.Name;
                admissions.Add((string)(await client.RequireAsync(HttpMethod.Post, "/_api/region", body, cancellationToken))["joinFile"]!);
            }
            await Task.WhenAll(Regions.Skip(1).Zip(admissions, (region, admission) => region.StartAsync(admission, cancellationToken)));
        }
        foreach (var region in Regions.Where(region => !_clients.ContainsKey(region.Name)))
            await ConnectAsync(region, cancellationToken);
        foreach (var region in Regions)
            await ReadyAsync(region, cancellationToken);
    }

    private async Task<DemoClient> ConnectAsync(DemoRegion region, CancellationToken cancellationToken)
    {
        var client = new DemoClient(region);
        _clients[region.Name] = client;
        // A region that has just joined knows root as soon as it has the home's catalog.
        var started = _clock.GetTimestamp();
        while (!await client.TryLogInAsync(cancellationToken))
        {
            if (_clock.GetElapsedTime(started) > s_readyMax)
                throw new IOException($"root cannot log in at region '{region.Name}' with the password '{DemoData.Password}': a demo did not make this data; see {region.LogFile}");
            await Task.Delay(s_poll, _clock, cancellationToken);
        }
        return client;
    }

    /// <summary>Waits until a region has caught up and is linked to all others that run.</summary>
    private async Task ReadyAsync(DemoRegion region, CancellationToken cancellationToken)
    {
        var started = _clock.GetTimestamp();
        while (true)
        {
            var (status, body) = await ClientOf(region).SendAsync(HttpMethod.Get, "/health", null, cancellationToken);
            var running = Regions.Where(other => other != region && other.IsRunning).Select(other => other.Name);
            var linked = (body["peers"] as JsonArray ?? []).Where(peer => (bool)peer!["isConnected"]!).Select(peer => (string)peer!["region"]!);
            if (status == 200 && !running.Except(linked, StringComparer.Ordinal).Any())
                return;
            if (_clock.GetElapsedTime(started) > s_readyMax)
                throw new IOException($"region '{region.Name}' does not get ready: {body.ToJsonString()}; see {region.LogFile}");
            await Task.Delay(s_poll, _clock, cancellationToken);
        }
    }

    private static JsonObject Describe(DemoPlace place) => new()
    {
        ["city"] = place.City,
        ["countryCode"] = place.CountryCode,
        ["country"] = place.Country,
        ["latitude"] = place.Latitude,
        ["longitude"] = place.Longitude,
        ["isSpot"] = true,
    };

    private static int FindFreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
