using GeoFabric.Storage;
using static GeoFabric.Tests.Storage.StorageTestExtensions;

namespace GeoFabric.Tests.Storage;

/// <summary>The part of the contract about cursors, on snapshots and inside the writer's turn, and the comparison with a model.</summary>
public abstract class StorageCursorContract : StorageBatchContract
{
    private Task<CommitReceipt> PutLettersAsync() => Engine.PutAsync("b=1", "d=2", "f=3", "h=4");

    [Fact]
    public async Task Forks_show_the_same_commit_to_several_threads_and_outlive_the_snapshot()
    {
        await Engine.PutAsync([.. Enumerable.Range(0, 500).Select(number => $"k{number:000}=1")]);
        var snapshot = Engine.OpenSnapshot();
        await Engine.PutAsync([.. Enumerable.Range(0, 500).Select(number => $"k{number:000}=2")]);
        var forks = Enumerable.Range(0, 4).Select(_ => snapshot.Fork()).ToList();
        var expected = string.Join(' ', Enumerable.Range(0, 500).Select(number => $"k{number:000}=1"));

        var seen = await Task.WhenAll(forks.Select((fork, index) => Task.Run(() => Enumerable.Range(0, 20)
            .Select(round => round % 2 == 0 ? fork.Scan() : string.Join(' ', Enumerable.Range(0, 500).Select(number => $"k{number:000}={fork.Get($"k{number:000}")}")))
            .ToHashSet()).WaitAsync(TimeSpan.FromSeconds(60))));

        Assert.All(seen, texts => Assert.Equal([expected], texts));
        snapshot.Dispose();
        Assert.Throws<ObjectDisposedException>(() => snapshot.Get("k000"));
        Assert.Equal("1", forks[0].Get("k000"));
        forks.ForEach(fork => fork.Dispose());
        Assert.Throws<ObjectDisposedException>(() => forks[0].Get("k000"));
        Assert.Equal(0, Engine.GetStatus().OpenSnapshots);
    }

    [Theory]
    [InlineData("", null, "b=1 d=2 f=3 h=4")]
    [InlineData("d", "f", "d=2")]
    [InlineData("c", "g", "d=2 f=3")]
    [InlineData("d", "f\u0000", "d=2 f=3")]
    [InlineData("i", null, "")]
    [InlineData("", "b", "")]
    [InlineData("e", "e", "")]
    [InlineData("g", "c", "")]
    public async Task A_range_holds_its_start_and_not_its_end_in_both_directions(string start, string? end, string expected)
    {
        await PutLettersAsync();
        using var snapshot = Engine.OpenSnapshot();

        var forward = snapshot.Scan(Range(start, end));
        var backward = snapshot.Scan(Range(start, end), ScanDirection.Backward);

        Assert.Equal(expected, forward);
        Assert.Equal(string.Join(' ', expected.Split(' ').Reverse()), backward);
    }

    [Theory]
    [InlineData(ScanDirection.Forward, "d", "d=2 f=3")]
    [InlineData(ScanDirection.Forward, "c", "d=2 f=3")]
    [InlineData(ScanDirection.Forward, "e", "f=3")]
    [InlineData(ScanDirection.Forward, "", "d=2 f=3")]
    [InlineData(ScanDirection.Forward, "g", "")]
    [InlineData(ScanDirection.Forward, "h", "")]
    [InlineData(ScanDirection.Backward, "d", "d=2")]
    [InlineData(ScanDirection.Backward, "e", "d=2")]
    [InlineData(ScanDirection.Backward, "f", "f=3 d=2")]
    [InlineData(ScanDirection.Backward, "z", "f=3 d=2")]
    [InlineData(ScanDirection.Backward, "h", "f=3 d=2")]
    [InlineData(ScanDirection.Backward, "c", "")]
    [InlineData(ScanDirection.Backward, "a", "")]
    [InlineData(ScanDirection.Backward, "", "")]
    public async Task Seek_finds_the_nearest_entry_in_the_direction_and_inside_the_range(ScanDirection direction, string key, string expected)
    {
        await PutLettersAsync();
        using var snapshot = Engine.OpenSnapshot();
        using var cursor = snapshot.OpenCursor(Range("c", "h"), direction);

        var isFound = cursor.Seek(key.Bytes());

        Assert.Equal(expected, isFound ? $"{cursor.Entry()} {cursor.Rest()}".Trim() : "");
    }

    [Fact]
    public async Task Seek_goes_to_and_fro_also_after_the_end()
    {
        await PutLettersAsync();
        using var snapshot = Engine.OpenSnapshot();
        using var cursor = snapshot.OpenCursor(KeyRange.All);

        Assert.Equal("b=1 d=2 f=3 h=4", cursor.Rest());
        Assert.False(cursor.MoveNext());
        Assert.True(cursor.Seek("c"u8));
        Assert.Equal("d=2", cursor.Entry());
        Assert.True(cursor.Seek("a"u8));
        Assert.Equal("b=1", cursor.Entry());
        Assert.False(cursor.Seek("i"u8));
        Assert.False(cursor.MoveNext());
    }

    [Fact]
    public async Task An_unpositioned_cursor_has_no_entry()
    {
        await PutLettersAsync();
        using var snapshot = Engine.OpenSnapshot();
        using var cursor = snapshot.OpenCursor(KeyRange.All);

        Assert.Throws<InvalidOperationException>(() => cursor.Key.Length);
        cursor.Rest();
        Assert.Throws<InvalidOperationException>(() => cursor.Value.Length);
    }

    [Fact]
    public async Task A_range_with_a_prefix_holds_the_keys_that_begin_with_it()
    {
        await Engine.PutAsync("a=1", "b=2", "b\u0000=3", "b\u00FF\u00FF=4", "c=5", "\u00FF=6", "\u00FFz=7");
        using var snapshot = Engine.OpenSnapshot();

        Assert.Equal("b=2 b\u0000=3 b\u00FF\u00FF=4", snapshot.Scan(KeyRange.WithPrefix("b"u8)));
        Assert.Equal("\u00FF=6 \u00FFz=7", snapshot.Scan(KeyRange.WithPrefix([0xFF])));
    }

    [Fact]
    public async Task Several_cursors_of_one_snapshot_move_independently()
    {
        await PutLettersAsync();
        using var snapshot = Engine.OpenSnapshot();
        var pairs = 0;

        using var outer = snapshot.OpenCursor(KeyRange.All);
        while (outer.MoveNext())
        {
            using var inner = snapshot.OpenCursor(KeyRange.All, ScanDirection.Backward);
            while (inner.MoveNext())
                pairs++;
        }

        Assert.Equal(16, pairs);
    }

    [Fact]
    public async Task More_cursors_than_are_pooled_work_and_forgotten_ones_do_no_harm()
    {
        await PutLettersAsync();
        for (var round = 0; round < 3; round++)
        {
            using var snapshot = Engine.OpenSnapshot();
            var cursors = Enumerable.Range(0, 40).Select(_ => snapshot.OpenCursor(KeyRange.All)).ToArray();

            Assert.All(cursors, cursor => Assert.Equal("b=1 d=2 f=3 h=4", cursor.Rest()));
        }
    }

    [Theory]
    [InlineData(ScanDirection.Forward)]
    [InlineData(ScanDirection.Backward)]
    public async Task A_cursor_in_a_work_survives_deleting_every_entry_it_stands_on(ScanDirection direction)
    {
        await Engine.WriteAsync(t =>
        {
            for (var i = 0; i < 1000; i++)
                t.Put($"key{i:D4}", new string('v', i % 100));
        });
        var count = 0;

        await Engine.WriteAsync(t =>
        {
            count = 0;
            using var cursor = t.OpenCursor(KeyRange.All, direction);
            while (cursor.MoveNext())
            {
                Assert.True(t.Delete(cursor.Key));
                count++;
            }
        });

        Assert.Equal(1000, count);
        Assert.Equal("", Engine.Scan());
    }

    [Fact]
    public async Task A_cursor_in_a_work_survives_replacing_values_and_sees_entries_put_ahead_of_it()
    {
        await PutLettersAsync();

        await Engine.WriteAsync(t =>
        {
            using var cursor = t.OpenCursor(KeyRange.All);
            Assert.True(cursor.MoveNext());
            t.Put("b", "a longer value than before");
            Assert.Equal("b=1", cursor.Entry());
            t.Put("a", "behind");
            t.Put("c", "ahead");
            t.Delete("d");
            Assert.Equal("c=ahead f=3 h=4", cursor.Rest());
        });

        Assert.Equal("a=behind b=a longer value than before c=ahead f=3 h=4", Engine.Scan());
    }

    [Fact]
    public async Task A_cursor_in_a_work_survives_a_rollback()
    {
        await PutLettersAsync();

        await Engine.WriteAsync(t =>
        {
            var savepoint = t.Mark();
            t.Put("c", "new");
            t.Delete("f");
            using var cursor = t.OpenCursor(KeyRange.All);
            cursor.MoveNext();
            cursor.MoveNext();
            Assert.Equal("c=new", cursor.Entry());
            t.RollbackTo(savepoint);
            Assert.Equal("d=2 f=3 h=4", cursor.Rest());
        });
    }

    [Fact]
    public async Task Updating_while_scanning_splits_pages_under_the_cursor_and_visits_each_key_once()
    {
        await Engine.WriteAsync(t =>
        {
            for (var i = 0; i < 2000; i++)
                t.Put($"key{i:D5}", "v");
        });
        var seen = new List<string>();

        await Engine.WriteAsync(t =>
        {
            seen.Clear();
            using var cursor = t.OpenCursor(KeyRange.All);
            while (cursor.MoveNext())
            {
                seen.Add(cursor.Key.Text());
                t.Put(cursor.Key, new byte[700]);
            }
        });

        Assert.Equal(Enumerable.Range(0, 2000).Select(i => $"key{i:D5}"), seen);
    }

    /// <summary>Long walks look ahead: over pages that commits have moved about, and values that have pages of their own.</summary>
    [Fact]
    public async Task A_walk_finds_each_of_thousands_of_entries_of_all_sizes_wherever_their_pages_lie()
    {
        var random = new Random(7);
        var sizes = new SortedDictionary<int, int>();
        for (var commit = 0; commit < 40; commit++)
        {
            var changes = new SortedDictionary<int, int?>();
            for (var i = 0; i < 150; i++)
                changes[random.Next(100_000)] = random.Next(8) switch { 0 => random.Next(20_000), 1 => 0, _ => random.Next(900) };
            foreach (var gone in sizes.Keys.Where(_ => random.Next(20) == 0))
                changes[gone] = null;
            await Engine.WriteAsync(t =>
            {
                foreach (var (number, size) in changes)
                {
                    if (size is { } bytes)
                        t.Put($"k{number:D6}".Bytes(), Enumerable.Repeat((byte)number, bytes).ToArray());
                    else
                        t.Delete($"k{number:D6}");
                }
            });
            foreach (var (number, size) in changes)
            {
                if (size is { } bytes)
                    sizes[number] = bytes;
                else
                    sizes.Remove(number);
            }
        }

        using var snapshot = Engine.OpenSnapshot();
        foreach (var from in sizes.Keys.Where((_, index) => index % 1000 == 0))
        {
            using var cursor = snapshot.OpenCursor(Range($"k{from:D6}", null));
            var seen = new List<(string, int)>();
            while (cursor.MoveNext())
            {
                Assert.Equal(-1, cursor.Value.IndexOfAnyExcept((byte)int.Parse(cursor.Key.Text()[1..], System.Globalization.CultureInfo.InvariantCulture)));
                seen.Add((cursor.Key.Text(), cursor.Value.Length));
            }
            Assert.Equal(sizes.Where(entry => entry.Key >= from).Select(entry => ($"k{entry.Key:D6}", entry.Value)), seen);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Random_works_leave_what_a_sorted_dictionary_holds(int seed)
    {
        var model = new StorageModel(new Random(seed));

        for (var round = 0; round < 40; round++)
        {
            await model.RunRoundAsync(Engine);

            model.Verify(Engine);
        }
    }
}
