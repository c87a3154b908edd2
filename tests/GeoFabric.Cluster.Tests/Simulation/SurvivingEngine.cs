using GeoFabric.Storage;
using GeoFabric.Storage.InMemory;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>A disk: what was committed to it is there for the next process that opens it.</summary>
internal sealed class SurvivingEngine : IStorageEngine
{
    private readonly InMemoryEngine _engine = new();

    public ISnapshot OpenSnapshot() => _engine.OpenSnapshot();

    public Task<CommitReceipt> WriteAsync(Action<IWriteTransaction> work, CancellationToken cancellationToken = default) => _engine.WriteAsync(work, cancellationToken);

    public StorageStatus GetStatus() => _engine.GetStatus();

    /// <summary>The process that had it open is gone; the disk is not.</summary>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    public SurvivingEngine Copy()
    {
        var copy = new SurvivingEngine();
        using var snapshot = OpenSnapshot();
        // On memory nothing is left to wait for when the call returns.
        copy.WriteAsync(storage =>
        {
            using var cursor = snapshot.OpenCursor(KeyRange.All);
            while (cursor.MoveNext())
                storage.Put(cursor.Key, cursor.Value);
        }).GetAwaiter().GetResult();
        return copy;
    }
}
