namespace GeoFabric.Replication.Protocol;

/// <summary>Times and sizes of the protocol; the defaults fit the internet.</summary>
public sealed record ReplicationOptions
{
    /// <summary>Operations wait this long for company while something is on its way to the peer; with nothing on its way they leave at once.</summary>
    public TimeSpan GatherTime { get; init; } = TimeSpan.FromMilliseconds(5);

    /// <summary>A batch is cut here, unless a single record is larger.</summary>
    public int BatchBytes { get; init; } = 64 << 10;

    /// <summary>Batches from here on are compressed.</summary>
    public int CompressionBytesMin { get; init; } = 512;

    /// <summary>Bytes a peer may send that have not been applied yet.</summary>
    public int WindowBytes { get; init; } = 4 << 20;

    /// <summary>Bytes of records that wait for others, of all origins; what comes beyond is dropped and pulled again.</summary>
    public int WaitingBytesMax { get; init; } = 32 << 20;

    /// <summary>Bytes asked for by one pull.</summary>
    public int PullBytes { get; init; } = 512 << 10;

    /// <summary>A pull that was not answered by then is asked of somebody else.</summary>
    public TimeSpan PullTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>An origin that others show further on, and from which nothing came for this long, is pulled from others.</summary>
    public TimeSpan SilenceBeforePull { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>Time between beats while records come or go.</summary>
    public TimeSpan ActiveBeat { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>Time between beats while nothing happens.</summary>
    public TimeSpan IdleBeat { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A link on which nothing came for this long is closed.</summary>
    public TimeSpan LinkSilenceMax { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Nothing is applied from a peer whose clock or records are further ahead than this.</summary>
    public TimeSpan ClockAheadMax { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A region whose clock is further than this from the median of its peers stops accepting writes.</summary>
    public TimeSpan ClockAwayMax { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Bytes of one piece of a snapshot.</summary>
    public int SnapshotPieceBytes { get; init; } = 256 << 10;

    /// <summary>Pieces sent for one request.</summary>
    public int SnapshotPiecesPerRequest { get; init; } = 8;

    /// <summary>A donor that sends no piece for this long is replaced.</summary>
    public TimeSpan SnapshotTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a region that serves clients waits for a member it cannot reach, which may still have what the others have dropped, before it takes a snapshot.</summary>
    public TimeSpan SnapshotPatience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>A donor keeps its log for a receiver that long after the last request.</summary>
    public TimeSpan SnapshotPin { get; init; } = TimeSpan.FromSeconds(60);
}
