using System.Diagnostics;
using GeoFabric.Primitives.Errors;
using GeoFabric.Storage;
using GeoFabric.Storage.Lmdb;

namespace GeoFabric.Tests.Storage;

/// <summary>Growth of the map, its ceiling, reader slots and a disk that is really full.</summary>
public sealed class LmdbMapTests : IDisposable
{
    private const long OneMebibyte = 1 << 20;

    private readonly TemporaryDirectory _directory = new();

    private LmdbOptions Options => new() { DirectoryPath = _directory.DirectoryPath, MapSizeBytes = OneMebibyte };

    public void Dispose() => _directory.Dispose();

    private static async Task<GeoFabricException> FailureAsync(Task task) => await Assert.ThrowsAsync<GeoFabricException>(() => task);

    /// <summary>Writes until the store is full.</summary>
    /// <returns>The number of entries stored, and the failure.</returns>
    private static async Task<(int Count, GeoFabricException Failure)> FillAsync(LmdbEngine engine)
    {
        for (var count = 0; ; count++)
        {
            try
            {
                await engine.PutAsync($"key{count:D6}={new string('v', 3000)}");
            }
            catch (GeoFabricException failure)
            {
                return (count, failure);
            }
        }
    }

    private static int CountEntries(LmdbEngine engine)
    {
        using var snapshot = engine.OpenSnapshot();
        using var cursor = snapshot.OpenCursor(KeyRange.All);
        var count = 0;
        while (cursor.MoveNext())
            count++;
        return count;
    }

    [Fact]
    public async Task A_map_of_one_mebibyte_takes_ten_thousand_writes_under_32_readers_without_an_error()
    {
        await using var engine = LmdbEngine.Open(Options);
        using var done = new CancellationTokenSource();
        await engine.PutAsync("key=value");
        var readers = Enumerable.Range(0, 32).Select(_ => Task.Run(async () =>
        {
            while (!done.IsCancellationRequested)
            {
                Assert.Equal("value", engine.Get("key"));
                await Task.Delay(1);
            }
        })).ToArray();

        await Parallel.ForAsync(0, 10_000, new ParallelOptions { MaxDegreeOfParallelism = 200 }, async (i, _) =>
            await engine.PutAsync($"key{i}={new string('v', 1000)}"));
        await done.CancelAsync();
        await Task.WhenAll(readers);

        Assert.Equal(10_001, CountEntries(engine));
        Assert.True(engine.GetStatus().SizeBytes > 10 * OneMebibyte);
    }

    [Fact]
    public async Task One_work_larger_than_the_map_makes_it_grow_several_times()
    {
        await using var engine = LmdbEngine.Open(Options);
        await engine.PutAsync("a=1");

        await engine.WriteAsync(t => t.Put("b"u8, new byte[20 * OneMebibyte]));

        using var snapshot = engine.OpenSnapshot();
        Assert.True(snapshot.TryGet("b"u8, out var value) && value.Length == 20 * OneMebibyte);
        Assert.Equal("1", snapshot.Get("a"));
    }

    [Fact]
    public async Task A_nearly_full_map_grows_ahead_while_no_snapshot_is_open()
    {
        await using var engine = LmdbEngine.Open(Options with { GrowthWait = TimeSpan.Zero });
        await engine.PutAsync($"a={new string('a', 800_000)}");
        using var snapshot = engine.OpenSnapshot();

        // Without the growth after the first commit this would find the snapshot in its way.
        await engine.PutAsync($"b={new string('b', 800_000)}");

        Assert.Equal(2, CountEntries(engine));
        Assert.Null(snapshot.Get("b"));
    }

    [Fact]
    public async Task A_snapshot_that_stays_open_lets_a_full_map_refuse_writes_but_not_reads()
    {
        await using var engine = LmdbEngine.Open(Options with { GrowthWait = TimeSpan.FromMilliseconds(300) });
        await engine.PutAsync("a=1");
        var snapshot = engine.OpenSnapshot();
        var big = $"b={new string('b', 2_000_000)}";

        var refused = FailureAsync(engine.PutAsync(big));
        while (!refused.IsCompleted)
        {
            Assert.Equal("1", engine.Get("a"));
            await Task.Delay(5, TestContext.Current.CancellationToken);
        }

        Assert.Equal(1104, (await refused).ErrorNumber);
        Assert.Contains("snapshot stayed open", (await refused).Message, StringComparison.Ordinal);
        Assert.Equal("1", snapshot.Get("a"));
        snapshot.Dispose();
        await engine.PutAsync(big);
        Assert.Equal(2, CountEntries(engine));
    }

    [Fact]
    public async Task At_the_ceiling_writes_report_1104_deletes_work_and_make_room()
    {
        await using var engine = LmdbEngine.Open(Options with { MapSizeMaxBytes = 2 * OneMebibyte });

        var (count, failure) = await FillAsync(engine);

        Assert.Equal((1104, 507), (failure.ErrorNumber, failure.HttpStatus));
        Assert.InRange(count, 200, 700);
        Assert.Equal(count, CountEntries(engine));
        for (var i = 0; i < 100; i++)
            await engine.WriteAsync(t => t.Delete($"key{i:D6}"));
        for (var i = 0; i < 50; i++)
            await engine.PutAsync($"again{i}={new string('v', 3000)}");
        Assert.Equal(count - 50, CountEntries(engine));
    }

    [Fact]
    public async Task At_the_ceiling_a_too_large_work_does_not_take_its_neighbours_along()
    {
        await using var engine = LmdbEngine.Open(Options with { MapSizeMaxBytes = OneMebibyte, BatchTimeMax = TimeSpan.FromSeconds(10) });
        using var gate = new ManualResetEventSlim();
        var blocker = engine.WriteAsync(_ => gate.Wait());
        var small = engine.PutAsync("a=1");
        var large = engine.WriteAsync(t => t.Put("b"u8, new byte[2 * OneMebibyte]));
        var last = engine.PutAsync("c=1");
        gate.Set();

        Assert.Equal(1104, (await FailureAsync(large)).ErrorNumber);
        await Task.WhenAll(blocker, small, last);
        Assert.Equal("a=1 c=1", engine.Scan());
    }

    [Fact]
    public async Task More_snapshots_than_slots_report_1303_after_the_wait_and_a_freed_slot_is_taken()
    {
        await using var engine = LmdbEngine.Open(Options with { SnapshotsMax = 3, SnapshotWait = TimeSpan.FromMilliseconds(50) });
        var snapshots = Enumerable.Range(0, 3).Select(_ => engine.OpenSnapshot()).ToArray();

        var refused = Assert.Throws<GeoFabricException>(() => engine.OpenSnapshot());

        Assert.Equal((1303, 503), (refused.ErrorNumber, refused.HttpStatus));
        snapshots[0].Dispose();
        engine.OpenSnapshot().Dispose();
        snapshots[1].Dispose();
        snapshots[2].Dispose();
        Assert.Equal(0, engine.GetStatus().OpenSnapshots);
    }

    [Fact]
    public async Task A_snapshot_waits_for_a_slot_that_becomes_free_in_time()
    {
        await using var engine = LmdbEngine.Open(Options with { SnapshotsMax = 1, SnapshotWait = TimeSpan.FromSeconds(30) });
        var first = engine.OpenSnapshot();
        var second = Task.Run(() => engine.OpenSnapshot());

        await Task.Delay(50, TestContext.Current.CancellationToken);
        Assert.False(second.IsCompleted);
        first.Dispose();

        (await second).Dispose();
    }

    [Fact]
    public async Task A_disk_that_is_really_full_reports_1104_and_takes_writes_again_after_deletes()
    {
        using var disk = SmallDisk.Mount(_directory.Inside("disk"), sizeMebibytes: 4);
        if (disk is null)
            Assert.Skip("Only root may mount a small file system.");
        await using var engine = LmdbEngine.Open(new LmdbOptions { DirectoryPath = disk.DirectoryPath });

        var (count, failure) = await FillAsync(engine);

        Assert.Equal(1104, failure.ErrorNumber);
        Assert.True(engine.GetStatus().IsWritable);
        Assert.Equal(count, CountEntries(engine));
        var large = await FailureAsync(engine.WriteAsync(t => t.Put("large"u8, new byte[6 * OneMebibyte])));
        Assert.Equal(1104, large.ErrorNumber);
        for (var i = 0; i < 100; i++)
            await engine.WriteAsync(t => t.Delete($"key{i:D6}"));
        for (var i = 0; i < 50; i++)
            await engine.PutAsync($"again{i}={new string('v', 3000)}");
        Assert.Equal(count - 50, CountEntries(engine));
        await engine.DisposeAsync();
        await using var reopened = LmdbEngine.Open(new LmdbOptions { DirectoryPath = disk.DirectoryPath });
        Assert.Equal(count - 50, CountEntries(reopened));
    }

    [Fact]
    public async Task Readers_in_any_number_come_in_while_the_disk_is_full()
    {
        using var disk = SmallDisk.Mount(_directory.Inside("disk"), sizeMebibytes: 4);
        if (disk is null)
            Assert.Skip("Only root may mount a small file system.");
        await using var engine = LmdbEngine.Open(new LmdbOptions { DirectoryPath = disk.DirectoryPath });
        await engine.PutAsync("a=1");
        FillDisk(disk.DirectoryPath);

        // The table of readers has 64 on a page; its pages must be there before.
        var snapshots = Enumerable.Range(0, 1000).Select(_ => engine.OpenSnapshot()).ToList();

        Assert.All(snapshots, snapshot => Assert.Equal("a=1", snapshot.Scan()));
        snapshots.ForEach(snapshot => snapshot.Dispose());
    }

    private static void FillDisk(string directoryPath)
    {
        using var filler = new FileStream(Path.Combine(directoryPath, "filler"), FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        var page = new byte[4096];
        var isFull = false;
        while (!isFull)
        {
            try
            {
                filler.Write(page);
            }
            catch (IOException)
            {
                isFull = true;
            }
        }
    }

    /// <summary>A file system in memory of a few mebibytes.</summary>
    private sealed class SmallDisk : IDisposable
    {
        private SmallDisk(string directoryPath) => DirectoryPath = directoryPath;

        public string DirectoryPath { get; }

        public static SmallDisk? Mount(string directoryPath, int sizeMebibytes)
        {
            Directory.CreateDirectory(directoryPath);
            return Run("mount", "-t", "tmpfs", "-o", $"size={sizeMebibytes}m", "tmpfs", directoryPath) ? new SmallDisk(directoryPath) : null;
        }

        public void Dispose() => Run("umount", "-l", DirectoryPath);

        private static bool Run(string command, params string[] arguments)
        {
            try
            {
                using var process = Process.Start(new ProcessStartInfo(command, arguments) { UseShellExecute = false, RedirectStandardError = true })!;
                process.WaitForExit();
                return process.ExitCode == 0;
            }
            catch (System.ComponentModel.Win32Exception)
            {
                return false;
            }
        }
    }
}
