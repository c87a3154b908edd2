using GeoFabric.Storage;
using GeoFabric.Storage.Lmdb;

namespace GeoFabric.Tests.Storage;

public sealed class LmdbEngineTests : StorageCursorContract
{
    private readonly TemporaryDirectory _directory = new();
    private int _engineCount;

    protected override IStorageEngine OpenEngine(int queuedWorksMax = 4096) =>
        LmdbEngine.Open(new LmdbOptions { DirectoryPath = _directory.Inside($"{_engineCount++}"), QueuedWorksMax = queuedWorksMax });

    /// <summary>The library would leave every page behind such a run half empty.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(500)]
    public async Task Keys_that_ascend_in_the_middle_of_the_tree_fill_their_pages(int perCommit)
    {
        const int Count = 4000, EntryBytes = 14 + 80;
        await using var engine = OpenEngine();
        await engine.WriteAsync(transaction =>
        {
            for (var i = 0; i < 200; i++)
                transaction.Put($"before{i}", new string('b', 40));
            for (var i = 0; i < 200; i++)
                transaction.Put($"then{i}", new string('t', 40));
        });
        var before = engine.GetStatus().SizeBytes;

        for (var first = 0; first < Count; first += perCommit)
        {
            await engine.WriteAsync(transaction =>
            {
                for (var i = first; i < first + perCommit; i++)
                    transaction.Put($"run{i:D11}", new string('r', 80));
            });
        }

        // Pages that commits have freed are in the size: some 20 for single entries.
        Assert.InRange(engine.GetStatus().SizeBytes - before, Count * EntryBytes, (Count * EntryBytes * 1.15) + (30 * 4096));
        Assert.Equal(Count, engine.Scan().Split(' ').Count(entry => entry.StartsWith("run", StringComparison.Ordinal)));
    }

    /// <summary>Generated keys: ten longer ones come before each shorter one, which lies there already.</summary>
    [Theory]
    [InlineData(66)]
    [InlineData(72)]
    public async Task Numbers_in_the_order_of_texts_fill_their_pages(int valueSize)
    {
        const int Count = 120_000;
        var value = new string('n', valueSize);
        await using var engine = OpenEngine();
        for (var first = 1; first <= Count; first += 1000)
        {
            await engine.WriteAsync(transaction =>
            {
                transaction.Put($"z{first}", "behind them");
                for (var i = first; i < first + 1000; i++)
                    transaction.Put($"numbers {i}", $"{i}{value}");
            });
        }

        Assert.InRange(engine.GetStatus().SizeBytes, Count * valueSize, Count * (valueSize + 30) / 0.7);
        var expected = Enumerable.Range(1, Count).Select(i => $"{i}").Order(StringComparer.Ordinal).Select(number => $"numbers {number}={number}{value}");
        using var snapshot = engine.OpenSnapshot();
        Assert.Equal(string.Join(' ', expected), snapshot.Scan(StorageTestExtensions.Range("", "z")));
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _directory.Dispose();
    }
}
