namespace GeoFabric.Server.Transport;

/// <summary>One other region: its link, the requests to it, and the loops that keep link and catalog as they should be.</summary>
internal sealed class PeerNeighbour : IAsyncDisposable
{
    private static readonly TimeSpan s_requestTimeout = TimeSpan.FromSeconds(3);

    private readonly CatalogGossip _gossip;
    private readonly PeerCounters _counters;
    private readonly PeerLinkOptions _options;
    private readonly TimeProvider _clock;
    private readonly CancellationTokenSource _stop = new();
    private readonly SemaphoreSlim _wake = new(0, 1);
    private Task _loops = Task.CompletedTask;

    public PeerNeighbour(PeerLink link, PeerClient client, CatalogGossip gossip, PeerCounters counters, PeerLinkOptions options, TimeProvider clock)
    {
        Link = link;
        Client = client;
        _gossip = gossip;
        _counters = counters;
        _options = options;
        _clock = clock;
    }

    public PeerLink Link { get; }

    public PeerClient Client { get; }

    /// <param name="dialer">Null when the other region dials.</param>
    /// <param name="isWanted">Whether the link should be up now.</param>
    public void Start(PeerDialer? dialer, Func<bool> isWanted) => _loops = Task.WhenAll(
        dialer?.RunAsync(isWanted, _stop.Token) ?? Task.CompletedTask,
        GossipAsync());

    /// <summary>Compares catalogs soon instead of at the next regular time.</summary>
    public void Wake()
    {
        try
        {
            _wake.Release();
        }
        catch (SemaphoreFullException)
        {
            // It is awake.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        Link.End(PeerCloseReason.Stopped, "");
        Wake();
        await _loops;
        Client.Dispose();
        _stop.Dispose();
    }

    private async Task GossipAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                using var timeout = new CancellationTokenSource(s_requestTimeout, _clock);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, _stop.Token);
                await _gossip.ExchangeAsync(Client, both.Token);
            }
            catch (PeerRefusedException error)
            {
                _counters.Refuse(error.Reason);
                NoteFailure(error.Message);
            }
            catch (Exception error)
            {
                // Whatever it was: a loop that ended here would leave a region that never hears of a new epoch, and applies nothing written in it.
                NoteFailure(error.GetBaseException().Message);
            }
            await _wake.WaitAsync(_options.GossipInterval, CancellationToken.None);
        }
    }

    private void NoteFailure(string why)
    {
        if (!Link.IsConnected && !_stop.IsCancellationRequested)
            Link.NoteFailure(why);
    }
}
