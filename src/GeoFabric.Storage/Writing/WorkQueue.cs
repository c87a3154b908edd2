using System.Diagnostics.CodeAnalysis;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Storage.Writing;

/// <summary>The bounded queue in front of a writer: many threads add, one takes.</summary>
internal sealed class WorkQueue(int worksMax)
{
    private readonly Lock _pulse = new();
    private readonly Queue<QueuedWork> _works = new();
    private readonly SemaphoreSlim _arrivals = new(0);
    private bool _isClosed;
    private bool _isTakerWaiting;

    public int Count
    {
        get
        {
            lock (_pulse)
                return _works.Count;
        }
    }

    /// <summary>Adds a work at the end. A refusal (1236 full, 30 closed) is the task's exception.</summary>
    public Task<CommitReceipt> Add(Action<IWriteTransaction> work, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return Task.FromCanceled<CommitReceipt>(cancellationToken);
        var queued = new QueuedWork(work, cancellationToken);
        lock (_pulse)
        {
            if (_isClosed)
                return Task.FromException<CommitReceipt>(ErrorCodes.ShuttingDown.With("the store is closing and takes no more writes"));
            if (_works.Count >= worksMax)
                return Task.FromException<CommitReceipt>(ErrorCodes.WriteQueueFull.With($"{worksMax} writes are waiting already; try again later"));
            _works.Enqueue(queued);
            if (_isTakerWaiting)
            {
                _isTakerWaiting = false;
                _arrivals.Release();
            }
        }
        return queued.Task;
    }

    /// <summary>Takes the first work that nobody has cancelled, without waiting.</summary>
    public bool TryTake([NotNullWhen(true)] out QueuedWork? work)
    {
        lock (_pulse)
        {
            while (_works.TryDequeue(out work))
            {
                if (work.TryBegin())
                    return true;
            }
        }
        return false;
    }

    /// <summary>Takes the first work, waiting for it.</summary>
    /// <returns>False once the queue is closed and empty.</returns>
    public bool Take([NotNullWhen(true)] out QueuedWork? work)
    {
        while (true)
        {
            lock (_pulse)
            {
                while (_works.TryDequeue(out work))
                {
                    if (work.TryBegin())
                        return true;
                }
                if (_isClosed)
                    return false;
                _isTakerWaiting = true;
            }
            _arrivals.Wait();
        }
    }

    /// <summary>Refuses works from now on; those inside are still served.</summary>
    public void Close()
    {
        lock (_pulse)
        {
            _isClosed = true;
            if (_isTakerWaiting)
            {
                _isTakerWaiting = false;
                _arrivals.Release();
            }
        }
    }
}
