namespace GeoFabric.Replication.Links;

/// <summary>The links of a region, one a peer, in the order of the peers' numbers.</summary>
internal sealed class LinkTable
{
    private readonly SortedDictionary<ushort, PeerLink> _links = [];
    private readonly SortedDictionary<ushort, LinkCounters> _counters = [];

    /// <summary>Open links.</summary>
    public SortedDictionary<ushort, PeerLink>.ValueCollection All => _links.Values;

    public int Count => _links.Count;

    /// <summary>Every peer there was a link to.</summary>
    public IEnumerable<(ushort Peer, LinkCounters Counters)> Counters => _counters.Select(entry => (entry.Key, entry.Value));

    public PeerLink? Find(ushort peer) => _links.GetValueOrDefault(peer);

    /// <summary>The link to a peer once both know each other's positions.</summary>
    public PeerLink? FindGreeted(ushort peer) => Find(peer) is { IsGreeted: true } link ? link : null;

    public PeerLink Open(ushort peer, DateTimeOffset now)
    {
        Remove(peer);
        var counters = CountersOf(peer);
        counters.Connections++;
        return _links[peer] = new PeerLink(peer, counters, now);
    }

    public void Remove(ushort peer)
    {
        if (_links.Remove(peer, out var link))
            link.IsOpen = false;
    }

    public LinkCounters CountersOf(ushort peer)
    {
        if (!_counters.TryGetValue(peer, out var counters))
            _counters.Add(peer, counters = new LinkCounters());
        return counters;
    }
}
