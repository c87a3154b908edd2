namespace GeoFabric.Storage.Lmdb;

/// <summary>How one LMDB environment is opened. Only the directory has no default.</summary>
public sealed record LmdbOptions
{
    /// <summary>The directory of this key space alone; created when missing.</summary>
    public required string DirectoryPath { get; init; }

    /// <summary>
    /// Address space mapped at open. It costs nothing until data fills it (the file grows with the data), so it is generous:
    /// growing it later has to wait for a moment without snapshots.
    /// </summary>
    public long MapSizeBytes { get; init; } = 16L << 30;

    /// <summary>The ceiling up to which the map doubles by itself; beyond it writes answer 1104.</summary>
    public long MapSizeMaxBytes { get; init; } = 1L << 40;

    /// <summary>Snapshots open at a time; past <see cref="SnapshotWait"/> the next one answers 1303.</summary>
    public int SnapshotsMax { get; init; } = 1024;

    /// <summary>How long a snapshot waits for a free slot, or for a map growth to end.</summary>
    public TimeSpan SnapshotWait { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Works waiting for the writer before 1236.</summary>
    public int QueuedWorksMax { get; init; } = 4096;

    /// <summary>Works that share one commit at most.</summary>
    public int BatchWorksMax { get; init; } = 1000;

    /// <summary>Bytes of keys and values after which a commit takes no further work.</summary>
    public long BatchBytesMax { get; init; } = 4 << 20;

    /// <summary>Time after which a commit takes no further work. Nobody ever waits for company: a lone work commits at once.</summary>
    public TimeSpan BatchTimeMax { get; init; } = TimeSpan.FromMilliseconds(2);

    /// <summary>How long a full map may wait for a moment without snapshots before its writes answer 1104.</summary>
    public TimeSpan GrowthWait { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How long closing waits for open snapshots. Afterwards the last of them closes the files.</summary>
    public TimeSpan CloseWait { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Tests put a failing commit here: a status other than 0 is taken as the answer of a commit that stored nothing.</summary>
    internal Func<int>? CommitFault { get; init; }

    /// <summary>Tests say here whether a sync has failed that a failing commit may have made.</summary>
    internal Func<bool>? SyncFault { get; init; }
}
