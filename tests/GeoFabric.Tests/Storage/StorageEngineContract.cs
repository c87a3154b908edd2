using GeoFabric.Primitives.Errors;
using GeoFabric.Storage;
using static GeoFabric.Tests.Storage.StorageTestExtensions;

namespace GeoFabric.Tests.Storage;

/// <summary>What every engine promises: commits, snapshots, batches of works. Cursors are in <see cref="StorageCursorContract"/>.</summary>
public abstract class StorageEngineContract : IAsyncLifetime
{
    private IStorageEngine? _engine;

    protected IStorageEngine Engine => _engine!;

    protected abstract IStorageEngine OpenEngine(int queuedWorksMax = 4096);

    public virtual ValueTask InitializeAsync()
    {
        _engine = OpenEngine();
        return ValueTask.CompletedTask;
    }

    public virtual async ValueTask DisposeAsync()
    {
        await Engine.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>Holds the writer inside a work until the returned gate is set, so that the test can queue works behind it.</summary>
    protected async Task<(ManualResetEventSlim Gate, Task Blocker)> BlockWriterAsync(IStorageEngine? engine = null)
    {
        var gate = new ManualResetEventSlim();
        var entered = new TaskCompletionSource();
        var blocker = Task.Run(() => (engine ?? Engine).WriteAsync(_ =>
        {
            entered.TrySetResult();
            gate.Wait();
        }));
        await entered.Task;
        return (gate, blocker);
    }

    [Fact]
    public async Task A_committed_entry_is_found()
    {
        await Engine.PutAsync("a=1");

        Assert.Equal("1", Engine.Get("a"));
    }

    [Fact]
    public void A_key_never_written_is_not_found()
    {
        using var snapshot = Engine.OpenSnapshot();

        Assert.False(snapshot.TryGet("a"u8, out var value));
        Assert.True(value.IsEmpty);
    }

    [Fact]
    public async Task A_put_replaces_the_value_whether_shorter_equal_or_longer()
    {
        foreach (var value in (string[])["first", "worst", "x", "", "a much longer value than before"])
        {
            await Engine.PutAsync($"a={value}");

            Assert.Equal(value, Engine.Get("a"));
        }
    }

    [Fact]
    public async Task An_empty_value_is_an_entry()
    {
        await Engine.PutAsync("a=");

        using var snapshot = Engine.OpenSnapshot();
        Assert.True(snapshot.TryGet("a"u8, out var value));
        Assert.Equal(0, value.Length);
        Assert.Equal("a=", snapshot.Scan());
    }

    [Fact]
    public async Task Delete_says_whether_there_was_such_a_key()
    {
        await Engine.PutAsync("a=1");
        bool first = false, second = false;

        await Engine.WriteAsync(t =>
        {
            first = t.Delete("a");
            second = t.Delete("a");
        });

        Assert.True(first);
        Assert.False(second);
        Assert.Null(Engine.Get("a"));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(511)]
    public async Task Keys_of_the_shortest_and_the_longest_size_are_stored(int size)
    {
        var key = new string('k', size);

        await Engine.PutAsync($"{key}=v");

        Assert.Equal($"{key}=v", Engine.Scan());
        Assert.Equal("v", Engine.Get(key));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(512)]
    public async Task Keys_of_impossible_size_are_refused_by_put_and_never_found(int size)
    {
        var key = new string('k', size);
        await Engine.PutAsync("k=1");

        await Assert.ThrowsAsync<ArgumentException>(() => Engine.WriteAsync(t => t.Put(key, "v")));

        Assert.Null(Engine.Get(key));
        await Engine.WriteAsync(t => Assert.False(t.Delete(key)));
        Assert.Equal("k=1", Engine.Scan());
    }

    [Fact]
    public async Task Values_of_every_size_around_a_page_and_of_four_mebibytes_come_back_unchanged()
    {
        var random = new Random(7);
        int[] sizes = [1, 2000, 2040, 2048, 4000, 4080, 4096, 8192, 65_536, 4 << 20];
        var values = sizes.Select(size =>
        {
            var value = new byte[size];
            random.NextBytes(value);
            return value;
        }).ToArray();

        await Engine.WriteAsync(t =>
        {
            for (var i = 0; i < values.Length; i++)
                t.Put($"key{i}".Bytes(), values[i]);
        });

        using var snapshot = Engine.OpenSnapshot();
        for (var i = 0; i < values.Length; i++)
        {
            Assert.True(snapshot.TryGet($"key{i}".Bytes(), out var value));
            Assert.True(value.SequenceEqual(values[i]));
        }
    }

    [Fact]
    public async Task Keys_are_ordered_as_unsigned_bytes_with_prefixes_first()
    {
        await Engine.PutAsync("b=5", "a\u00FF=4", "a=1", "\u0000=0", "aa=3", "a\u0000=2", "\u00FF=6");

        Assert.Equal("\u0000=0 a=1 a\u0000=2 aa=3 a\u00FF=4 b=5 \u00FF=6", Engine.Scan());
    }

    [Fact]
    public async Task A_snapshot_sees_its_commit_only()
    {
        await Engine.PutAsync("a=1", "b=1");
        using var before = Engine.OpenSnapshot();

        await Engine.WriteAsync(t =>
        {
            t.Put("a", "2");
            t.Delete("b");
            t.Put("c", "2");
        });

        Assert.Equal("a=1 b=1", before.Scan());
        Assert.Equal("a=2 c=2", Engine.Scan());
    }

    [Fact]
    public void A_snapshot_opened_before_the_first_write_is_empty()
    {
        using var snapshot = Engine.OpenSnapshot();

        Assert.Equal("", snapshot.Scan());
        Assert.Equal("", snapshot.Scan(direction: ScanDirection.Backward));
    }

    [Fact]
    public void A_disposed_snapshot_answers_no_more_and_may_be_disposed_again()
    {
        var snapshot = Engine.OpenSnapshot();
        var cursor = snapshot.OpenCursor(KeyRange.All);
        snapshot.Dispose();
        snapshot.Dispose();

        Assert.Throws<ObjectDisposedException>(() => snapshot.Get("a"));
        Assert.Throws<ObjectDisposedException>(() => snapshot.OpenCursor(KeyRange.All));
        Assert.Throws<ObjectDisposedException>(() => cursor.MoveNext());
        cursor.Dispose();
    }

    [Fact]
    public async Task Open_snapshots_and_bytes_in_use_show_in_the_status()
    {
        await Engine.PutAsync("a=1");
        var first = Engine.OpenSnapshot();
        using var second = Engine.OpenSnapshot();
        first.Dispose();

        var status = Engine.GetStatus();

        Assert.Equal((true, 1, 0), (status.IsWritable, status.OpenSnapshots, status.QueuedWorks));
        Assert.True(status.SizeBytes > 0);
    }

    [Fact]
    public async Task A_work_sees_its_own_writes()
    {
        await Engine.PutAsync("a=1", "b=1");

        await Engine.WriteAsync(t =>
        {
            t.Put("a", "2");
            t.Put("c", "2");
            t.Delete("b");

            Assert.Equal("2", t.Get("a"));
            Assert.Null(t.Get("b"));
            Assert.Equal("a=2 c=2", t.Scan());
            Assert.Equal("c=2 a=2", t.Scan(direction: ScanDirection.Backward));
        });
    }

    [Fact]
    public async Task A_transaction_kept_beyond_its_work_refuses_use()
    {
        IWriteTransaction? kept = null;
        ICursor? cursor = null;
        await Engine.PutAsync("a=1");

        await Engine.WriteAsync(t =>
        {
            kept = t;
            cursor = t.OpenCursor(KeyRange.All);
            cursor.MoveNext();
        });

        Assert.Throws<ObjectDisposedException>(() => kept!.Put("a", "2"));
        Assert.Throws<ObjectDisposedException>(() => kept!.Get("a"));
        Assert.Throws<ObjectDisposedException>(() => cursor!.MoveNext());
        cursor!.Dispose();
        Assert.Equal("a=1", Engine.Scan());
    }

    [Fact]
    public async Task A_failing_work_leaves_nothing_and_reports_its_own_exception()
    {
        await Engine.PutAsync("a=1", "b=1");

        var failure = await Assert.ThrowsAsync<GeoFabricException>(() => Engine.WriteAsync(t =>
        {
            t.Put("a", "2");
            t.Delete("b");
            t.Put("c", "2");
            t.DeleteRange(KeyRange.All, 1);
            throw ErrorCodes.UniqueConstraintViolated.With("c");
        }));

        Assert.Equal(1210, failure.ErrorNumber);
        Assert.Equal("a=1 b=1", Engine.Scan());
    }

    [Fact]
    public async Task A_work_failing_between_others_takes_back_only_its_own_writes()
    {
        var (gate, blocker) = await BlockWriterAsync();
        var first = Engine.PutAsync("a=1", "b=1");
        var failing = Engine.WriteAsync(t =>
        {
            Assert.Equal("a=1 b=1", t.Scan());
            t.Put("a", "2");
            t.Put("a", "a longer one");
            t.Delete("b");
            t.Put("c", "2");
            throw new InvalidOperationException("on purpose");
        });
        var last = Engine.WriteAsync(t => t.Put("seen", t.Scan()));
        gate.Set();

        await Task.WhenAll(blocker, first, last);
        Assert.Equal("on purpose", (await Assert.ThrowsAsync<InvalidOperationException>(() => failing)).Message);
        Assert.Equal("a=1 b=1 seen=a=1 b=1", Engine.Scan());
    }

    [Fact]
    public async Task Works_run_in_the_order_they_were_queued()
    {
        var order = new List<int>();

        await Task.WhenAll(Enumerable.Range(0, 500).Select(i => Engine.WriteAsync(t =>
        {
            order.Add(i);
            t.Put("last", $"{i}");
        })));

        Assert.Equal(Enumerable.Range(0, 500), order);
        Assert.Equal("499", Engine.Get("last"));
    }

    [Fact]
    public async Task Receipts_never_go_back_and_works_without_writes_take_no_commit()
    {
        var first = await Engine.PutAsync("a=1");
        var reading = await Engine.WriteAsync(t => t.Get("a"));
        var deleted = await Engine.WriteAsync(t => t.Delete("nothing"));
        var second = await Engine.PutAsync("a=2");

        Assert.Equal(first, reading);
        Assert.Equal(first, deleted);
        Assert.Equal(first.Sequence + 1, second.Sequence);
    }

    [Fact]
    public async Task A_write_is_visible_to_every_snapshot_opened_after_its_task_has_ended()
    {
        for (var i = 0; i < 200; i++)
        {
            await Engine.PutAsync($"a={i}");

            Assert.Equal($"{i}", Engine.Get("a"));
        }
    }

    [Fact]
    public async Task Work_queued_by_a_work_runs_after_it()
    {
        Task? inner = null;
        await Engine.WriteAsync(t =>
        {
            inner = Engine.WriteAsync(later => later.Put("b", later.Get("a") + "2"));
            t.Put("a", "1");
        });
        await inner!;

        Assert.Equal("a=1 b=12", Engine.Scan());
    }

    [Fact]
    public async Task A_work_may_open_a_snapshot_which_shows_the_last_commit()
    {
        await Engine.PutAsync("a=1");
        string? seen = null;

        await Engine.WriteAsync(t =>
        {
            t.Put("a", "2");
            seen = Engine.Scan();
        });

        Assert.Equal("a=1", seen);
    }

    [Fact]
    public async Task Cancelling_takes_back_a_work_that_still_waits()
    {
        var (gate, blocker) = await BlockWriterAsync();
        using var cancellation = new CancellationTokenSource();
        var waiting = Engine.WriteAsync(t => t.Put("a", "1"), cancellation.Token);
        var behind = Engine.PutAsync("b=1");

        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        gate.Set();
        await Task.WhenAll(blocker, behind);
        Assert.Equal("b=1", Engine.Scan());
    }

    [Fact]
    public async Task A_work_that_has_begun_finishes_in_spite_of_cancellation()
    {
        using var cancellation = new CancellationTokenSource();

        await Engine.WriteAsync(
            t =>
            {
                cancellation.Cancel();
                t.Put("a", "1");
            },
            cancellation.Token);

        Assert.Equal("a=1", Engine.Scan());
    }

    [Fact]
    public async Task A_token_cancelled_before_queues_nothing()
    {
        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => Engine.WriteAsync(t => t.Put("a", "1"), new CancellationToken(canceled: true)));

        Assert.Equal("", Engine.Scan());
    }

    [Fact]
    public async Task A_full_queue_reports_1236_and_serves_what_it_holds()
    {
        await using var engine = OpenEngine(queuedWorksMax: 2);
        var (gate, blocker) = await BlockWriterAsync(engine);
        var held = new[] { engine.PutAsync("a=1"), engine.PutAsync("b=1") };

        var refused = await Assert.ThrowsAsync<GeoFabricException>(() => engine.PutAsync("c=1"));

        Assert.Equal(1236, refused.ErrorNumber);
        Assert.Equal(2, engine.GetStatus().QueuedWorks);
        gate.Set();
        await Task.WhenAll([blocker, .. held]);
        Assert.Equal("a=1 b=1", engine.Scan());
    }

    [Fact]
    public async Task A_closed_engine_reports_30_for_writes_and_snapshots()
    {
        await Engine.DisposeAsync();

        Assert.Equal(30, (await Assert.ThrowsAsync<GeoFabricException>(() => Engine.PutAsync("a=1"))).ErrorNumber);
        Assert.Equal(30, Assert.Throws<GeoFabricException>(() => Engine.OpenSnapshot()).ErrorNumber);
    }

    [Fact]
    public async Task DeleteRange_deletes_from_the_start_and_stops_at_the_limit()
    {
        await Engine.PutAsync("a=1", "b=1", "c=1", "d=1", "e=1");
        int first = 0, second = 0;

        await Engine.WriteAsync(t =>
        {
            first = t.DeleteRange(Range("b", "e"), 2);
            Assert.Equal("a=1 d=1 e=1", t.Scan());
            second = t.DeleteRange(Range("b", "e"), 2);
        });

        Assert.Equal((2, 1), (first, second));
        Assert.Equal("a=1 e=1", Engine.Scan());
    }

    [Fact]
    public async Task DeleteRange_over_everything_empties_the_store_over_many_pages()
    {
        await Engine.WriteAsync(t =>
        {
            for (var i = 0; i < 5000; i++)
                t.Put($"key{i:D6}", new string('v', i % 300));
        });
        var count = 0;

        await Engine.WriteAsync(t => count = t.DeleteRange(KeyRange.All, int.MaxValue));

        Assert.Equal(5000, count);
        Assert.Equal("", Engine.Scan());
    }

    [Fact]
    public async Task RollbackTo_returns_to_the_marked_state()
    {
        await Engine.PutAsync("a=1", "b=1");

        await Engine.WriteAsync(t =>
        {
            t.Put("c", "1");
            var savepoint = t.Mark();
            t.Put("a", "2");
            t.Put("a", "3");
            t.Delete("b");
            t.Put("b", "again");
            t.Put("d", "2");
            t.Delete("c");
            t.RollbackTo(savepoint);
            Assert.Equal("a=1 b=1 c=1", t.Scan());
        });

        Assert.Equal("a=1 b=1 c=1", Engine.Scan());
    }

    [Fact]
    public async Task Savepoints_nest_and_one_can_be_returned_to_again()
    {
        await Engine.WriteAsync(t =>
        {
            t.Put("a", "1");
            var outer = t.Mark();
            t.Put("b", "1");
            var inner = t.Mark();
            t.Put("c", "1");
            t.RollbackTo(inner);
            Assert.Equal("a=1 b=1", t.Scan());
            t.Put("d", "1");
            t.RollbackTo(inner);
            Assert.Equal("a=1 b=1", t.Scan());
            t.RollbackTo(outer);
            Assert.Equal("a=1", t.Scan());
            t.Put("e", "1");
        });

        Assert.Equal("a=1 e=1", Engine.Scan());
    }

    [Fact]
    public async Task A_work_rolled_back_to_its_beginning_takes_no_commit()
    {
        var before = await Engine.PutAsync("a=1");

        var receipt = await Engine.WriteAsync(t =>
        {
            var savepoint = t.Mark();
            t.Put("a", "2");
            t.RollbackTo(savepoint);
        });

        Assert.Equal("a=1", Engine.Scan());
        Assert.True(receipt.Sequence >= before.Sequence);
    }

    [Fact]
    public async Task Large_values_come_back_on_rollback()
    {
        var large = new string('L', 4 << 20);
        await Engine.PutAsync($"a={large}");

        await Engine.WriteAsync(t =>
        {
            var savepoint = t.Mark();
            t.Put("a", "small");
            t.Put("a", new string('M', 100_000));
            t.Delete("a");
            t.RollbackTo(savepoint);
        });

        Assert.Equal(large, Engine.Get("a"));
    }

    [Fact]
    public async Task Many_writers_and_readers_at_once_always_see_whole_works()
    {
        await Engine.PutAsync("x=0", "y=0");
        using var done = new CancellationTokenSource();
        var readers = Enumerable.Range(0, 2).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                for (var i = 0; i < 20; i++)
                {
                    using var snapshot = Engine.OpenSnapshot();
                    Assert.Equal(snapshot.Get("x"), snapshot.Get("y"));
                }
                await Task.Yield();
            }
        })).ToArray();

        await Task.WhenAll(Enumerable.Range(0, 4).Select(writer => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await Engine.WriteAsync(t =>
                {
                    var next = $"{int.Parse(t.Get("x")!, null) + 1}";
                    t.Put("x", next);
                    t.Put("y", next);
                });
            }
        })));
        await done.CancelAsync();
        await Task.WhenAll(readers);

        Assert.Equal("x=400 y=400", Engine.Scan());
    }
}
