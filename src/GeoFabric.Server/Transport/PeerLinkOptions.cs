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

/// <summary>What a demonstration or a test does to the way to another region.</summary>
/// <param name="OneWayDelay">How much later everything leaves.</param>
/// <param name="IsCut">Nothing passes: no changes, no catalogs, no requests sent on.</param>
/// <param name="IsLinkDown">No changes pass; everything else does.</param>
public sealed record PeerLinkFault(TimeSpan OneWayDelay, bool IsCut, bool IsLinkDown = false)
{
    public static PeerLinkFault None { get; } = new(TimeSpan.Zero, false);

    public bool AllowsLink => !IsCut && !IsLinkDown;
}
