using System.Diagnostics.CodeAnalysis;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Storage.Writing;

/// <summary>The bounded queue in front of a writer: many threads add, one takes.</summary>
internal sealed class WorkQueue(int worksMax)
{
    /// <summary>The works in order; also the monitor on which the taker waits.</summary>
    private readonly Queue<QueuedWork> _works = new();
    private bool _isClosed;

    public int Count
    {
        get
        {
            lock (_works)
                return _works.Count;
        }
    }

    /// <summary>Adds a work at the end. A refusal (1236 full, 30 closed) is the task's exception.</summary>
    public Task<CommitReceipt> AddAsync(Action<IWriteTransaction> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<CommitReceipt>(cancellationToken);
        var queued = new QueuedWork(work, cancellationToken);
        lock (_works)
        {
            if (_isClosed)
                return Task.FromException<CommitReceipt>(ErrorCodes.ShuttingDown.With("the store is closing and takes no more writes"));
            if (_works.Count >= worksMax)
                return Task.FromException<CommitReceipt>(ErrorCodes.WriteQueueFull.With($"{worksMax} writes are waiting already; try again later"));
            _works.Enqueue(queued);
            Monitor.Pulse(_works);
        }
        return queued.Task;
    }

    /// <summary>Takes the first work that nobody has cancelled, without waiting.</summary>
    public bool TryTake([NotNullWhen(true)] out QueuedWork? work)
    {
        lock (_works)
            return TryTakeLocked(out work);
    }

    /// <summary>Takes the first work, waiting for it.</summary>
    /// <returns>False once the queue is closed and empty.</returns>
    public bool Take([NotNullWhen(true)] out QueuedWork? work)
    {
        lock (_works)
        {
            while (!TryTakeLocked(out work))
            {
                if (_isClosed)
                    return false;
                Monitor.Wait(_works);
            }
            return true;
        }
    }

    /// <summary>Refuses works from now on; those inside are still served.</summary>
    public void Close()
    {
        lock (_works)
        {
            _isClosed = true;
            Monitor.PulseAll(_works);
        }
    }

    private bool TryTakeLocked([NotNullWhen(true)] out QueuedWork? work)
    {
        while (_works.TryDequeue(out work))
        {
            if (work.TryBegin())
                return true;
        }
        return false;
    }
}
