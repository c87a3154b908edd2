using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text.Json;
using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Server.Cluster;
using GeoFabric.Server.Options;

namespace GeoFabric.Server.Transport;

/// <summary>
/// This region among the others: the port for them, a link to each, one catalog for all. What the links carry is the receiver's business; what it needs
/// of them is in <see cref="IPeerLink"/>.
/// </summary>
internal sealed class PeerNetwork : IAsyncDisposable
{
    private static readonly TimeSpan s_renewalCheck = TimeSpan.FromHours(12);
    private static readonly TimeSpan s_renewalRetry = TimeSpan.FromMinutes(5);

    private readonly DatabaseHost _databases;
    private readonly ClusterMembership _membership;
    private readonly PeerOptions _options;
    private readonly PeerLinkOptions _linkOptions;
    private readonly IPeerLinkReceiver _receiver;
    private readonly TimeProvider _clock;
    private readonly Random _random;
    private readonly PeerHandshake _handshake;
    private readonly CatalogGossip _gossip;
    private readonly WebApplication _server;
    private readonly ConcurrentDictionary<ushort, PeerNeighbour> _neighbours = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private RegionAnnouncement? _announcement;
    private Task _loop = Task.CompletedTask;

    /// <param name="receiver">Takes what the links bring.</param>
    public PeerNetwork(
        DatabaseHost databases, ClusterMembership membership, PeerOptions options, PeerLinkOptions linkOptions, IPeerLinkReceiver receiver, TimeProvider clock, Random random)
    {
        _databases = databases;
        _membership = membership;
        _options = options;
        _linkOptions = linkOptions;
        _receiver = receiver;
        _clock = clock;
        _random = random;
        _handshake = new PeerHandshake(databases.TokenSigningKey);
        _gossip = new CatalogGossip(databases, Counters);
        var authentication = new PeerAuthentication(databases, _handshake, Credentials, clock);
        var routes = new PeerRoutes(databases, membership, new PeerAcceptor(FindForCaller, linkOptions, clock), _gossip, FaultOf, withHistory => TellStatus(withHistory), Disturb, cancellation => Leave(cancellation));
        _server = PeerServer.Build(options, linkOptions, authentication, routes, Counters, Credentials);
    }

    public PeerCounters Counters { get; } = new();

    /// <summary>Where this region listens for others, with the real port.</summary>
    public string Url => _server.Urls.First();

    /// <summary>A link to each other member, in the order of their numbers.</summary>
    public IReadOnlyList<PeerLink> Links => [.. _neighbours.Values.Select(neighbour => neighbour.Link).OrderBy(link => link.Region)];

    /// <summary>What this region tells the others about itself, as JSON.</summary>
    public Func<bool, Task<byte[]>> TellStatus { get; set; } = _ => Task.FromResult("{}"u8.ToArray());

    /// <summary>Prepares the removal of this region, when the home asks for it.</summary>
    public Func<CancellationToken, Task> Leave { get; set; } = _ => Task.CompletedTask;

    private Func<RegionCredentials>? Credentials => _options.IsPlain ? null : () => _membership.Credentials;

    /// <summary>Listens for other regions and connects to those this one has to connect to.</summary>
    /// <param name="publicUrl">Where clients reach this region.</param>
    /// <exception cref="IOException">The address cannot be listened on.</exception>
    public async Task StartAsync(string publicUrl, CancellationToken cancellationToken)
    {
        try
        {
            await _server.StartAsync(cancellationToken);
        }
        catch (SocketException error)
        {
            throw new IOException($"cannot listen for other regions on {_options.Host}, port {_options.Port}: {error.Message}", error);
        }
        _announcement = new RegionAnnouncement(publicUrl, _options.Url ?? Url);
        _databases.CatalogChanged += OnCatalogChanged;
        _loop = Task.WhenAll(KeepAsync(), RenewAsync());
    }

    /// <summary>The link to a region; null when it is no other member.</summary>
    public PeerLink? Find(ushort region) => _neighbours.GetValueOrDefault(region)?.Link;

    /// <summary>What is done to the way to a region; nothing when there is none.</summary>
    public PeerLinkFault FaultOf(ushort region) => Find(region)?.Fault ?? PeerLinkFault.None;

    /// <summary>Compares catalogs with a region now, for who learns that it has a newer one.</summary>
    public void FetchCatalog(ushort region) => _neighbours.GetValueOrDefault(region)?.Wake();

    /// <summary>Compares catalogs with every member now, for who is about to rely on having the newest.</summary>
    /// <returns>Names of the members that did not answer.</returns>
    public async Task<IReadOnlyList<string>> CollectCatalogsAsync(CancellationToken cancellationToken)
    {
        var silent = new ConcurrentBag<string>();
        await Task.WhenAll(_neighbours.Values.Select(async neighbour =>
        {
            try
            {
                await _gossip.ExchangeAsync(neighbour.Client, cancellationToken).WaitAsync(_linkOptions.ConnectTimeout, _clock, cancellationToken);
            }
            catch (Exception error) when (error is HttpRequestException or PeerRefusedException or TimeoutException or IOException)
            {
                silent.Add(neighbour.Link.Name);
            }
        }));
        return [.. silent.Order(StringComparer.Ordinal)];
    }

    /// <summary>Asks every other member about itself.</summary>
    /// <returns>What they said, by region; who did not answer in time is not in it.</returns>
    public async Task<IReadOnlyDictionary<ushort, byte[]>> CollectStatusAsync(bool withHistory, TimeSpan timeMax, CancellationToken cancellationToken)
    {
        var answers = new ConcurrentDictionary<ushort, byte[]>();
        using var timeout = new CancellationTokenSource(timeMax, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        await Task.WhenAll(_neighbours.Select(async neighbour =>
        {
            try
            {
                using var response = await neighbour.Value.Client.SendAsync(HttpMethod.Get, PeerRoutes.StatusPath + (withHistory ? PeerRoutes.HistoryQuery : ""), cancellationToken: both.Token);
                answers[neighbour.Key] = await response.Content.ReadAsByteArrayAsync(both.Token);
            }
            catch (Exception error) when (error is HttpRequestException or PeerRefusedException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // Its silence is the answer.
            }
        }));
        return answers;
    }

    /// <summary>Delays or cuts the link to a region, in demonstrations.</summary>
    /// <exception cref="GeoFabricException">11 outside of demonstrations, 10 for a delay that is too long, 1454 when there is no such link.</exception>
    public void Disturb(string name, LinkDisturbance disturbance)
    {
        if (!_options.AllowsFaults)
            throw ErrorCodes.AccessDenied.With("links are disturbed in demonstrations only");
        if (disturbance.DelayMilliseconds is { } delay && (delay < 0 || delay > PeerOptions.LinkDelayMax.TotalMilliseconds))
            throw ErrorCodes.BadParameter.With($"a delay of {delay} ms; give 0 to {PeerOptions.LinkDelayMax.TotalMilliseconds}");
        var region = _membership.Cluster.GetRegion(name);
        var link = Find(region.Id) ?? throw ErrorCodes.RegionStateConflict.With($"there is no link from '{_databases.Region.Name}' to '{region.Name}'");
        link.Fault = link.Fault with
        {
            OneWayDelay = disturbance.DelayMilliseconds is { } milliseconds ? TimeSpan.FromMilliseconds(milliseconds) : link.Fault.OneWayDelay,
            IsCut = disturbance.IsCut ?? link.Fault.IsCut,
        };
    }

    /// <summary>Has another region do it to its link.</summary>
    /// <exception cref="GeoFabricException">1477 when it cannot be reached, and what it refuses.</exception>
    public async Task DisturbAtAsync(string from, string to, LinkDisturbance disturbance, CancellationToken cancellationToken)
    {
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(disturbance));
        await AskAsync(from, HttpMethod.Put, PeerRoutes.FaultPath + to, content, _linkOptions.ConnectTimeout, "ask it at its own address", cancellationToken);
    }

    /// <summary>Has another region write nothing more, and waits until the others have all that it wrote.</summary>
    /// <exception cref="GeoFabricException">1477 when it cannot be reached, or its records do not get to the others in time.</exception>
    public Task AskToLeaveAsync(string name, TimeSpan timeMax, CancellationToken cancellationToken) => AskAsync(
        name, HttpMethod.Post, PeerRoutes.LeavePath, null, timeMax, $"it may have what nobody else has; try again when all regions are linked, with isGone=true if '{name}' itself is lost", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _databases.CatalogChanged -= OnCatalogChanged;
        await _stop.CancelAsync();
        WakeLoop();
        await _loop;
        foreach (var neighbour in _neighbours.Values)
            await neighbour.DisposeAsync();
        await _server.StopAsync();
        await _server.DisposeAsync();
        _stop.Dispose();
    }

    private async Task AskAsync(string name, HttpMethod method, string path, HttpContent? content, TimeSpan timeMax, string advice, CancellationToken cancellationToken)
    {
        var neighbour = _neighbours.GetValueOrDefault(_membership.Cluster.GetRegion(name).Id) ?? throw ErrorCodes.RegionStateConflict.With($"there is no link from '{_databases.Region.Name}' to '{name}'");
        using var timeout = new CancellationTokenSource(timeMax, _clock);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            using var response = await neighbour.Client.SendAsync(method, path, content: content, cancellationToken: both.Token);
        }
        catch (PeerRefusedException error) when (error.Reason == "refused")
        {
            throw ErrorCodes.BadParameter.With(error.Message);
        }
        catch (Exception error) when (error is HttpRequestException or PeerRefusedException or IOException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            throw ErrorCodes.RegionUnavailable.With($"'{name}' cannot be asked from here, its link is cut or slow or it is down; {advice}", error);
        }
    }

    private void WakeLoop()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // The loop is about to look anyway.
        }
    }

    private void OnCatalogChanged(object? sender, EventArgs e)
    {
        WakeLoop();
        // The home tells everybody; who hears of it tells two more, for those the home cannot reach.
        var neighbours = _neighbours.Values.ToArray();
        if (!_databases.IsHome && neighbours.Length > 2)
        {
            lock (_random)
                _random.Shuffle(neighbours);
            neighbours = neighbours[..2];
        }
        foreach (var neighbour in neighbours)
            neighbour.Wake();
    }

    private async Task KeepAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await ReconcileAsync();
                await AnnounceAsync();
            }
            catch (Exception)
            {
                // The home is out of reach or another one by now, mostly; the next turn tries again.
                Counters.Refuse("announcement");
            }
            await _wake.WaitAsync(_linkOptions.GossipInterval, CancellationToken.None);
        }
    }

    /// <summary>Brings links in line with the members, and takes down those that should not be up.</summary>
    private async Task ReconcileAsync()
    {
        var cluster = _membership.Cluster;
        foreach (var region in cluster.Members.Where(member => member.Id != _databases.Region.Id && !_neighbours.ContainsKey(member.Id)))
            _neighbours[region.Id] = Create(region);
        foreach (var (id, neighbour) in _neighbours)
        {
            if (!cluster.Regions[id].IsMember && _neighbours.TryRemove(id, out _))
                await neighbour.DisposeAsync();
            else if (!IsWanted(id))
                neighbour.Link.End(PeerCloseReason.NotLive, "one of the two regions has failed");
        }
    }

    private PeerNeighbour Create(ClusterRegion region)
    {
        var fault = PeerLinkFault.None with { OneWayDelay = _options.LinkDelays.GetValueOrDefault(region.Name.Text) };
        var link = new PeerLink(region.Id, region.Name.Text, fault, _receiver, _clock);
        var client = new PeerClient(region.Name.Text, _databases, _handshake, _linkOptions, Credentials, () => link.Fault, _receiver.OnRemoved, _clock);
        var neighbour = new PeerNeighbour(link, client, _gossip, Counters, _linkOptions, _clock);
        var dialer = _databases.Region.Id < region.Id ? new PeerDialer(link, client, _linkOptions, _clock, _random) : null;
        neighbour.Start(dialer, () => IsWanted(region.Id));
        return neighbour;
    }

    private bool IsWanted(ushort region) =>
        _databases.Catalog.Cluster is { } cluster
        && cluster.Regions[_databases.Region.Id].State == RegionState.Live
        && cluster.Regions[region].State == RegionState.Live;

    private PeerLink FindForCaller(ushort region)
    {
        if (_neighbours.GetValueOrDefault(region) is not { } neighbour)
            throw new PeerRefusedException("unready", "this region has just started");
        if (region > _databases.Region.Id)
            throw new PeerRefusedException("direction", "the region of the smaller number dials");
        if (!IsWanted(region))
            throw new PeerRefusedException("not live", "one of the two regions has failed");
        return neighbour.Link.Fault.AllowsLink ? neighbour.Link : throw new PeerRefusedException("cut", "the link is cut by a demonstration");
    }

    /// <summary>Sees to it that the configuration says where this region can be reached.</summary>
    private async Task AnnounceAsync()
    {
        var announcement = _announcement!; // Set before the loop starts.
        var self = _membership.Self;
        if (self.PublicUrl == announcement.PublicUrl && self.PeerUrl == announcement.PeerUrl)
            return;
        if (_databases.IsHome)
        {
            await _membership.DescribeAsync(
                self.Name.Text, region => region with { PublicUrl = announcement.PublicUrl, PeerUrl = announcement.PeerUrl }, _stop.Token);
            return;
        }
        if (_neighbours.GetValueOrDefault(_membership.Cluster.Home) is not { } home)
            return;
        using var content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(announcement));
        using var response = await home.Client.SendAsync(HttpMethod.Put, PeerRoutes.AnnouncementPath, content: content, cancellationToken: _stop.Token)
            .WaitAsync(_linkOptions.ConnectTimeout, _clock, _stop.Token);
        home.Wake();
    }

    private async Task RenewAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(await TryRenewAsync() ? s_renewalCheck : s_renewalRetry, _clock, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                // The network stops.
            }
        }
    }

    private async Task<bool> TryRenewAsync()
    {
        try
        {
            if (!_options.IsPlain && _membership.NeedsRenewal)
                await _membership.RenewOwnAsync(SignAsync);
            return true;
        }
        catch (Exception error) when (error is HttpRequestException or PeerRefusedException or IOException or GeoFabricException)
        {
            Counters.Refuse("renewal");
            return false;
        }
    }

    private async Task<string> SignAsync(string signingRequest)
    {
        if (_databases.IsHome)
            return await _membership.RenewCertificateAsync(_databases.Region.Name.Text, signingRequest, _stop.Token);
        var home = _neighbours.GetValueOrDefault(_membership.Cluster.Home) ?? throw new PeerRefusedException("unready", "the home is not known yet");
        using var content = new StringContent(signingRequest);
        using var response = await home.Client.SendAsync(HttpMethod.Post, PeerRoutes.CertificatePath, content: content, cancellationToken: _stop.Token);
        return await response.Content.ReadAsStringAsync(_stop.Token);
    }
}
