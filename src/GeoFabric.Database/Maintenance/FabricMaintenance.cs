using System.Threading.Channels;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Jobs;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Requests;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Database.Maintenance;

/// <summary>A fabric's background work: deletes abandoned contents, fills indexes, removes expired documents. Owned by its <see cref="IMaintainedFabric"/>.</summary>
/// <remarks>Everything is noted in the environment before it is begun, so a restart goes on with it.</remarks>
internal sealed class FabricMaintenance(IMaintainedFabric fabric, DatabaseOptions options, TimeProvider clock) : IAsyncDisposable
{
    /// <summary>Pause after the storage refused work: a full disk or queue gets time to recover.</summary>
    private static readonly TimeSpan RetryPause = TimeSpan.FromSeconds(1);

    // By index id; guarded by itself.
    private readonly Dictionary<uint, Task> _fillings = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private Task _loop = Task.CompletedTask;

    /// <summary>What ended the last round that did not end well; null when none did.</summary>
    public Exception? LastFailure { get; private set; }

    public void Start() => _loop = Task.Run(() => RunAsync(_stop.Token));

    /// <summary>Stops after the turns under way.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        Task[] fillings;
        lock (_fillings)
            fillings = [.. _fillings.Values];
        // Whoever waits for a filling hears how it ended; here it only has to have ended.
        await Task.WhenAll(fillings).ContinueWith(static _ => { }, TaskScheduler.Default);
        _stop.Dispose();
    }

    /// <summary>There is new work.</summary>
    public void Wake() => _wake.Writer.TryWrite(true);

    /// <summary>Fills an index, or joins those who already wait for it. Ends at once when it is ready.</summary>
    /// <exception cref="GeoFabricException">1210 when documents violate a unique index, which is then gone.</exception>
    public Task FillIndexAsync(uint collectionId, uint indexId)
    {
        if (!fabric.Catalog.Collections.Values.Any(collection => collection.Id == collectionId && collection.FindIndex(indexId) is { IsBuilding: true }))
            return Task.CompletedTask;
        lock (_fillings)
        {
            if (!_fillings.TryGetValue(indexId, out var filling))
            {
                filling = Task.Run(() => FillAsync(collectionId, indexId));
                _fillings.Add(indexId, filling);
            }
            return filling;
        }
    }

    /// <summary>Removes what has expired by now.</summary>
    public async Task SweepAsync()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds() / 1000.0;
        await SweepRequestsAsync();
        foreach (var (collectionId, indexId) in FindExpired(now))
        {
            using var job = fabric.Jobs.Begin(JobKind.Expiry, fabric.Catalog.Collections.Values.FirstOrDefault(collection => collection.Id == collectionId));
            while (!_stop.IsCancellationRequested)
            {
                if (await fabric.RunAsync(transaction => ExpirySweeper.Advance(transaction, collectionId, indexId, now)))
                    break;
            }
        }
    }

    private async Task SweepRequestsAsync()
    {
        var until = HybridTimestamp.FromUnixMilliseconds((clock.GetUtcNow() - RequestEntries.Kept).ToUnixTimeMilliseconds());
        using (var snapshot = fabric.OpenSnapshot())
        {
            using var cursor = snapshot.Storage.OpenCursor(KeyLayout.RequestsUpTo(until.Bits));
            if (!cursor.MoveNext())
                return;
        }
        while (!_stop.IsCancellationRequested && !await fabric.RunAsync(transaction =>
            // What not all regions have applied may still turn out to have been done twice.
            RequestEntries.Sweep(transaction.Storage, transaction.IsReplicated && transaction.Stable < until ? transaction.Stable : until)))
        {
        }
    }

    private async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await FinishPendingWorkAsync(stop);
                if (options.ExpirySweepInterval > TimeSpan.Zero)
                    await SweepAsync();
                await WaitAsync(stop);
            }
            catch (OperationCanceledException) when (stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception failure)
            {
                // The storage refused (full, read-only, closing) or something is damaged. The work is still noted; the next round tries again.
                LastFailure = failure;
                await PauseAsync(stop);
            }
        }
    }

    private async Task FinishPendingWorkAsync(CancellationToken stop)
    {
        // First: until then a client reads a sum that is too high, and filling an index may take long.
        await fabric.CompensateAsync(stop);
        foreach (var key in ListPendingWork())
        {
            stop.ThrowIfCancellationRequested();
            var first = KeyLayout.ReadId(key, 2);
            switch ((PendingWorkKind)key[1])
            {
                case PendingWorkKind.DeleteContents:
                    await DeleteAsync(JobKind.ContentsRemoval, transaction => ContentsDeleter.DeleteContents(transaction, first), stop);
                    break;
                case PendingWorkKind.DeleteIndex:
                    await DeleteAsync(JobKind.IndexRemoval, transaction => ContentsDeleter.DeleteIndex(transaction, first, KeyLayout.ReadId(key, 6)), stop);
                    break;
                case PendingWorkKind.BuildIndex:
                    await FillQuietlyAsync(first, KeyLayout.ReadId(key, 6));
                    break;
                case PendingWorkKind.VoidRequest:
                    // Noted since: applying it has woken the next round.
                    break;
            }
        }
    }

    private async Task DeleteAsync(JobKind kind, Func<FabricTransaction, bool> turn, CancellationToken stop)
    {
        using var job = fabric.Jobs.Begin(kind);
        await RepeatAsync(turn, stop, () => job.Advance(ContentsDeleter.EntriesPerTurn));
    }

    private async Task RepeatAsync(Func<FabricTransaction, bool> turn, CancellationToken stop, Action? afterTurn = null)
    {
        while (!await fabric.RunAsync(turn, stop))
        {
            afterTurn?.Invoke();
            stop.ThrowIfCancellationRequested();
        }
    }

    private async Task FillQuietlyAsync(uint collectionId, uint indexId)
    {
        try
        {
            await FillIndexAsync(collectionId, indexId);
        }
        catch (GeoFabricException violation) when (violation.Code == ErrorCodes.UniqueConstraintViolated)
        {
            // Whoever asked for the index is told; without them, after a restart, its absence tells.
        }
    }

    private async Task FillAsync(uint collectionId, uint indexId)
    {
        try
        {
            using var job = BeginFilling(collectionId, indexId);
            await RepeatAsync(transaction => IndexFiller.Advance(transaction, collectionId, indexId, job), _stop.Token);
        }
        catch (GeoFabricException violation) when (violation.Code == ErrorCodes.UniqueConstraintViolated)
        {
            await fabric.RunAsync(transaction =>
            {
                IndexFiller.Abandon(transaction, collectionId, indexId);
                return true;
            });
            Wake();
            throw;
        }
        finally
        {
            lock (_fillings)
                _fillings.Remove(indexId);
        }
    }

    /// <returns>Null when the index is gone.</returns>
    private FabricJob? BeginFilling(uint collectionId, uint indexId)
    {
        using var snapshot = fabric.OpenSnapshot();
        if (!snapshot.Reads.Catalog.TryGet(collectionId, out var collection) || collection.Definition.FindIndex(indexId) is not { } index)
            return null;
        var done = IndexFiller.CountDone(snapshot.Storage, collection, indexId);
        var total = done is null ? (long?)null : snapshot.EstimateDocuments(collection.Definition);
        // The indexes of a view are one thing to its users, and go with it alone.
        var job = index.ViewId != 0
            ? fabric.Jobs.Begin(JobKind.ViewBuild, collection.Definition, snapshot.Catalog.Views.Values.FirstOrDefault(view => view.Id == index.ViewId)?.Name, total)
            : fabric.Jobs.Begin(JobKind.IndexBuild, collection.Definition, index.Name, total, scope => fabric.DropUnfinishedAsync(scope, collectionId, indexId));
        job.Advance(done ?? 0);
        return job;
    }

    private List<byte[]> ListPendingWork()
    {
        using var snapshot = fabric.OpenSnapshot();
        using var cursor = snapshot.Storage.OpenCursor(KeyLayout.AllPendingWork);
        var keys = new List<byte[]>();
        while (cursor.MoveNext())
            keys.Add(cursor.Key.ToArray());
        return keys;
    }

    private List<(uint CollectionId, uint IndexId)> FindExpired(double now)
    {
        using var snapshot = fabric.OpenSnapshot();
        var found = new List<(uint, uint)>();
        foreach (var collection in snapshot.Reads.Catalog.Collections)
        {
            foreach (var index in collection.Indexes.OfType<TtlIndex>())
            {
                if (!index.Definition.IsBuilding && ExpirySweeper.HasExpired(snapshot.Storage, index, now))
                    found.Add((collection.Definition.Id, index.Definition.Id));
            }
        }
        return found;
    }

    /// <summary>Waits for <see cref="Wake"/> or for the next sweep.</summary>
    private async Task WaitAsync(CancellationToken stop)
    {
        if (options.ExpirySweepInterval <= TimeSpan.Zero)
        {
            await _wake.Reader.ReadAsync(stop);
            return;
        }
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var wake = _wake.Reader.ReadAsync(either.Token).AsTask();
        var sweep = Task.Delay(options.ExpirySweepInterval, clock, either.Token);
        await Task.WhenAny(wake, sweep);
        await either.CancelAsync();
        stop.ThrowIfCancellationRequested();
    }

    private async Task PauseAsync(CancellationToken stop)
    {
        try
        {
            await Task.Delay(RetryPause, clock, stop);
        }
        catch (OperationCanceledException)
        {
            // Stopped while pausing: the loop's condition sees it.
        }
    }
}
