namespace GeoFabric.Storage;

/// <summary>
/// One ordered key space of bytes with snapshots, one writer and durable commits. Every engine passes the same contract test suite.
/// </summary>
/// <remarks>
/// Reads are synchronous and hand out spans over memory that does not move; commits are asynchronous, because each engine has one
/// writer to which work is handed over and which syncs once for all who wait (docs/adr/0002, 0003).
/// Nothing here assumes that a read is free: engines across a wire page cursors and answer <see cref="IStorageReader.GetMany"/> in one trip.
/// </remarks>
public interface IStorageEngine : IAsyncDisposable
{
    /// <summary>Opens a consistent view of the last commit. Cheap; dispose it soon, since it pins every page freed after it.</summary>
    /// <exception cref="Primitives.Errors.GeoFabricException">1303 when too many snapshots stay open.</exception>
    ISnapshot OpenSnapshot();

    /// <summary>
    /// Queues work for the writer. The task completes when the work is on disk. Works run one after another in the order they were queued;
    /// several share one commit. If a work throws, its own writes are undone and its task fails; its neighbours in the commit are untouched.
    /// </summary>
    /// <param name="work">
    /// Runs on the writer's thread and may run more than once (when the map has to grow), so it must set its results, never add to them.
    /// </param>
    /// <param name="cancellationToken">Takes the work back while it still waits; once it has begun it finishes.</param>
    /// <exception cref="Primitives.Errors.GeoFabricException">
    /// 1236 when the queue is full, 1104 when the disk or the map is full, 1305 when a sync failed, 1004 after that, 30 while closing.
    /// </exception>
    Task<CommitReceipt> WriteAsync(Action<IWriteTransaction> work, CancellationToken cancellationToken = default);

    StorageStatus GetStatus();
}

/// <summary>Proof of a durable commit.</summary>
/// <param name="Sequence">Number of the storage commit that held the work; grows by one per commit, several works may share one.</param>
public readonly record struct CommitReceipt(long Sequence);

/// <summary>What an engine says about itself, for health checks and figures.</summary>
/// <param name="Fault">Why nothing is written any more, after a failed sync: reads go on, writes answer 1004 until a restart. Null while writing goes on.</param>
/// <param name="SizeBytes">Bytes in use, free pages included where the engine cannot give them back.</param>
/// <param name="OpenSnapshots">Snapshots open now.</param>
/// <param name="QueuedWorks">Works waiting for the writer.</param>
public sealed record StorageStatus(string? Fault, long SizeBytes, int OpenSnapshots, int QueuedWorks)
{
    public bool IsWritable => Fault is null;

    /// <summary>How often snapshots were asked whether a key is there, and it was remembered to be.</summary>
    public long KeysRemembered { get; init; }

    /// <summary>How often they had to look for it.</summary>
    public long KeysSought { get; init; }
}
