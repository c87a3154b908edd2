using System.Collections.Immutable;
using GeoFabric.Primitives.Errors;
using GeoFabric.Storage.Writing;

namespace GeoFabric.Storage.InMemory;

/// <summary>The readable reference: a persistent sorted set whose roots are the commits. For tests and simulations; nothing survives the process.</summary>
/// <remarks>
/// The thread that queues work while nobody drains the queue runs it, so with one thread every task is complete when
/// <see cref="WriteAsync"/> returns and runs are repeatable. Work queued by a work runs after it.
/// </remarks>
public sealed class InMemoryEngine : IStorageEngine
{
    private readonly WorkQueue _queue;
    private volatile ImmutableSortedSet<Entry> _root = ImmutableSortedSet.Create<Entry>(EntryComparer.Instance);
    private long _sequence;
    private long _sizeBytes;
    private int _openSnapshots;
    private int _isDraining;
    private volatile bool _isClosed;

    /// <param name="queuedWorksMax">Works that may wait before 1236.</param>
    public InMemoryEngine(int queuedWorksMax = 4096) => _queue = new WorkQueue(queuedWorksMax);

    public ISnapshot OpenSnapshot()
    {
        if (_isClosed)
            throw ErrorCodes.ShuttingDown.With("the store is closed");
        Interlocked.Increment(ref _openSnapshots);
        return new InMemorySnapshot(_root, () => Interlocked.Decrement(ref _openSnapshots));
    }

    public Task<CommitReceipt> WriteAsync(Action<IWriteTransaction> work, CancellationToken cancellationToken = default)
    {
        var receipt = _queue.AddAsync(work, cancellationToken);
        while (_queue.Count > 0 && Interlocked.CompareExchange(ref _isDraining, 1, 0) == 0)
        {
            try
            {
                while (_queue.TryTake(out var next))
                    Run(next);
            }
            finally
            {
                Volatile.Write(ref _isDraining, 0);
            }
        }
        return receipt;
    }

    public StorageStatus GetStatus() => new(Fault: null, Volatile.Read(ref _sizeBytes), Volatile.Read(ref _openSnapshots), _queue.Count);

    public ValueTask DisposeAsync()
    {
        _queue.Close();
        _isClosed = true;
        return ValueTask.CompletedTask;
    }

    private void Run(QueuedWork work)
    {
        var transaction = new InMemoryTransaction(_root);
        var isDone = work.TryRun(transaction);
        transaction.End();
        if (isDone && !ReferenceEquals(transaction.Root, _root))
        {
            Volatile.Write(ref _sizeBytes, _sizeBytes + transaction.GrowthBytes);
            _root = transaction.Root;
            _sequence++;
        }
        work.Complete(new CommitReceipt(_sequence));
    }
}
