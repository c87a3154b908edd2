using System.Collections.Concurrent;
using System.Collections.Immutable;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;
using GeoFabric.Server.Cluster;
using GeoFabric.Server.Consistency;
using GeoFabric.Server.Options;
using GeoFabric.Server.Transport;
using ClusterConfiguration = GeoFabric.Replication.Membership.ClusterConfiguration;
using ClusterState = GeoFabric.Database.Catalog.ClusterConfiguration;

namespace GeoFabric.Server.Replication;

/// <summary>Replication of every fabric of this region: hands what links bring to the fabric it is about, and tells the rest of the server how far copies have got.</summary>
internal sealed partial class ReplicationHost(DatabaseHost databases, PeerOptions options, TimeProvider clock, ILoggerFactory loggers) : IPeerLinkReceiver, IReplicationView, IAsyncDisposable
{
    /// <summary>How often what others have applied is looked at while something waits for it.</summary>
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(50);

    /// <summary>Before a core that failed is replaced: what made it fail may take a moment to pass.</summary>
    private static readonly TimeSpan s_renewalPause = TimeSpan.FromSeconds(1);

    /// <summary>How long writes are refused for a removal of which nothing more is heard.</summary>
    private static readonly TimeSpan s_leavingMax = TimeSpan.FromSeconds(20);

    private readonly ConcurrentDictionary<uint, FabricReplication> _fabrics = new();
    private readonly ConcurrentDictionary<ushort, IPeerLink> _links = new();

    // Links that brought something about a fabric before it was here: they begin anew once it is, since its greeting was missed.
    private readonly ConcurrentDictionary<(uint Fabric, ushort Region), bool> _missed = new();
    private readonly ILogger _logger = loggers.CreateLogger<ReplicationHost>();
    private readonly Lock _gate = new();
    private Action<ushort> _fetchCatalog = _ => { };
    private bool _isStopping;
    private volatile bool _isRemoved;

    // While another region prepares the removal of this one; in ticks of UTC.
    private long _leavingUntil;

    public RegionReadiness Readiness
    {
        get
        {
            if (_isRemoved)
                return RegionReadiness.Removed;
            if (clock.GetUtcNow().UtcTicks < Interlocked.Read(ref _leavingUntil))
                return RegionReadiness.Frozen;
            var readiness = RegionReadiness.Ready;
            foreach (var fabric in _fabrics.Values)
            {
                readiness = fabric.Standing switch
                {
                    RegionStanding.Frozen => RegionReadiness.Frozen,
                    RegionStanding.CatchingUp when readiness != RegionReadiness.Frozen => RegionReadiness.CatchingUp,
                    RegionStanding.ClockAway when readiness == RegionReadiness.Ready => RegionReadiness.ClockAway,
                    _ => readiness,
                };
            }
            return readiness;
        }
    }

    /// <summary>The fabrics that are replicated, by id.</summary>
    public IReadOnlyList<FabricReplication> Fabrics => [.. _fabrics.Values.OrderBy(fabric => fabric.FabricId)];

    /// <summary>Begins with every fabric that is open and follows the catalog from then on.</summary>
    /// <param name="fetchCatalog">Compares catalogs with a region that has a newer one.</param>
    public void Start(Action<ushort> fetchCatalog)
    {
        _fetchCatalog = fetchCatalog;
        databases.CatalogChanged += OnCatalogChanged;
        Follow(databases.Catalog);
    }

    public void OnConnected(IPeerLink link)
    {
        _links[link.Region] = link;
        foreach (var fabric in _fabrics.Values)
            _ = fabric.PostAsync(new PeerConnected(link.Region));
    }

    public async ValueTask OnMessageAsync(IPeerLink link, PeerLane lane, uint fabric, ReadOnlyMemory<byte> message, CancellationToken cancellationToken)
    {
        if (_fabrics.TryGetValue(fabric, out var replication))
            await replication.PostAsync(new FrameReceived(link.Region, message.ToArray())).WaitAsync(cancellationToken);
        else
            _missed[(fabric, link.Region)] = true;
    }

    public void OnClosed(IPeerLink link, PeerCloseReason reason, string detail)
    {
        foreach (var missed in _missed.Keys.Where(missed => missed.Region == link.Region))
            _missed.TryRemove(missed, out _);
        foreach (var fabric in _fabrics.Values)
            _ = fabric.PostAsync(new PeerDisconnected(link.Region));
    }

    public void OnRemoved(string toldBy)
    {
        if (_isRemoved)
            return;
        _isRemoved = true;
        Log.Removed(_logger, databases.Region.Name.Text, toldBy);
    }

    public FabricPositions ReadPositions(uint fabricId)
    {
        if (!_fabrics.TryGetValue(fabricId, out var fabric) || databases.FindFabric(fabricId) is not { } database)
            return new FabricPositions(default, ImmutableDictionary<ushort, HybridTimestamp>.Empty);
        // What has just been committed here counts before the core has heard of it: a session's own write is the least it may rely on.
        var positions = fabric.Positions;
        return database.LastTimestamp > positions[databases.Region.Id]
            ? positions with { Regions = positions.Regions.ToImmutableDictionary().SetItem(databases.Region.Id, database.LastTimestamp) }
            : positions;
    }

    public async Task WaitForChangeAsync(uint fabricId, FabricPositions seen, CancellationToken cancellationToken)
    {
        if (!_fabrics.TryGetValue(fabricId, out var fabric))
            return;
        var moved = fabric.Moved;
        var now = fabric.Positions;
        if (now.Stable == seen.Stable && now.Regions.All(entry => entry.Value <= seen[entry.Key]))
            await moved.WaitAsync(cancellationToken);
    }

    public TimeSpan? LagBehind(ushort region)
    {
        TimeSpan? longest = null;
        var now = clock.GetUtcNow();
        foreach (var fabric in _fabrics.Values)
        {
            var position = fabric.Positions[region];
            if (position == default)
                return null;
            var lag = position.AgeAt(now);
            longest = longest is null || lag > longest ? lag : longest;
        }
        return longest;
    }

    public async Task<IReadOnlyList<FabricLinks>> ReadLinksAsync()
    {
        var fabrics = new List<FabricLinks>();
        foreach (var fabric in Fabrics)
        {
            if (databases.FindFabric(fabric.FabricId)?.Fabric is { } record)
                fabrics.Add(new FabricLinks(record.Id, record.Tenant.Text, record.Name.Text, fabric.Standing, ReadPositions(record.Id), fabric.LastAlarm, await fabric.ReadLinksAsync()));
        }
        return fabrics;
    }

    public Arrival FindArrival(uint fabricId, ushort region, HybridTimestamp written) =>
        _fabrics.TryGetValue(fabricId, out var fabric) ? fabric.Arrivals.Find(region, written) : new Arrival(false, null);

    public async Task DrainAsync(ushort target, CancellationToken cancellationToken)
    {
        foreach (var fabric in _fabrics.Values)
        {
            var own = databases.FindFabric(fabric.FabricId)?.Replica.ReadState().Own;
            while (own is not null && !await HasAppliedAsync(fabric, target, own.Origin.Region, own.Sequence))
                await Task.Delay(s_poll, clock, cancellationToken);
        }
    }

    public async Task LeaveAsync(CancellationToken cancellationToken)
    {
        Interlocked.Exchange(ref _leavingUntil, (clock.GetUtcNow() + s_leavingMax).UtcTicks);
        var others = databases.Catalog.Cluster!.Members.Where(member => member.Id != databases.Region.Id && member.State == Database.Catalog.RegionState.Live).ToList();
        while (true)
        {
            var written = OwnSequences();
            foreach (var other in others)
                await DrainAsync(other.Id, cancellationToken);
            // Requests that had been let in before may still commit.
            await Task.Delay(s_poll, clock, cancellationToken);
            if (OwnSequences().SequenceEqual(written))
                return;
        }
    }

    public async Task TakeOverAsync(ushort region, CancellationToken cancellationToken)
    {
        var cluster = databases.Catalog.Cluster!;
        foreach (var fabric in _fabrics.Values)
        {
            var configuration = ReplicationMapping.ToConfiguration(cluster, fabric.FabricId);
            while (!await HasTakenOverAsync(fabric, configuration, region))
                await Task.Delay(s_poll, clock, cancellationToken);
        }
    }

    public async Task<LogEnds> CloseAsync(ushort region, bool isGone, CancellationToken cancellationToken)
    {
        var cluster = databases.Catalog.Cluster!;
        var own = ImmutableSortedDictionary.CreateBuilder<uint, ulong>();
        var earlier = new Dictionary<ChangeOrigin, ImmutableSortedDictionary<uint, ulong>>();
        foreach (var fabric in _fabrics.Values)
        {
            var configuration = ReplicationMapping.ToConfiguration(cluster, fabric.FabricId);
            foreach (var end in await FindEndsAsync(fabric, configuration, Asked(cluster, region, isGone), region, cancellationToken))
            {
                if (end.Origin == configuration.Member(region)!.Origin)
                    own[fabric.FabricId] = end.LastSequence;
                else if (end.LastSequence < configuration.LastSequence(end.Origin))
                    earlier[end.Origin] = earlier.GetValueOrDefault(end.Origin, ImmutableSortedDictionary<uint, ulong>.Empty).SetItem(fabric.FabricId, end.LastSequence);
            }
        }
        foreach (var (origin, ends) in earlier)
            Log.EndsEarlier(_logger, origin.Region, origin.Incarnation, ends.Count, region);
        return new LogEnds(own.ToImmutable(), earlier);
    }

    public async ValueTask DisposeAsync()
    {
        databases.CatalogChanged -= OnCatalogChanged;
        lock (_gate)
            _isStopping = true;
        foreach (var fabric in _fabrics.Values)
            await fabric.DisposeAsync();
        _fabrics.Clear();
    }

    private static async Task<bool> HasAppliedAsync(FabricReplication fabric, ushort target, ushort origin, ulong sequence)
    {
        foreach (var link in await fabric.ReadLinksAsync())
        {
            if (link.Peer == target)
                return link.IsGreeted && link.PeerApplied[origin].Sequence >= sequence;
        }
        return false;
    }

    private List<ulong> OwnSequences() => [.. _fabrics.Values.OrderBy(fabric => fabric.FabricId).Select(fabric => databases.FindFabric(fabric.FabricId)?.Replica.ReadState().Own?.Sequence ?? 0)];

    private async Task<bool> HasTakenOverAsync(FabricReplication fabric, ClusterConfiguration configuration, ushort region)
    {
        if (databases.FindFabric(fabric.FabricId) is null)
            return true;
        var leaving = (await fabric.ReadLinksAsync()).FirstOrDefault(link => link.Peer == region);
        return await fabric.ReadReportAsync() is { IsLive: true } own && leaving is { IsGreeted: true } && OriginClosing.HoldsWhatEnded(configuration, leaving.PeerApplied, own.Applied);
    }

    /// <summary>Those that have to say what they hold. The leaving one, too, has to know that it writes nothing more, but what it alone has does not count.</summary>
    private HashSet<ushort> Asked(ClusterState cluster, ushort region, bool isGone) => cluster.Members
        .Where(member => member.Id != databases.Region.Id && (member.Id != region || !isGone) && member.State == Database.Catalog.RegionState.Live)
        .Select(member => member.Id).ToHashSet();

    /// <summary>Waits until every member that can answer accepts nothing more of a frozen region, and so what each holds is final.</summary>
    private async Task<IReadOnlyList<ClosedMember>> FindEndsAsync(
        FabricReplication fabric, ClusterConfiguration configuration, HashSet<ushort> asked, ushort region, CancellationToken cancellationToken)
    {
        while (true)
        {
            var reports = (await fabric.ReadLinksAsync()).Where(link => asked.Contains(link.Peer) && link.IsGreeted && link.PeerEpoch >= configuration.Epoch)
                .ToDictionary(link => link.Peer, link => new MemberReport(link.PeerEpoch, link.IsPeerLive, link.PeerApplied));
            var isHeldHere = databases.FindFabric(fabric.FabricId) is not null;
            var own = isHeldHere ? await fabric.ReadReportAsync() : null;
            if (own is not null)
                reports[databases.Region.Id] = own;
            if (asked.All(reports.ContainsKey) && (!isHeldHere || own?.Epoch >= configuration.Epoch))
                return OriginClosing.FindEnds(configuration, region, reports);
            await Task.Delay(s_poll, clock, cancellationToken);
        }
    }

    private void OnCatalogChanged(object? sender, EventArgs e) => Follow(databases.Catalog);

    private void Follow(ServerCatalog catalog)
    {
        if (catalog.Cluster is not { } cluster)
            return;
        if (!cluster.Regions[databases.Region.Id].IsMember)
            OnRemoved(databases.Region.Name.Text);
        lock (_gate)
        {
            if (_isStopping)
                return;
            foreach (var (id, fabric) in _fabrics)
            {
                if (databases.FindFabric(id) is null && _fabrics.TryRemove(id, out _))
                    _ = fabric.DisposeAsync().AsTask();
                else
                    _ = fabric.PostAsync(new ConfigurationChanged(ReplicationMapping.ToConfiguration(cluster, id)));
            }
            foreach (var database in databases.OpenFabrics.Where(database => !_fabrics.ContainsKey(database.Fabric.Id)))
                Add(database, cluster);
        }
    }

    private void Add(FabricDatabase database, ClusterState cluster)
    {
        var id = database.Fabric.Id;
        FabricReplication fabric;
        try
        {
            fabric = new FabricReplication(
                database, ReplicationMapping.ToConfiguration(cluster, id), region => _links.GetValueOrDefault(region), region => _fetchCatalog(region),
                failed => _ = RenewAsync(failed), options, clock, _logger);
        }
        catch (GeoFabricException error)
        {
            // It is being dropped, or its store cannot be read: its own health says so.
            Log.CannotBegin(_logger, error, id);
            return;
        }
        _fabrics[id] = fabric;
        fabric.Start();
        foreach (var link in _links.Values.Where(link => link.IsConnected))
        {
            if (_missed.ContainsKey((id, link.Region)))
                link.Close("a fabric was opened here after the other region greeted it");
            else
                _ = fabric.PostAsync(new PeerConnected(link.Region));
        }
    }

    /// <summary>Puts another one in the place of a replication that has stopped by itself, as a restart would.</summary>
    private async Task RenewAsync(FabricReplication failed)
    {
        await Task.Delay(s_renewalPause, clock);
        await failed.DisposeAsync();
        lock (_gate)
        {
            if (_isStopping || databases.Catalog.Cluster is not { } cluster || databases.FindFabric(failed.FabricId) is not { } database
                || !_fabrics.TryRemove(KeyValuePair.Create(failed.FabricId, failed)))
                return;
            // Its peers have greeted the one before it, and greet once on a link.
            foreach (var link in _links.Keys)
                _missed[(failed.FabricId, link)] = true;
            Add(database, cluster);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Replication of fabric {Fabric} cannot begin.")]
        public static partial void CannotBegin(ILogger logger, Exception error, uint fabric);

        [LoggerMessage(Level = LogLevel.Warning, Message =
            "The log of region {Region}, incarnation {Incarnation}, which was removed before, ends earlier now in {Fabrics} fabrics: the last copy of its last records was with region {Lost}.")]
        public static partial void EndsEarlier(ILogger logger, ushort region, byte incarnation, int fabrics, ushort lost);

        [LoggerMessage(Level = LogLevel.Critical, Message =
            "Region '{Region}' has been removed from its cluster, as region '{ToldBy}' says: it writes nothing any more and exchanges nothing. Stop this server. "
            + "What only it has the others get by 'geofabric region salvage --data DIR --server URL', with its data directory and the URL of another region. "
            + "It may come back by 'geofabric region add', with an empty directory.")]
        public static partial void Removed(ILogger logger, string region, string toldBy);
    }
}
