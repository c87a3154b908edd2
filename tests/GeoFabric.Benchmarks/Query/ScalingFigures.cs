using System.Globalization;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;

namespace GeoFabric.Benchmarks.Query;

/// <summary>
/// How the cost of a query grows with the data: the same queries over 10,000 documents and more, in one fabric on LMDB that is filled further between
/// the rounds. A tenth of the documents are vertices with ten edges each.
/// </summary>
internal sealed class ScalingFigures : IAsyncDisposable
{
    private const int PerTransaction = 5000;
    private const int EdgesOfVertex = 10;

    private static readonly int[] s_sizes = [10_000, 100_000, 1_000_000, 5_000_000];

    private static readonly ScalingQuery[] s_queries =
    [
        new("point read", "FOR d IN docs FILTER d._key == @key RETURN d", 20_000, Each.Query),
        new("range of 100 by an index", "FOR d IN docs FILTER d.number >= @number SORT d.number LIMIT 100 RETURN d", 3000, Each.Query),
        new("join of 100 with one each, by an index", "FOR d IN docs FILTER d.number >= @number SORT d.number LIMIT 100 FOR e IN docs FILTER e.number == d.other RETURN e.text", 2000, Each.Query),
        new("two hops, distinct", "FOR v IN 1..2 OUTBOUND @start edges OPTIONS {bfs: true, uniqueVertices: 'global'} RETURN v._id", 2000, Each.Query),
        new("group all by one attribute", "FOR d IN docs COLLECT group = d.group WITH COUNT INTO n RETURN {group, n}", 5, Each.Document),
    ];

    private readonly string _directory;
    private readonly QueryEngine _engine = new(new QueryEngineOptions(), TimeProvider.System, () => new Random(1));
    private readonly Random _random = new(42);
    private readonly DatabaseHost _host;
    private readonly FabricDatabase _fabric;
    private readonly AccessScope _scope;
    private int _documents;

    private ScalingFigures(DatabaseHost host, FabricDatabase fabric, string directory)
    {
        _directory = directory;
        _host = host;
        _fabric = fabric;
        _scope = new AccessScope(TenantName.Root, fabric.Fabric.Id, "root", AccessLevel.Administrate);
    }

    private enum Each
    {
        Query,
        Document,
    }

    /// <param name="names">The greatest number of documents; five million when there is none.</param>
    public static async Task<int> PrintAsync(TextWriter output, IReadOnlyList<string> names)
    {
        var greatest = names.Count == 0 ? s_sizes[^1] : int.Parse(names[0], CultureInfo.InvariantCulture);
        var directory = Directory.CreateTempSubdirectory("geofabric-scaling-").FullName;
        var host = await DatabaseHost.OpenAsync(new DatabaseOptions { DataDirectory = directory, MapSizeBytes = 16L << 30 }, TimeProvider.System);
        if (!host.TryGetFabric(TenantName.Root, FabricName.System, out var fabric))
            throw new InvalidOperationException("The system fabric is missing.");
        await using var figures = new ScalingFigures(host, fabric, directory);
        await fabric.CreateCollectionAsync(figures._scope, new CollectionSettings("docs"));
        await fabric.CreateCollectionAsync(figures._scope, new CollectionSettings("edges") { Type = CollectionType.Edge });
        await fabric.CreateIndexAsync(figures._scope, "docs", new IndexSettings("persistent", ["number"]));
        foreach (var size in s_sizes.Where(size => size <= greatest))
        {
            var time = new ProcessorTime();
            var before = figures._documents;
            await figures.FillToAsync(size);
            await output.WriteLineAsync($"{size} documents, {size} edges (filling: {time.PerOperation(2 * (size - before)):0.0} µs of processor time for each)");
            foreach (var query in s_queries)
                await figures.MeasureAsync(output, query);
        }
        return 0;
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        Directory.Delete(_directory, recursive: true);
    }

    private async Task MeasureAsync(TextWriter output, ScalingQuery query)
    {
        const int Rounds = 3;
        var used = new List<double>();
        for (var round = -1; round < Rounds; round++)
        {
            var time = new ProcessorTime();
            for (var i = 0; i < query.Runs; i++)
                await _engine.ExecuteAsync(_fabric, _scope, QueryFigures.Caller, new QueryRequest(query.Text, BindVars(query.Text)), CancellationToken.None);
            // The first one warms up.
            if (round >= 0)
                used.Add(time.PerOperation(query.Runs));
        }
        var median = Medians.Of(used);
        await output.WriteLineAsync(query.For == Each.Query ? $"  {query.Name,-40} {median,10:0.0} µs each" : $"  {query.Name,-40} {1000 * median / _documents,10:0} ns a document");
    }

    private Value BindVars(string text)
    {
        var number = _random.Next(_documents);
        return text switch
        {
            _ when text.Contains("@key", StringComparison.Ordinal) => QueryFigures.Json($$"""{"key":"D{{number}}"}"""),
            _ when text.Contains("@number", StringComparison.Ordinal) => QueryFigures.Json($$"""{"number":{{number}}}"""),
            _ when text.Contains("@start", StringComparison.Ordinal) => QueryFigures.Json($$"""{"start":"docs/D{{number / EdgesOfVertex * EdgesOfVertex}}"}"""),
            _ => Value.EmptyObject,
        };
    }

    private async Task FillToAsync(int size)
    {
        var docs = _fabric.Catalog.GetCollection("docs");
        var edges = _fabric.Catalog.GetCollection("edges");
        for (var first = _documents; first < size; first += PerTransaction)
        {
            await _fabric.WriteAsync(_scope, transaction =>
            {
                for (var i = first; i < Math.Min(size, first + PerTransaction); i++)
                {
                    transaction.Insert(docs, DocumentOf(i, size), InsertOptions.Default);
                    transaction.Insert(edges, EdgeOf(i, size), InsertOptions.Default);
                }
                return 0;
            });
        }
        _documents = size;
    }

    private static Value DocumentOf(int i, int size) => QueryFigures.Json(
        $$"""{"_key":"D{{i}}","number":{{i}},"other":{{new Random(i).Next(size)}},"group":{{i % 97}},"text":"lorem ipsum dolor sit amet consectetur adipiscing elit sed do eiusmod tempor {{i}}"}""");

    /// <summary>Document 0, 10, 20 ... are the vertices; ten edges each lead to others of them.</summary>
    private static Value EdgeOf(int i, int size) => QueryFigures.Json(
        $$"""{"_from":"docs/D{{i / EdgesOfVertex * EdgesOfVertex}}","_to":"docs/D{{new Random(~i).Next(size / EdgesOfVertex) * EdgesOfVertex}}"}""");

    private sealed record ScalingQuery(string Name, string Text, int Runs, Each For);
}
