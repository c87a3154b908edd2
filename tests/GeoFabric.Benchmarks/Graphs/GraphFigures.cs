using GeoFabric.Benchmarks.Query;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;

namespace GeoFabric.Benchmarks.Graphs;

/// <summary>
/// What walks over a graph cost on disk storage: processor time and allocated memory of one query each, without a network, and how much room edges
/// take. Vertices are documents of some 700 bytes; the ends of the ten times as many edges are drawn so that a few vertices have many.
/// </summary>
internal sealed class GraphFigures(FabricDatabase fabric, AccessScope scope, int vertices)
{
    private const int EdgesPerVertex = 10;
    private const int PerTransaction = 5000;
    private const int Rounds = 5;

    private static readonly (string Name, string Text, int Runs)[] s_queries =
    [
        ("nbr", "FOR v IN OUTBOUND @s edges OPTIONS {bfs: true, uniqueVertices: 'global'} RETURN v._id", 4000),
        ("nbr2", "FOR v IN 1..2 OUTBOUND @s edges OPTIONS {bfs: true, uniqueVertices: 'global'} RETURN v._id", 1000),
        ("nbr2data", "FOR v IN 1..2 OUTBOUND @s edges OPTIONS {bfs: true, uniqueVertices: 'global'} RETURN v", 300),
        ("paths", "FOR v, e, p IN 2 OUTBOUND @s edges COLLECT WITH COUNT INTO n RETURN n", 1000),
        ("short", "FOR v IN OUTBOUND SHORTEST_PATH @s TO @t edges RETURN v._id", 1000),
        ("scan", "FOR x IN vertices FILTER x._key >= @k SORT x._key LIMIT 50 RETURN x", 1000),
    ];

    private readonly QueryEngine _engine = new(new QueryEngineOptions(), TimeProvider.System, () => new Random(1));
    private readonly Random _random = new(42);

    /// <param name="names">Which; all when there are none. A number is the count of vertices.</param>
    public static async Task<int> PrintAsync(TextWriter output, IReadOnlyList<string> names)
    {
        var vertices = names.Select(name => int.TryParse(name, out var count) ? count : 0).FirstOrDefault(count => count > 0, 100_000);
        var wanted = names.Where(name => !int.TryParse(name, out _)).ToList();
        var directory = Directory.CreateTempSubdirectory("geofabric-figures-").FullName;
        try
        {
            await using var host = await DatabaseHost.OpenAsync(new DatabaseOptions { DataDirectory = directory, MapSizeBytes = 2L << 30 }, TimeProvider.System);
            if (!host.TryGetFabric(TenantName.Root, FabricName.System, out var fabric))
                throw new InvalidOperationException("The system fabric is missing.");
            var scope = new AccessScope(TenantName.Root, fabric.Fabric.Id, "root", AccessLevel.Administrate);
            var figures = new GraphFigures(fabric, scope, vertices);
            await figures.FillAsync(output);
            foreach (var (name, text, runs) in s_queries)
            {
                if (wanted.Count == 0 || wanted.Contains(name))
                    await figures.MeasureAsync(output, name, text, runs);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
        return 0;
    }

    private async Task FillAsync(TextWriter output)
    {
        await fabric.CreateCollectionAsync(scope, new CollectionSettings("vertices"));
        await fabric.CreateCollectionAsync(scope, new CollectionSettings("plain"));
        await fabric.CreateCollectionAsync(scope, new CollectionSettings("edges", CollectionType.Edge));
        var about = string.Concat(Enumerable.Repeat("tasta muflopefo shoxomu cewizupe ", 15));
        await InsertAsync("vertices", vertices, i => QueryFigures.Json($$"""
            {"_key":"P{{i}}","public":1,"gender":0,"region":"region {{i % 180}}","last_login":"2012-05-21 10:42:00.0","AGE":{{i % 90}},"body":"153 cm, 46 kg",
            "languages":["czech","english"],"eyes":"green","address":{"city":"braqiwipe","zip":{{10000 + (i % 90000)}}},"about":"{{about}}"}
            """));
        var edges = Enumerable.Range(0, vertices * EdgesPerVertex).Select(_ => QueryFigures.Json($$"""{"_from":"vertices/P{{Draw()}}","_to":"vertices/P{{Draw()}}"}""")).ToList();
        var empty = fabric.Status.SizeBytes;
        await InsertAsync("plain", edges.Count, i => edges[i]);
        // The same without indexes over their ends; the log of changes holds both alike until it is trimmed.
        var plain = fabric.Status.SizeBytes;
        var time = new ProcessorTime();
        await InsertAsync("edges", edges.Count, i => edges[i]);
        var indexes = fabric.Status.SizeBytes - plain - (plain - empty);
        var documents = fabric.GetFigures(scope, fabric.Catalog.GetCollection("edges")).DocumentBytes;
        await output.WriteLineAsync(
            $"{edges.Count} edges: {time.PerOperation(edges.Count):0.0} us of processor time each; {documents / 1e6:0} MB of records and {indexes / 1e6:0} MB of pages for the indexes over both ends");
    }

    private async Task InsertAsync(string collection, int count, Func<int, Value> make)
    {
        var definition = fabric.Catalog.GetCollection(collection);
        for (var first = 0; first < count; first += PerTransaction)
        {
            await fabric.WriteAsync(scope, transaction =>
            {
                for (var i = first; i < Math.Min(count, first + PerTransaction); i++)
                    transaction.Insert(definition, make(i), InsertOptions.Default);
                return 0;
            });
        }
    }

    private async Task MeasureAsync(TextWriter output, string name, string text, int runs)
    {
        var used = new List<double>();
        long rows = 0, bytes = 0;
        for (var round = -2; round < Rounds; round++)
        {
            var time = new ProcessorTime();
            var allocated = GC.GetTotalAllocatedBytes();
            rows = 0;
            for (var i = 0; i < runs; i++)
                rows += await RunAsync(text);
            bytes = GC.GetTotalAllocatedBytes() - allocated;
            // The first ones warm up.
            if (round >= 0)
                used.Add(time.PerOperation(runs));
        }
        await output.WriteLineAsync($"{name,-10} {Medians.Of(used),8:0.0} us of processor time, {(double)bytes / runs / 1000,8:0.0} KB allocated, {(double)rows / runs,6:0.0} rows");
    }

    private async Task<long> RunAsync(string text)
    {
        var page = await _engine.ExecuteAsync(fabric, scope, QueryFigures.Caller, new QueryRequest(text, Parameters(text)) { BatchSize = int.MaxValue, Count = true }, CancellationToken.None);
        page.Release();
        return page.Count ?? 0;
    }

    private Value Parameters(string text) => QueryFigures.Json(
        text.Contains("@t", StringComparison.Ordinal) ? $$"""{"s":"{{Any()}}","t":"{{Any()}}"}"""
        : text.Contains("@k", StringComparison.Ordinal) ? $$"""{"k":"P{{_random.Next(vertices)}}"}"""
        : $$"""{"s":"{{Any()}}"}""");

    private string Any() => $"vertices/P{_random.Next(vertices)}";

    /// <summary>A vertex; small numbers come much more often.</summary>
    private int Draw() => (int)(vertices * Math.Pow(_random.NextDouble(), 1.6));
}
