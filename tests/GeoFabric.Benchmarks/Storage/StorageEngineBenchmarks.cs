using System.Buffers.Binary;
using BenchmarkDotNet.Attributes;
using GeoFabric.Storage;
using GeoFabric.Storage.InMemory;
using GeoFabric.Storage.Lmdb;

namespace GeoFabric.Benchmarks.Storage;

/// <summary>The calls a request makes: a snapshot, gets, a scan, a durable write alone and among others. 100,000 entries of 1 KB.</summary>
[MemoryDiagnoser]
public class StorageEngineBenchmarks
{
    private const int EntryCount = 100_000;
    private const int ScanCount = 1000;
    private const int GroupCount = 128;

    private readonly Random _random = new(1);
    private readonly byte[] _key = new byte[8];
    private readonly byte[] _value = new byte[1000];
    private string _directoryPath = "";
    private IStorageEngine _engine = new InMemoryEngine();
    private ISnapshot? _snapshot;

    [Params("lmdb", "memory")]
    public string Engine { get; set; } = "lmdb";

    // Not asynchronous: the in-process runner does not wait for it.
    [GlobalSetup]
    public void SetUp()
    {
        _directoryPath = Directory.CreateTempSubdirectory("geofabric-benchmark-").FullName;
        _engine = Engine == "lmdb" ? LmdbEngine.Open(new LmdbOptions { DirectoryPath = _directoryPath }) : new InMemoryEngine();
        using var isStored = new ManualResetEventSlim();
        var storing = _engine.WriteAsync(transaction =>
        {
            for (var i = 0; i < EntryCount; i++)
                transaction.Put(KeyOf(i), _value);
        });
        storing.GetAwaiter().OnCompleted(isStored.Set);
        isStored.Wait();
        _snapshot = _engine.OpenSnapshot();
    }

    [GlobalCleanup]
    public void CleanUp()
    {
        _snapshot?.Dispose();
        _engine.DisposeAsync().AsTask().Wait();
        Directory.Delete(_directoryPath, recursive: true);
    }

    [Benchmark]
    public int Get()
    {
        _snapshot!.TryGet(KeyOf(_random.Next(EntryCount)), out var value);
        return value.Length;
    }

    [Benchmark]
    public int OpenSnapshotAndGet()
    {
        using var snapshot = _engine.OpenSnapshot();
        snapshot.TryGet(KeyOf(_random.Next(EntryCount)), out var value);
        return value.Length;
    }

    [Benchmark(OperationsPerInvoke = ScanCount)]
    public int Scan()
    {
        using var cursor = _snapshot!.OpenCursor(new KeyRange(KeyOf(_random.Next(EntryCount - ScanCount)).ToArray(), null));
        var size = 0;
        for (var i = 0; i < ScanCount && cursor.MoveNext(); i++)
            size += cursor.Value.Length;
        return size;
    }

    [Benchmark]
    public Task<CommitReceipt> WriteOne() =>
        _engine.WriteAsync(transaction => transaction.Put(KeyOf(_random.Next(EntryCount)), _value));

    [Benchmark(OperationsPerInvoke = GroupCount)]
    public async Task WriteTogether()
    {
        var tasks = new Task[GroupCount];
        for (var i = 0; i < GroupCount; i++)
            tasks[i] = WriteOne();
        await Task.WhenAll(tasks);
    }

    private ReadOnlySpan<byte> KeyOf(int number)
    {
        BinaryPrimitives.WriteInt64BigEndian(_key, number);
        return _key;
    }
}
