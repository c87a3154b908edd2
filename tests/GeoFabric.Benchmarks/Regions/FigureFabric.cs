using System.Diagnostics;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Benchmarks.Regions;

/// <summary>One region's fabric with a collection of small documents.</summary>
internal sealed class FigureFabric : IAsyncDisposable
{
    private readonly DatabaseHost _host;
    private readonly string? _directory;

    private FigureFabric(DatabaseHost host, string? directory)
    {
        _host = host;
        _directory = directory;
        if (!host.TryGetFabric(TenantName.Root, FabricName.System, out var fabric))
            throw new InvalidOperationException("The system fabric is missing.");
        Database = fabric;
        Scope = new AccessScope(TenantName.Root, fabric.Fabric.Id, "root", AccessLevel.Administrate);
    }

    public FabricDatabase Database { get; }

    public AccessScope Scope { get; }

    public CollectionDefinition Collection => Database.Catalog.GetCollection("c");

    /// <param name="region">0 for a server on its own.</param>
    public static async Task<FigureFabric> OpenAsync(ushort region, bool onDisk)
    {
        var directory = onDisk ? Directory.CreateTempSubdirectory("geofabric-figures-").FullName : null;
        var options = new DatabaseOptions { Region = region, DataDirectory = directory, MapSizeBytes = 1 << 30 };
        return new FigureFabric(await DatabaseHost.OpenAsync(options, TimeProvider.System), directory);
    }

    /// <summary>Creates the collection, with an index, and its documents.</summary>
    public async Task FillAsync(int documents)
    {
        await Database.CreateCollectionAsync(Scope, new CollectionSettings("c"));
        await Database.CreateIndexAsync(Scope, "c", new IndexSettings("persistent", ["city"]));
        const int PerTransaction = 1000;
        for (var first = 0; first < documents; first += PerTransaction)
        {
            await Database.WriteAsync(Scope, transaction =>
            {
                for (var i = first; i < Math.Min(documents, first + PerTransaction); i++)
                    transaction.Insert(Collection, DocumentOf(i), InsertOptions.Default);
                return 0;
            });
        }
    }

    /// <summary>Changes documents all over the collection, each in a transaction of its own.</summary>
    /// <param name="documents">How many there are.</param>
    /// <param name="firstTurn">Goes on where an earlier call ended.</param>
    /// <param name="writers">How many write at a time.</param>
    /// <returns>How long each write took, in microseconds.</returns>
    public async Task<double[]> ChangeAllAsync(int documents, int firstTurn, int count, int writers = 1)
    {
        var latencies = new double[count];
        var collection = Collection;
        await Task.WhenAll(Enumerable.Range(0, writers).Select(writer => Task.Run(async () =>
        {
            for (var i = writer; i < count; i += writers)
            {
                var began = Stopwatch.GetTimestamp();
                await ChangeAsync(Database, Scope, collection, documents, firstTurn + i);
                latencies[i] = Stopwatch.GetElapsedTime(began).TotalMicroseconds;
            }
        })));
        return latencies;
    }

    /// <summary>One such change.</summary>
    public static Task<HybridTimestamp> ChangeAsync(FabricDatabase fabric, AccessScope scope, CollectionDefinition collection, int documents, int turn) =>
        fabric.WriteAsync(scope, transaction =>
        {
            Change(transaction, collection, (int)(turn * 7919L % documents), turn);
            return transaction.Stamp.Timestamp;
        });

    /// <summary>Changes one attribute of a document: a counter and a text in turn.</summary>
    public static void Change(FabricTransaction transaction, CollectionDefinition collection, int document, int turn)
    {
        if (turn % 2 == 0)
        {
            transaction.TryGetDocument(collection, KeyOf(document), out var present);
            var hits = (long)present.GetAttribute("hits"u8).Number + 1;
            transaction.Update(
                collection, KeyOf(document), Json($$"""{"hits":{{hits}}}"""),
                new UpdateOptions { Operations = [new AttributeOperation(["hits"], AttributeOperationKind.Increment, Value.FromInteger(1))] });
            return;
        }
        transaction.Update(collection, KeyOf(document), Json($$"""{"status":"seen {{turn % 1000}}"}"""), UpdateOptions.Default);
    }

    public static byte[] KeyOf(int document) => Encoding.ASCII.GetBytes($"user{document}");

    public static Value DocumentOf(int i) => Json($$"""
        {"_key":"user{{i}}","name":"Ada Lovelace {{i}}","city":"London {{i % 100}}","status":"new","hits":0,"age":{{20 + (i % 60)}},"isActive":true,"score":{{i % 7}}.5}
        """);

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        if (_directory is not null)
            Directory.Delete(_directory, recursive: true);
    }

    private static Value Json(string json) => JsonValueReader.Parse(Encoding.UTF8.GetBytes(json));
}
