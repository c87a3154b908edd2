using GeoFabric.Primitives.Errors;
using GeoFabric.Storage;
using GeoFabric.Storage.Lmdb;

namespace GeoFabric.Tests.Storage;

/// <summary>Group commit and what a commit that fails means for the works in it.</summary>
public sealed class LmdbWriterTests : IDisposable
{
    private const int InputOutputError = 5;
    private const int NoSpace = 28;

    private readonly TemporaryDirectory _directory = new();
    private readonly Queue<int> _commitStatuses = new();
    private bool _hasSyncFailed;

    private LmdbOptions Options => new()
    {
        DirectoryPath = _directory.DirectoryPath,
        BatchTimeMax = TimeSpan.FromSeconds(10),
        CommitFault = () => _commitStatuses.TryDequeue(out var status) ? status : 0,
        SyncFault = () => _hasSyncFailed,
    };

    public void Dispose() => _directory.Dispose();

    /// <summary>Queues works behind a blocked writer, so that they meet in one batch, and lets it go.</summary>
    private static async Task<Task<CommitReceipt>[]> QueueTogetherAsync(LmdbEngine engine, params Action<IWriteTransaction>[] works)
    {
        using var gate = new ManualResetEventSlim();
        var blocker = engine.WriteAsync(_ => gate.Wait());
        var tasks = works.Select(work => engine.WriteAsync(work)).ToArray();
        gate.Set();
        await blocker.ContinueWith(_ => { }, TaskScheduler.Default);
        await Task.WhenAny(Task.WhenAll(tasks), Task.Delay(TimeSpan.FromSeconds(30)));
        return tasks;
    }

    private static Action<IWriteTransaction> Put(string key, string value = "1") => t => t.Put(key, value);

    private static async Task<int> ErrorNumberAsync(Task task) => (await Assert.ThrowsAsync<GeoFabricException>(() => task)).ErrorNumber;

    [Fact]
    public async Task Works_that_wait_together_share_one_commit()
    {
        await using var engine = LmdbEngine.Open(Options);

        var receipts = await Task.WhenAll(await QueueTogetherAsync(engine, [.. Enumerable.Range(0, 300).Select(i => Put($"key{i}"))]));

        Assert.Single(receipts.Distinct());
        Assert.Equal(receipts[0].Sequence + 1, (await engine.PutAsync("a=1")).Sequence);
    }

    [Fact]
    public async Task A_commit_takes_no_more_works_than_the_limit()
    {
        await using var engine = LmdbEngine.Open(Options with { BatchWorksMax = 10 });

        var receipts = await Task.WhenAll(await QueueTogetherAsync(engine, [.. Enumerable.Range(0, 39).Select(i => Put($"key{i}"))]));

        Assert.Equal([9, 10, 10, 10], receipts.GroupBy(receipt => receipt.Sequence).Select(group => group.Count()));
    }

    [Fact]
    public async Task A_commit_takes_no_more_works_once_it_holds_the_bytes_of_the_limit()
    {
        await using var engine = LmdbEngine.Open(Options with { BatchBytesMax = 1000 });

        var receipts = await Task.WhenAll(await QueueTogetherAsync(engine, [.. Enumerable.Range(0, 6).Select(i => Put($"key{i}", new string('v', 600)))]));

        Assert.Equal([2, 2, 2], receipts.GroupBy(receipt => receipt.Sequence).Select(group => group.Count()));
    }

    [Fact]
    public async Task A_failed_sync_reports_1305_and_leaves_the_store_readable_but_read_only()
    {
        await using var engine = LmdbEngine.Open(Options);
        await engine.PutAsync("a=1");
        _commitStatuses.Enqueue(InputOutputError);
        _hasSyncFailed = true;

        var tasks = await QueueTogetherAsync(engine, Put("a", "2"), Put("b"));

        Assert.Equal(1305, await ErrorNumberAsync(tasks[0]));
        Assert.Equal(1305, await ErrorNumberAsync(tasks[1]));
        Assert.Equal(1004, await ErrorNumberAsync(engine.PutAsync("c=1")));
        Assert.False(engine.GetStatus().IsWritable);
        Assert.Equal("a=1", engine.Scan());
    }

    [Fact]
    public async Task After_a_failed_sync_a_restart_makes_the_store_writable_again()
    {
        await using (var engine = LmdbEngine.Open(Options))
        {
            await engine.PutAsync("a=1");
            _commitStatuses.Enqueue(InputOutputError);
            _hasSyncFailed = true;
            await ErrorNumberAsync(engine.PutAsync("a=2"));
        }

        await using var reopened = LmdbEngine.Open(Options);
        await reopened.PutAsync("b=2");

        Assert.Equal("a=1 b=2", reopened.Scan());
    }

    [Fact]
    public async Task A_full_disk_reports_1104_stores_nothing_and_writes_work_again_when_space_returns()
    {
        await using var engine = LmdbEngine.Open(Options);
        await engine.PutAsync("a=1");
        _commitStatuses.Enqueue(NoSpace);

        Assert.Equal(1104, await ErrorNumberAsync(engine.WriteAsync(Put("a", "2"))));

        Assert.Equal("a=1", engine.Scan());
        Assert.True(engine.GetStatus().IsWritable);
        await engine.PutAsync("a=3");
        Assert.Equal("a=3", engine.Scan());
    }

    [Fact]
    public async Task A_write_that_a_full_disk_cut_short_is_no_failed_sync_even_when_there_is_room_again()
    {
        await using var engine = LmdbEngine.Open(Options);
        await engine.PutAsync("a=1");
        _commitStatuses.Enqueue(InputOutputError);

        Assert.Equal(1104, await ErrorNumberAsync(engine.PutAsync("a=2")));

        Assert.Null(engine.GetStatus().Fault);
        await engine.PutAsync("b=2");
        Assert.Equal("a=1 b=2", engine.Scan());
    }

    [Fact]
    public async Task Works_of_a_commit_that_found_no_room_are_tried_one_by_one()
    {
        await using var engine = LmdbEngine.Open(Options);
        await engine.PutAsync("a=1", "b=1");
        using var gate = new ManualResetEventSlim();
        var blocker = engine.WriteAsync(t =>
        {
            gate.Wait();
            t.Put("large", "1");
        });
        var deleting = engine.WriteAsync(t => t.Delete("b"));
        var failing = engine.WriteAsync(_ => throw new InvalidOperationException("on purpose"));
        // The shared commit fails, and so does the first work alone.
        _commitStatuses.Enqueue(NoSpace);
        _commitStatuses.Enqueue(NoSpace);
        gate.Set();

        Assert.Equal(1104, await ErrorNumberAsync(blocker));
        await deleting;
        await Assert.ThrowsAsync<InvalidOperationException>(() => failing);
        Assert.Equal("a=1", engine.Scan());
    }

    [Fact]
    public async Task A_map_that_proves_full_at_commit_grows_and_the_works_run_again_unseen()
    {
        await using var engine = LmdbEngine.Open(Options with { MapSizeBytes = 1 << 20 });
        await engine.PutAsync("a=1");
        _commitStatuses.Enqueue(LmdbStatus.MapFull);
        var runs = 0;

        await engine.WriteAsync(t =>
        {
            runs++;
            t.Put("a", t.Get("a") + "2");
        });

        Assert.Equal(2, runs);
        Assert.Equal("a=12", engine.Scan());
    }

    [Fact]
    public async Task A_work_that_swallows_the_full_map_is_run_again_all_the_same()
    {
        await using var engine = LmdbEngine.Open(Options with { MapSizeBytes = 1 << 20 });

        await engine.WriteAsync(t =>
        {
            for (var i = 0; i < 3000; i++)
            {
                try
                {
                    t.Put($"key{i}", new string('v', 1000));
                }
                catch (GeoFabricException)
                {
                    // A query with ignoreErrors does this.
                }
            }
        });

        using var snapshot = engine.OpenSnapshot();
        Assert.Equal(3000, snapshot.Scan().Split(' ').Length);
    }

    [Fact]
    public async Task Spans_keep_their_bytes_in_a_transaction_of_more_pages_than_the_library_keeps_in_memory()
    {
        // Past 131,000 dirty pages the library writes some to the file before their time: those lie in the map and can still change.
        await using var engine = LmdbEngine.Open(Options);
        await engine.PutAsync("key000001=old");
        var value = new byte[2100];
        var changed = -1;

        await Assert.ThrowsAsync<InvalidOperationException>(() => engine.WriteAsync(t =>
        {
            PutAll(t, value, 1, 135_000, mark: 1);
            var spans = new KeyBatch();
            for (var i = 115_000; i < 130_000; i++)
                spans.Add($"key{i:D6}".Bytes());
            t.GetMany(spans);
            PutAll(t, value, 115_000, 130_000, mark: 2);
            PutAll(t, value, 135_000, 180_000, mark: 1);
            changed = Enumerable.Range(0, spans.Count).Count(i => !spans.TryGetValue(i, out var span) || span[0] != 1);
            throw new InvalidOperationException("on purpose");
        }));

        Assert.Equal(0, changed);
        Assert.Equal("key000001=old", engine.Scan());
    }

    private static void PutAll(IWriteTransaction transaction, byte[] value, int from, int to, byte mark)
    {
        value[0] = mark;
        for (var i = from; i < to; i++)
            transaction.Put($"key{i:D6}".Bytes(), value);
    }
}
