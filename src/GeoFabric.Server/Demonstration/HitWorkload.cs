using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace GeoFabric.Server.Demonstration;

/// <summary>
/// Clients that count hits by a saved query, each in its favourite region, and in the next one when that does not answer. A hit keeps its request id
/// through all attempts, so it counts once.
/// </summary>
internal sealed class HitWorkload : IAsyncDisposable
{
    public const string QueryName = "hit";

    /// <summary>What a developer writes: no word of regions or merging in it.</summary>
    public const string Query = "UPSERT { _key: @page } INSERT { _key: @page, hits: 1 } UPDATE { hits: OLD.hits + 1 } IN hits RETURN NEW.hits";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(4);

    private readonly DemoCluster _cluster;
    private readonly string _page;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly Dictionary<string, int> _byRegion = DemoPlace.All.ToDictionary(place => place.Region, _ => 0, StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private int _retries;
    private Task _clients = Task.CompletedTask;

    private HitWorkload(DemoCluster cluster, string page, TimeProvider clock)
    {
        _cluster = cluster;
        _page = page;
        _clock = clock;
    }

    /// <summary>Hits that were acknowledged, whichever region did.</summary>
    public int Acknowledged
    {
        get
        {
            lock (_gate)
                return _byRegion.Values.Sum();
        }
    }

    /// <summary>Attempts after the first one of a hit.</summary>
    public int Retries => Volatile.Read(ref _retries);

    /// <param name="favourites">One client for each, whose hits go there first.</param>
    public static HitWorkload Start(DemoCluster cluster, string page, IReadOnlyList<DemoRegion> favourites, TimeProvider clock)
    {
        var workload = new HitWorkload(cluster, page, clock);
        workload._clients = Task.WhenAll(favourites.Select(favourite => Task.Run(() => workload.ClickAsync(favourite))));
        return workload;
    }

    public int AcknowledgedBy(DemoRegion region)
    {
        lock (_gate)
            return _byRegion[region.Name];
    }

    /// <summary>Waits until a region has acknowledged so many hits more than now.</summary>
    /// <exception cref="DemoFailure">It has not within ten seconds.</exception>
    public async Task<TimeSpan> WaitForAsync(DemoRegion region, int more, CancellationToken cancellationToken)
    {
        var began = _clock.GetTimestamp();
        for (var goal = AcknowledgedBy(region) + more; AcknowledgedBy(region) < goal;)
        {
            if (_clock.GetElapsedTime(began) > TimeSpan.FromSeconds(10))
                throw new DemoFailure($"{region.Name} acknowledged no {more} hits within 10 s");
            await Task.Delay(s_pause, _clock, cancellationToken);
        }
        return _clock.GetElapsedTime(began);
    }

    /// <summary>No new hits; those under way are carried through.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _clients;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task ClickAsync(DemoRegion favourite)
    {
        while (!_stop.IsCancellationRequested)
        {
            await HitAsync(favourite, new Guid(RandomNumberGenerator.GetBytes(16)).ToString());
            await Task.Delay(s_pause, _clock, CancellationToken.None);
        }
    }

    private async Task HitAsync(DemoRegion favourite, string requestId)
    {
        var first = _cluster.Regions.TakeWhile(region => region != favourite).Count();
        for (var attempt = 0; ; attempt++)
        {
            var region = _cluster.Regions[(first + attempt) % _cluster.Regions.Count];
            var (status, _) = await _cluster.ClientOf(region).SendAsync(
                HttpMethod.Post, $"{DemoData.Fabric}/restql/execute/{QueryName}",
                new JsonObject { ["bindVars"] = new JsonObject { ["page"] = _page } }, CancellationToken.None, ("X-Request-Id", requestId));
            if (status is >= 200 and < 300)
            {
                lock (_gate)
                    _byRegion[region.Name]++;
                return;
            }
            Interlocked.Increment(ref _retries);
            await Task.Delay(s_pause, _clock, CancellationToken.None);
        }
    }
}
