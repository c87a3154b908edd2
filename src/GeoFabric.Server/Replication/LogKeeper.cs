using GeoFabric.Database;
using GeoFabric.Database.Jobs;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Protocol;
using GeoFabric.Server.Options;

namespace GeoFabric.Server.Replication;

/// <summary>Keeps the logs of one fabric within their limits: now and then, in small turns between the fabric's writes.</summary>
internal sealed class LogKeeper(FabricReplica replica, PeerOptions options, TimeProvider clock)
{
    private volatile LogDroppable? _droppable;

    /// <summary>Notes what regions do not need any more.</summary>
    public void Note(LogDroppable droppable) => _droppable = droppable;

    public async Task RunAsync(CancellationToken stop)
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(options.LogTrimInterval, clock, stop);
                await TrimAsync(stop);
            }
            catch (Exception)
            {
                // A full or closing store, mostly; what is not dropped now is dropped later.
            }
        }
    }

    private async Task TrimAsync(CancellationToken stop)
    {
        if (_droppable is not { } droppable)
            return;
        var keptFrom = clock.GetUtcNow() - options.LogRetention;
        var limits = new LogLimits(
            ReplicationMapping.ToPositions(droppable.ByAll),
            ReplicationMapping.ToPositions(droppable.ByMajority),
            HybridTimestamp.FromUnixMilliseconds(Math.Max(0, keptFrom.ToUnixTimeMilliseconds())),
            (ulong)options.LogBytesMax);
        FabricJob? job = null;
        try
        {
            while (await replica.TrimLogsAsync(limits, stop) is > 0 and var dropped)
            {
                // Mostly there is nothing to drop.
                job ??= replica.Jobs.Begin(JobKind.LogTrimming);
                job.Advance(dropped);
                await Task.Yield();
            }
        }
        finally
        {
            job?.Dispose();
        }
    }
}
