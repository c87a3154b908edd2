namespace GeoFabric.Storage.Writing;

/// <summary>One work on its way through the writer, and the promise of its receipt.</summary>
/// <remarks>Continuations run asynchronously, so that a client's code never runs on the writer's thread.</remarks>
internal sealed class QueuedWork : TaskCompletionSource<CommitReceipt>
{
    private const int Waiting = 0;
    private const int Begun = 1;
    private const int TakenBack = 2;

    private readonly Action<IWriteTransaction> _work;
    private readonly CancellationTokenRegistration _registration;
    private int _state;

    public QueuedWork(Action<IWriteTransaction> work, CancellationToken cancellationToken)
        : base(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        _work = work;
        if (cancellationToken.CanBeCanceled)
            _registration = cancellationToken.UnsafeRegister(static (self, token) => ((QueuedWork)self!).TakeBack(token), this);
    }

    /// <summary>What the work threw in its latest run; its writes are undone then.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Ends the time in which the work can be cancelled.</summary>
    /// <returns>False when it was taken back before.</returns>
    public bool TryBegin()
    {
        if (Interlocked.CompareExchange(ref _state, Begun, Waiting) != Waiting)
            return false;
        _registration.Unregister();
        return true;
    }

    /// <summary>Runs the work and keeps what it throws in <see cref="Failure"/>.</summary>
    public bool TryRun(IWriteTransaction transaction)
    {
        Failure = null;
        try
        {
            _work(transaction);
            return true;
        }
        catch (Exception failure)
        {
            Failure = failure;
            return false;
        }
    }

    /// <summary>Answers the client after the commit that decided over this work.</summary>
    public void Complete(CommitReceipt receipt)
    {
        if (Failure is null)
            SetResult(receipt);
        else
            SetException(Failure);
    }

    private void TakeBack(CancellationToken cancellationToken)
    {
        if (Interlocked.CompareExchange(ref _state, TakenBack, Waiting) == Waiting)
            SetCanceled(cancellationToken);
    }
}
