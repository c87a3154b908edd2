using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Server.Consistency;
using GeoFabric.Server.Transport;

namespace GeoFabric.Server.Metrics;

/// <summary>What happened in the last minutes, and how everything was: compares regions and links with how they were a second before.</summary>
internal sealed class RegionTimeline(DatabaseHost databases, PeerNetwork network, IReplicationView replication, TimeProvider clock)
{
    private const int EventsMax = 500;
    private readonly Lock _gate = new();
    private readonly Queue<RegionEvent> _events = new();
    private readonly RegionHistory _history = new(clock);
    private readonly Dictionary<ushort, LinkState> _links = [];
    private readonly Dictionary<ushort, RegionState> _regions = [];
    private DateTimeOffset _now;

    /// <summary>A copy that is further behind is said to lag.</summary>
    public static TimeSpan LagMax { get; } = TimeSpan.FromSeconds(2);

    /// <summary>The newest first.</summary>
    public IReadOnlyList<RegionEvent> Events
    {
        get
        {
            lock (_gate)
            {
                Forget();
                return [.. _events.Reverse()];
            }
        }
    }

    /// <summary>The oldest first.</summary>
    public IReadOnlyList<RegionMoment> Moments
    {
        get
        {
            lock (_gate)
                return _history.Moments;
        }
    }

    /// <summary>Looks at the present state. Called each second.</summary>
    public void Look()
    {
        if (databases.Catalog.Cluster is not { } cluster)
            return;
        lock (_gate)
        {
            // What happened and how it was then have the same time, or a replay would show an event before its effect.
            _now = clock.GetUtcNow();
            foreach (var region in cluster.Regions.Values)
            {
                if (_regions.TryGetValue(region.Id, out var before) && before != region.State)
                    Tell(region.Name.Text, region.State == RegionState.Live ? "healed" : region.State == RegionState.Failed ? "failed" : "removed", $"{region.Name} is {RegionWord(region.State)}");
                _regions[region.Id] = region.State;
            }
            var moments = new List<LinkMoment>();
            foreach (var link in network.Links)
            {
                var lag = replication.LagBehind(link.Region);
                moments.Add(new LinkMoment(link.Name, link.IsConnected, link.Fault.IsCut, link.Fault.OneWayDelay, lag));
                var now = new LinkState(link.IsConnected, link.Fault.IsCut, link.Fault.OneWayDelay, lag > LagMax);
                Compare(link.Name, _links.TryGetValue(link.Region, out var before) ? before : new LinkState(false, false, link.Fault.OneWayDelay, false), now);
                _links[link.Region] = now;
            }
            string[] outOfService = [.. cluster.Regions.Values.Where(region => region.State == RegionState.Failed).Select(region => region.Name.Text)];
            _history.Add(new RegionMoment(_now, replication.Readiness, outOfService, moments));
            Forget();
        }
    }

    private void Compare(string peer, LinkState before, LinkState now)
    {
        if (before.IsCut != now.IsCut)
            Tell(peer, now.IsCut ? "cut" : "restored", now.IsCut ? $"the link to {peer} was cut" : $"the link to {peer} is no longer cut");
        if (before.Delay != now.Delay)
            Tell(peer, "delayed", $"what leaves for {peer} takes {now.Delay.TotalMilliseconds} ms longer");
        if (before.IsConnected != now.IsConnected)
            Tell(peer, now.IsConnected ? "connected" : "disconnected", now.IsConnected ? $"the link to {peer} is up" : $"the link to {peer} is down");
        if (before.IsLagging != now.IsLagging)
            Tell(peer, now.IsLagging ? "lagging" : "converged", now.IsLagging ? $"what {peer} writes comes late" : $"all that {peer} has written is here");
    }

    private void Tell(string peer, string kind, string text) => _events.Enqueue(new RegionEvent(_now, databases.Region.Name.Text, peer, kind, text));

    private void Forget()
    {
        while (_events.TryPeek(out var oldest) && (_events.Count > EventsMax || clock.GetUtcNow() - oldest.At > RegionHistory.Kept))
            _events.Dequeue();
    }

    private static string RegionWord(RegionState state) => state switch
    {
        RegionState.Live => "back in service",
        RegionState.Failed => "out of service",
        _ => "removed",
    };

    private readonly record struct LinkState(bool IsConnected, bool IsCut, TimeSpan Delay, bool IsLagging);
}
