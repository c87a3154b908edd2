using GeoFabric.Storage;
using GeoFabric.Storage.Lmdb;

namespace GeoFabric.Tests.Storage;

public sealed class LmdbEngineTests : StorageCursorContract
{
    private readonly TemporaryDirectory _directory = new();
    private int _engineCount;

    protected override IStorageEngine OpenEngine(int queuedWorksMax = 4096) =>
        LmdbEngine.Open(new LmdbOptions { DirectoryPath = _directory.Inside($"{_engineCount++}"), QueuedWorksMax = queuedWorksMax });

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}
