namespace GeoFabric.Server.Transport;

/// <summary>Times and sizes of links.</summary>
internal sealed record PeerLinkOptions
{
    /// <summary>Bytes that may wait on a lane; beyond them the link goes down rather than eat the memory.</summary>
    public long QueueBytesMax { get; init; } = 64L << 20;

    /// <summary>Messages that may wait on a lane.</summary>
    public int QueueMessagesMax { get; init; } = 1 << 16;

    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>A connection on which not even pings are answered for this long is broken.</summary>
    public TimeSpan SilenceMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>First pause before another attempt; it doubles up to <see cref="RetryPauseMax"/>, and a random part of it is left out.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan RetryPauseMax { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How often regions compare their catalogs when nothing has changed.</summary>
    public TimeSpan GossipInterval { get; init; } = TimeSpan.FromSeconds(1);
}

/// <summary>What a demonstration does to a link: how much later messages leave, and whether it is down.</summary>
public sealed record PeerLinkFault(TimeSpan OneWayDelay, bool IsCut)
{
    public static PeerLinkFault None { get; } = new(TimeSpan.Zero, false);
}
