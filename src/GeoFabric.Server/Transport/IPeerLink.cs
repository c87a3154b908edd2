namespace GeoFabric.Server.Transport;

/// <summary>The way to another region. It goes up and down; the object stays as long as the region is a member.</summary>
/// <remarks>Thread-safe. What is sent while the link is up arrives whole and in order of its lane, or the link goes down; nothing survives that.</remarks>
public interface IPeerLink
{
    /// <summary>Number of the other region.</summary>
    ushort Region { get; }

    bool IsConnected { get; }

    /// <summary>Queues a message; the bytes must not change afterwards.</summary>
    /// <param name="fabric">Which fabric it is about, below 2^31; comes out on the other side as it is.</param>
    /// <returns>False when the link is down, or goes down because too much waits already.</returns>
    bool Send(PeerLane lane, uint fabric, ReadOnlyMemory<byte> message);

    /// <summary>Takes the link down once what was queued has had a moment to leave; it comes up again by itself.</summary>
    void Close(string why);
}

/// <summary>Takes what links bring. Calls for one link: connected, then messages of both lanes side by side, then closed when no message is under way.</summary>
public interface IPeerLinkReceiver
{
    void OnConnected(IPeerLink link);

    /// <param name="message">Good until the task ends; the peer is slowed down as long as it does not.</param>
    ValueTask OnMessageAsync(IPeerLink link, PeerLane lane, uint fabric, ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    void OnClosed(IPeerLink link, PeerCloseReason reason, string detail);

    /// <summary>Another region says that this one has been removed from the cluster.</summary>
    void OnRemoved(string toldBy);
}
