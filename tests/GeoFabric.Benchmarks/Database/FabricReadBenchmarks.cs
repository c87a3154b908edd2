using System.Text;
using BenchmarkDotNet.Attributes;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Benchmarks.Database;

/// <summary>Point reads and scans of one fabric on LMDB and in memory, 50,000 documents of 400 bytes.</summary>
[MemoryDiagnoser]
public class FabricReadBenchmarks
{
    private const int Documents = 50_000;

    private string? _directory;
    private DatabaseHost _host = null!;
    private FabricSnapshot _snapshot = null!;
    private CollectionDefinition _collection = null!;
    private byte[][] _keys = [];
    private int _next;

    [Params(true, false)]
    public bool OnDisk { get; set; }

    [GlobalSetup]
    public async Task SetupAsync()
    {
        _directory = OnDisk ? Directory.CreateTempSubdirectory("geofabric-bench-").FullName : null;
        _host = await DatabaseHost.OpenAsync(new DatabaseOptions { DataDirectory = _directory }, TimeProvider.System);
        if (!_host.TryGetFabric(TenantName.Root, FabricName.System, out var fabric))
            throw new InvalidOperationException("The system fabric is missing.");
        var scope = new AccessScope(TenantName.Root, fabric.Fabric.Id, "root", AccessLevel.Administrate);
        _collection = await fabric.CreateCollectionAsync(scope, new CollectionSettings("c"));
        await fabric.CreateIndexAsync(scope, "c", new IndexSettings("persistent", ["n"]));
        _keys = [.. Enumerable.Range(0, Documents).Select(i => Encoding.ASCII.GetBytes($"k{i}"))];
        await fabric.WriteAsync(scope, transaction =>
        {
            for (var i = 0; i < Documents; i++)
                transaction.Insert(_collection, DocumentOf(i), InsertOptions.Default);
            return 0;
        });
        _collection = fabric.Catalog.GetCollection("c");
        _snapshot = fabric.OpenSnapshot(scope);
    }

    [GlobalCleanup]
    public async Task CleanupAsync()
    {
        _snapshot.Dispose();
        await _host.DisposeAsync();
        if (_directory is not null)
            Directory.Delete(_directory, recursive: true);
    }

    [Benchmark]
    public bool PointRead() => _snapshot.TryGetDocument(_collection, _keys[_next = (_next + 7919) % Documents], out _);

    [Benchmark(OperationsPerInvoke = Documents)]
    public long CollectionScan() => Walk(_snapshot.ScanCollection(_collection));

    [Benchmark(OperationsPerInvoke = Documents)]
    public long IndexScanWithDocuments() => Walk(_snapshot.ScanIndex(_collection, _collection.Indexes[1], IndexRange.All));

    private static long Walk(IDocumentCursor cursor)
    {
        long sum = 0;
        using (cursor)
        {
            while (cursor.MoveNext())
                sum += cursor.Document.GetAttribute("n"u8).Integer;
        }
        return sum;
    }

    private static Value DocumentOf(int number)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteAttribute("_key"u8, Value.FromString($"k{number}"));
        builder.WriteAttribute("n"u8, Value.FromInteger(number));
        builder.WriteAttribute("text"u8, Value.FromString(new string('t', 340)));
        builder.EndObject();
        return builder.Build();
    }
}
