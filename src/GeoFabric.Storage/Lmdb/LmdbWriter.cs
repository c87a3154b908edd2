using System.Diagnostics;
using GeoFabric.Primitives.Errors;
using GeoFabric.Storage.Writing;

namespace GeoFabric.Storage.Lmdb;

/// <summary>The writer's thread: takes what waits, runs it in one transaction, commits, answers.</summary>
/// <remarks>
/// A lone work commits at once; under load the works that arrive during a commit share the next one, which pays for its two syncs.
/// When a shared transaction cannot be stored, its works are run again one by one, so that nobody fails for a neighbour.
/// </remarks>
internal sealed class LmdbWriter : IAsyncDisposable
{
    // A work may evaluate a deeply nested query.
    private const int StackSizeBytes = 16 << 20;

    /// <summary>How a transaction ended: a status, and whether the store can be trusted to take another one.</summary>
    private readonly record struct Outcome(int Status, bool IsFatal);

    private readonly LmdbEnvironmentHandle _environment;
    private readonly LmdbMap _map;
    private readonly KeyPresence _presence;
    private readonly AscendingRuns _runs = new();
    private readonly SyncWitness _witness;
    private readonly LmdbOptions _options;
    private readonly WorkQueue _queue;
    private readonly WorkArena _arena = new();
    private readonly UndoLog _undo;
    private readonly List<QueuedWork> _works = [];
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _fault;

    public LmdbWriter(LmdbEnvironmentHandle environment, LmdbMap map, KeyPresence presence, LmdbOptions options)
    {
        _environment = environment;
        _map = map;
        _presence = presence;
        _witness = new SyncWitness(options.DirectoryPath, options.SyncFault);
        _options = options;
        _queue = new WorkQueue(options.QueuedWorksMax);
        _undo = new UndoLog(_arena);
        new Thread(Run, StackSizeBytes) { IsBackground = true, Name = "storage writer" }.Start();
    }

    /// <summary>Why nothing is written any more; null while writing goes on.</summary>
    public string? Fault => _fault;

    public int QueuedWorks => _queue.Count;

    public Task<CommitReceipt> AddAsync(Action<IWriteTransaction> work, CancellationToken cancellationToken) =>
        _fault is { } fault ? Task.FromException<CommitReceipt>(ReadOnly(fault)) : _queue.AddAsync(work, cancellationToken);

    /// <summary>Takes no more works, serves those inside, and ends the thread.</summary>
    public ValueTask DisposeAsync()
    {
        _queue.Close();
        return new ValueTask(_ended.Task);
    }

    private void Run()
    {
        while (_queue.Take(out var first))
        {
            _works.Clear();
            _works.Add(first);
            try
            {
                if (_fault is { } fault)
                    Fail(_works, ReadOnly(fault));
                else
                    Settle(Store(_works, takesMore: true));
            }
            catch (Exception failure)
            {
                // Nothing is known about the state any more, so nothing more is written; reads stay possible.
                _fault = failure.Message;
                Fail(_works, failure);
            }
        }
        _arena.Dispose();
        _witness.Dispose();
        _ended.SetResult();
    }

    /// <summary>Runs works, and further ones that wait, in one transaction and commits it. On success all of them are answered.</summary>
    private Outcome Store(List<QueuedWork> works, bool takesMore)
    {
        var status = LmdbWriteBatch.Begin(_environment, _map, _presence, _runs, out var batch);
        if (batch is null)
            return new Outcome(status, IsFatal: true);
        var start = Stopwatch.GetTimestamp();
        var hasWritten = false;
        for (var index = 0; index < works.Count; index++)
        {
            hasWritten |= RunOne(works[index], batch);
            if (batch.Fault != LmdbStatus.Success)
            {
                batch.Abort();
                return Judge(batch.Fault);
            }
            if (takesMore && index == works.Count - 1 && !IsFull(works.Count, batch, start) && _queue.TryTake(out var next))
                works.Add(next);
        }
        var sequence = batch.TransactionId;
        if (!hasWritten)
        {
            batch.Abort();
            Complete(works, new CommitReceipt(sequence - 1));
            return default;
        }
        status = Commit(batch);
        if (status != LmdbStatus.Success)
            return Judge(status);
        _map.RefreshUsed();
        _map.GrowAhead();
        Complete(works, new CommitReceipt(sequence));
        return default;
    }

    private bool IsFull(int workCount, LmdbWriteBatch batch, long start) =>
        workCount >= _options.BatchWorksMax
        || batch.BytesWritten >= _options.BatchBytesMax
        || Stopwatch.GetElapsedTime(start) >= _options.BatchTimeMax;

    /// <returns>Whether the work has changed anything.</returns>
    private bool RunOne(QueuedWork work, LmdbWriteBatch batch)
    {
        var transaction = new LmdbWriteTransaction(batch, _arena, _undo);
        try
        {
            if (!work.TryRun(transaction) && batch.Fault == LmdbStatus.Success && transaction.HasWritten)
                transaction.RollbackTo(default);
            return transaction.HasWritten;
        }
        catch (GeoFabricException) when (batch.Fault != LmdbStatus.Success)
        {
            return false;
        }
        finally
        {
            transaction.End();
        }
    }

    private int Commit(LmdbWriteBatch batch)
    {
        var fault = _options.CommitFault?.Invoke() ?? LmdbStatus.Success;
        if (fault == LmdbStatus.Success)
            return batch.Commit();
        batch.Abort();
        return fault;
    }

    /// <summary>Answers works whose transaction was not stored: another try in a larger map, another try alone, or the error.</summary>
    private void Settle(Outcome outcome)
    {
        while (outcome.Status != LmdbStatus.Success)
        {
            if (outcome.IsFatal)
            {
                Break(_works, outcome.Status);
                return;
            }
            if (outcome.Status != LmdbStatus.MapFull || _map.TryGrow(_options.GrowthWait) is not null)
            {
                SettleOneByOne(outcome.Status);
                return;
            }
            outcome = Store(_works, takesMore: false);
        }
    }

    private void SettleOneByOne(int sharedStatus)
    {
        var works = _works.ToArray();
        foreach (var work in works)
        {
            List<QueuedWork> alone = [work];
            if (_fault is { } fault)
            {
                Fail(alone, ReadOnly(fault));
                continue;
            }
            var outcome = works.Length == 1 ? new Outcome(sharedStatus, IsFatal: false) : Store(alone, takesMore: false);
            while (outcome is { Status: LmdbStatus.MapFull, IsFatal: false })
            {
                // Whoever waited for this batch has been patient before; the map grows now or not at all.
                if (_map.TryGrow(TimeSpan.Zero) is { } obstacle)
                {
                    Fail(alone, obstacle);
                    outcome = default;
                }
                else
                {
                    outcome = Store(alone, takesMore: false);
                }
            }
            if (outcome.IsFatal)
                Break(alone, outcome.Status);
            else if (outcome.Status != LmdbStatus.Success)
                Fail(alone, LmdbStatus.ToException(outcome.Status, "write"));
        }
    }

    /// <summary>
    /// After a failed sync nobody knows which pages the disk holds, and asking again would answer success for lost ones
    /// (the system forgets the error once told). So the store stays as it is until a restart reads it back.
    /// </summary>
    private void Break(List<QueuedWork> works, int status)
    {
        var failure = LmdbStatus.ToException(status, "commit; the store is read only until a restart");
        _fault = failure.Message;
        Fail(works, failure);
    }

    /// <summary>What a failed transaction means. Nothing of it has become visible: the library writes the page that makes it so last of all, and panics when that fails.</summary>
    private Outcome Judge(int status)
    {
        if (status is LmdbStatus.MapFull or LmdbStatus.TransactionFull)
            return new Outcome(status, IsFatal: false);
        if (status != LmdbStatus.InputOutputError && !LmdbStatus.IsDiskFull(status))
            return new Outcome(status, IsFatal: true);
        // The library reports a write that a full disk has cut short as an input/output error, as it does a failed sync.
        return _witness.HasLostPages() ? new Outcome(status, IsFatal: true) : new Outcome(LmdbStatus.NoSpace, IsFatal: false);
    }

    private static void Complete(List<QueuedWork> works, CommitReceipt receipt)
    {
        foreach (var work in works)
            work.Complete(receipt);
    }

    private static void Fail(List<QueuedWork> works, Exception failure)
    {
        foreach (var work in works)
            work.TrySetException(failure);
    }

    private static GeoFabricException ReadOnly(string fault) => ErrorCodes.ReadOnly.With($"{fault}; reads go on, writes need a restart");
}
