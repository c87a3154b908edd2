using System.Diagnostics;
using GeoFabric.Primitives.Errors;
using GeoFabric.Storage;
using GeoFabric.Storage.Lmdb;

namespace GeoFabric.Tests.Storage;

/// <summary>Files, lock and versions: what is refused, and that refusing touches nothing.</summary>
public sealed class LmdbDirectoryTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    private LmdbOptions Options => new() { DirectoryPath = _directory.DirectoryPath };

    private string DataFile => _directory.Inside("data.mdb");

    public void Dispose() => _directory.Dispose();

    private async Task WriteStoreAsync(int entryCount = 100)
    {
        await using var engine = LmdbEngine.Open(Options);
        await engine.WriteAsync(t =>
        {
            for (var i = 0; i < entryCount; i++)
                t.Put($"key{i}", new string('v', 1000));
        });
    }

    private GeoFabricException Refusal() => Assert.Throws<GeoFabricException>(() => LmdbEngine.Open(Options));

    private void AssertRefusedUntouched(string message)
    {
        var before = File.ReadAllBytes(DataFile);

        var refusal = Refusal();

        Assert.Equal(1108, refusal.ErrorNumber);
        Assert.Contains(message, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(before, File.ReadAllBytes(DataFile));
    }

    private void Overwrite(long offset, params byte[] bytes)
    {
        using var file = new FileStream(DataFile, FileMode.Open, FileAccess.Write);
        file.Position = offset;
        file.Write(bytes);
    }

    [Fact]
    public async Task What_was_committed_is_there_after_reopening()
    {
        long sequence;
        await using (var engine = LmdbEngine.Open(Options))
        {
            await engine.PutAsync("a=1", "b=2");
            sequence = (await engine.PutAsync("a=3")).Sequence;
        }

        await using var reopened = LmdbEngine.Open(Options);

        Assert.Equal("a=3 b=2", reopened.Scan());
        Assert.Equal(sequence + 1, (await reopened.PutAsync("c=4")).Sequence);
    }

    [Fact]
    public async Task Works_queued_before_closing_are_stored()
    {
        Task[] tasks;
        await using (var engine = LmdbEngine.Open(Options))
            tasks = [.. Enumerable.Range(0, 100).Select(i => engine.PutAsync($"key{i:D3}=v"))];

        await Task.WhenAll(tasks);
        await using var reopened = LmdbEngine.Open(Options);
        Assert.Equal(100, reopened.Scan().Split(' ').Length);
    }

    [Fact]
    public async Task An_environment_runs_without_any_flag_that_gives_up_durability_or_locking()
    {
        const uint unsafeFlags = LmdbNative.NoSync | LmdbNative.NoMetaSync | LmdbNative.MapAsync | LmdbNative.WriteMap | LmdbNative.NoLock;
        await using var engine = LmdbEngine.Open(Options);

        Assert.Equal(0u, engine.EnvironmentFlags & unsafeFlags);
        Assert.Equal(LmdbNative.NoTls, LmdbEnvironmentHandle.DefaultFlags);
    }

    [Theory]
    [InlineData(LmdbNative.NoSync)]
    [InlineData(LmdbNative.NoMetaSync)]
    [InlineData(LmdbNative.MapAsync)]
    [InlineData(LmdbNative.WriteMap)]
    [InlineData(LmdbNative.NoLock)]
    public void A_flag_that_gives_up_durability_or_locking_is_refused(uint flag) =>
        Assert.Throws<ArgumentException>(() => LmdbEnvironmentHandle.Open(
            _directory.DirectoryPath, LmdbNative.NoTls | flag, mapSizeBytes: 1 << 20, readersMax: 1, directoryLock: null));

    [Fact]
    public async Task A_second_open_in_the_process_reports_1107()
    {
        await using var engine = LmdbEngine.Open(Options);

        var refusal = Assert.Throws<GeoFabricException>(() => LmdbEngine.Open(Options with { DirectoryPath = _directory.DirectoryPath + "/./" }));

        Assert.Equal(1107, refusal.ErrorNumber);
        Assert.Contains("in this process", refusal.Message, StringComparison.Ordinal);
        await engine.PutAsync("a=1");
    }

    [Fact]
    public async Task A_directory_in_use_by_another_process_reports_1107_with_its_pid()
    {
        if (!File.Exists("/usr/bin/flock"))
            Assert.Skip("Needs the flock command to play the other process.");
        await WriteStoreAsync();
        using var other = Process.Start(new ProcessStartInfo("/usr/bin/flock", [_directory.Inside("geofabric.lock"), "sh", "-c", "echo locked; read line"])
        {
            UseShellExecute = false,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        await other.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_directory.Inside("geofabric.pid"), $"{other.Id}", TestContext.Current.CancellationToken);

        var refusal = Refusal();

        Assert.Equal(1107, refusal.ErrorNumber);
        Assert.Contains($"locked by pid {other.Id}", refusal.Message, StringComparison.Ordinal);
        other.StandardInput.Close();
        await other.WaitForExitAsync(TestContext.Current.CancellationToken);
        await LmdbEngine.Open(Options).DisposeAsync();
    }

    [Fact]
    public async Task Closing_waits_for_no_snapshot_forever_and_the_last_one_closes_the_files()
    {
        await WriteStoreAsync();
        var engine = LmdbEngine.Open(Options with { CloseWait = TimeSpan.FromMilliseconds(50) });
        var snapshot = engine.OpenSnapshot();

        await engine.DisposeAsync();

        Assert.NotNull(snapshot.Get("key5"));
        Assert.Equal(1107, Refusal().ErrorNumber);
        snapshot.Dispose();
        await using var reopened = LmdbEngine.Open(Options);
        Assert.NotNull(reopened.Get("key5"));
    }

    [Fact]
    public async Task A_truncated_file_is_refused_instead_of_killing_the_process_later()
    {
        await WriteStoreAsync();
        var sizeBytes = new FileInfo(DataFile).Length;
        for (var pages = sizeBytes / 4096 - 1; pages >= 0; pages -= 3)
        {
            using (var file = new FileStream(DataFile, FileMode.Open, FileAccess.Write))
                file.SetLength(pages * 4096);

            AssertRefusedUntouched("cut off");
        }
    }

    [Fact]
    public async Task A_file_that_ends_in_pages_given_back_before_their_commit_is_whole()
    {
        long usedBytes;
        await using (var engine = LmdbEngine.Open(Options))
        {
            for (var i = 0; i < 20; i++)
                await engine.PutAsync($"a={new string('a', 50_000 - i)}");
            await engine.WriteAsync(t =>
            {
                t.Put("b", "2");
                for (var i = 0; i < 50; i++)
                    t.Put($"large{i}", new string('x', 100_000));
                t.DeleteRange(KeyRange.WithPrefix("large"u8), int.MaxValue);
                t.Put("a", "1");
            });
            usedBytes = engine.GetStatus().SizeBytes;
        }

        Assert.True(new FileInfo(DataFile).Length < usedBytes);
        for (var round = 0; round < 3; round++)
        {
            await using var reopened = LmdbEngine.Open(Options);
            Assert.Equal("a=1 b=2", reopened.Scan());
            await reopened.PutAsync($"a={round}", "a=1");
        }
    }

    [Fact]
    public async Task A_newer_format_is_refused()
    {
        await WriteStoreAsync();
        await File.WriteAllTextAsync(_directory.Inside("format"), "geofabric-storage 2\n", TestContext.Current.CancellationToken);

        AssertRefusedUntouched("storage format 2; this server reads format 1");
    }

    [Fact]
    public async Task A_data_file_without_our_format_file_is_refused_as_foreign()
    {
        await WriteStoreAsync();
        File.Delete(_directory.Inside("format"));

        AssertRefusedUntouched("this server has not made it");
    }

    [Fact]
    public async Task A_file_of_another_kind_is_refused()
    {
        await WriteStoreAsync();
        Overwrite(16, 1, 2, 3, 4);

        AssertRefusedUntouched("is not a storage file");
    }

    [Fact]
    public async Task A_file_of_the_other_byte_order_is_refused()
    {
        await WriteStoreAsync();
        Overwrite(16, 0xBE, 0xEF, 0xC0, 0xDE);

        AssertRefusedUntouched("other byte order");
    }

    [Fact]
    public async Task A_file_of_a_newer_library_is_refused()
    {
        await WriteStoreAsync();
        Overwrite(20, 2);

        AssertRefusedUntouched("library format 2");
    }

    [Fact]
    public async Task A_creation_that_was_cut_short_is_begun_anew()
    {
        Directory.CreateDirectory(_directory.Inside("new"));
        await File.WriteAllTextAsync(_directory.Inside("new/data.mdb"), "half", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(_directory.Inside("format"), "geofabric-storage 1\n", TestContext.Current.CancellationToken);

        await using var engine = LmdbEngine.Open(Options);

        await engine.PutAsync("a=1");
        Assert.Equal("a=1", engine.Scan());
        Assert.False(Directory.Exists(_directory.Inside("new")));
    }

    [Fact]
    public void A_path_that_is_no_directory_is_refused()
    {
        var path = _directory.Inside("file");
        File.WriteAllText(path, "x");

        var refusal = Assert.Throws<GeoFabricException>(() => LmdbEngine.Open(Options with { DirectoryPath = path }));

        Assert.Equal(1108, refusal.ErrorNumber);
    }

    [Fact]
    public async Task The_files_are_readable_by_their_owner_only()
    {
        await WriteStoreAsync();

        var mode = OperatingSystem.IsLinux() ? File.GetUnixFileMode(DataFile) : default;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, mode);
    }
}
