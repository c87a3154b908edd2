using System.Collections.Concurrent;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Names;
using GeoFabric.Server.Cluster;
using GeoFabric.Server.Consistency;
using GeoFabric.Server.Hosting;
using GeoFabric.Server.Options;
using GeoFabric.Server.Transport;

namespace GeoFabric.Benchmarks.Regions;

/// <summary>
/// How long after a write was acknowledged in one region the others show it: three whole servers on LMDB in one process, exchanging changes over mutual TLS,
/// with a delay on the way between them that is taken off again.
/// </summary>
internal static class VisibilityFigure
{
    private const int Documents = 2_000;
    private const int UnacknowledgedMax = 500;
    private static readonly int[] s_writesPerSecond = [200, 2_000, 2_000];
    private static readonly TimeSpan s_duration = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan s_delay = TimeSpan.FromMilliseconds(20);

    public static async Task PrintAsync(TextWriter output)
    {
        var directory = Directory.CreateTempSubdirectory("geofabric-figures-").FullName;
        var servers = new List<ServerHost>();
        try
        {
            await StartAsync(servers, directory);
            await FillAsync(servers[0]);
            foreach (var writesPerSecond in s_writesPerSecond)
                await MeasureAsync(output, servers, writesPerSecond);
        }
        finally
        {
            foreach (var server in servers)
                await server.DisposeAsync();
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task StartAsync(List<ServerHost> servers, string directory)
    {
        var options = new ServerOptions { Port = 0, Login = new LoginOptions { RootPassword = "figures" } };
        for (var number = 1; number <= 3; number++)
        {
            var own = options with { DataDirectory = Path.Combine(directory, $"region{number}"), Peers = new PeerOptions { Port = 0 } };
            if (number == 1)
            {
                servers.Add(await ServerHost.StartAsync(own with { Region = "region1" }, TimeProvider.System));
                continue;
            }
            var file = Path.Combine(directory, $"region{number}.join");
            var admission = await servers[0].Services.Membership.AdmitAsync(RegionName.Parse($"region{number}"), region => region);
            ClusterFiles.WriteOwnerOnly(file, admission.Write());
            servers.Add(await ServerHost.StartAsync(own with { JoinFile = file }, TimeProvider.System));
        }
        while (!servers.TrueForAll(server => server.Services.Replication.Readiness == RegionReadiness.Ready && server.Services.Network!.Links.Count(link => link.IsConnected) == 2))
            await Task.Delay(20);
        foreach (var link in servers.SelectMany(server => server.Services.Network!.Links.Select(status => server.Services.Network!.Find(status.Region)!)))
            link.Fault = PeerLinkFault.None with { OneWayDelay = s_delay };
    }

    private static (FabricDatabase Fabric, AccessScope Scope) Open(ServerHost server)
    {
        if (!server.Services.Databases.TryGetFabric(TenantName.Root, FabricName.System, out var fabric))
            throw new InvalidOperationException("The system fabric is missing.");
        return (fabric, new AccessScope(TenantName.Root, fabric.Fabric.Id, "root", AccessLevel.Administrate));
    }

    private static async Task FillAsync(ServerHost server)
    {
        var (fabric, scope) = Open(server);
        await fabric.CreateCollectionAsync(scope, new CollectionSettings("c"));
        await fabric.WriteAsync(scope, transaction =>
        {
            for (var i = 0; i < Documents; i++)
                transaction.Insert(transaction.Catalog.GetCollection("c"), FigureFabric.DocumentOf(i), InsertOptions.Default);
            return 0;
        });
    }

    private static async Task MeasureAsync(TextWriter output, List<ServerHost> servers, int writesPerSecond)
    {
        var (fabric, scope) = Open(servers[0]);
        var written = new ConcurrentQueue<(HybridTimestamp Timestamp, TimeSpan Time)>();
        using var stop = new CancellationTokenSource();
        var clock = new ProcessorTime();
        var watchers = servers.Skip(1).Select(server => Task.Run(() => WatchAsync(server.Services.Replication, fabric.Fabric.Id, clock, stop.Token))).ToList();
        await WriteAsync(fabric, scope, written, clock, writesPerSecond);
        var (used, rate) = (clock.PerOperation(written.Count), written.Count / clock.Elapsed.TotalSeconds);
        await Task.Delay(TimeSpan.FromSeconds(3));
        await stop.CancelAsync();
        var delays = new List<double>();
        foreach (var watcher in watchers)
        {
            var seen = await watcher;
            delays.AddRange(written.Select(write => (FirstAt(seen, write.Timestamp) - write.Time - s_delay).TotalMilliseconds));
        }
        delays.Sort();
        await output.WriteLineAsync(
            $"visibility beyond a one-way delay of {s_delay.TotalMilliseconds} ms at {rate:0} writes a second: p50 {At(0.5):0.0}, p90 {At(0.9):0.0}, p99 {At(0.99):0.0} ms; " +
            $"{used:0} µs of processor time for a write, all three regions and TLS together");

        double At(double part) => delays[(int)(delays.Count * part)];
    }

    /// <summary>Writes at an even pace, whether or not earlier writes have been acknowledged; only when very many have not does it wait.</summary>
    private static async Task WriteAsync(FabricDatabase fabric, AccessScope scope, ConcurrentQueue<(HybridTimestamp, TimeSpan)> written, ProcessorTime clock, int writesPerSecond)
    {
        var collection = fabric.Catalog.GetCollection("c");
        var writes = new List<Task>();
        using var room = new SemaphoreSlim(UnacknowledgedMax);
        for (var i = 0; clock.Elapsed < s_duration;)
        {
            for (; clock.Elapsed < s_duration && i < clock.Elapsed.TotalSeconds * writesPerSecond; i++)
            {
                var turn = i;
                await room.WaitAsync();
                writes.Add(Task.Run(async () =>
                {
                    var timestamp = await FigureFabric.ChangeAsync(fabric, scope, collection, Documents, turn);
                    written.Enqueue((timestamp, clock.Elapsed));
                    room.Release();
                }));
            }
            await Task.Delay(1);
        }
        await Task.WhenAll(writes);
    }

    /// <returns>When what region 1 had written up to a timestamp was there.</returns>
    private static async Task<List<(HybridTimestamp Timestamp, TimeSpan Time)>> WatchAsync(IReplicationView view, uint fabric, ProcessorTime clock, CancellationToken stop)
    {
        var seen = new List<(HybridTimestamp, TimeSpan)>();
        var positions = view.ReadPositions(fabric);
        try
        {
            while (true)
            {
                await view.WaitForChangeAsync(fabric, positions, stop);
                positions = view.ReadPositions(fabric);
                seen.Add((positions.Regions.GetValueOrDefault((ushort)1), clock.Elapsed));
            }
        }
        catch (OperationCanceledException)
        {
            return seen;
        }
    }

    private static TimeSpan FirstAt(List<(HybridTimestamp Timestamp, TimeSpan Time)> seen, HybridTimestamp timestamp)
    {
        var (low, high) = (0, seen.Count);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (seen[middle].Timestamp >= timestamp)
                high = middle;
            else
                low = middle + 1;
        }
        return low < seen.Count ? seen[low].Time : TimeSpan.MaxValue;
    }
}
