using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;

namespace GeoFabric.Benchmarks.Query;

/// <summary>
/// What queries over many documents cost in processor time, without a network, beside the least it can cost: walking the same documents, and reading
/// one attribute of each.
/// </summary>
internal static class QueryFigures
{
    internal static readonly QueryCaller Caller = new("1", "_system", "root");

    private static readonly string[] Regions = ["north", "south", "east", "west", "centre", "coast", "islands", "mountains"];

    private static readonly (string Name, string Text)[] s_queries =
    [
        ("count", "FOR x IN docs FILTER x.qty > 0 COLLECT WITH COUNT INTO n RETURN n"),
        ("agg1m", "FOR x IN docs COLLECT age = x.AGE WITH COUNT INTO counter RETURN {age: age, amount: counter}"),
        ("agg1mx", "FOR x IN docs OPTIONS { disableIndex: true } FILTER x.gender == 1 AND x.qty >= 10 COLLECT region = x.region AGGREGATE n = COUNT(1), s = SUM(x.amount), m = MAX(x.amount) RETURN {region, n, s, m}"),
        ("filter1m", "FOR x IN docs FILTER x.address.zip == 12345 RETURN x"),
        ("top1m", "FOR x IN docs SORT x.amount DESC LIMIT 10 RETURN {k: x._key, a: x.amount}"),
        ("distinct", "FOR x IN docs RETURN DISTINCT x.region"),
        ("aggindex", "FOR x IN docs COLLECT qty = x.qty WITH COUNT INTO counter RETURN {qty, amount: counter}"),
        ("sort", "FOR x IN docs FILTER x.qty == 3 SORT x.amount RETURN x._key"),
        ("join", "FOR r IN regions FOR x IN docs FILTER x.region == r.name AND x.qty == 20 COLLECT name = r.name WITH COUNT INTO n RETURN {name, n}"),
    ];

    /// <param name="names">Which; all when there are none. A number is the count of documents.</param>
    public static async Task<int> PrintAsync(TextWriter output, IReadOnlyList<string> names)
    {
        var documents = names.Select(name => int.TryParse(name, out var count) ? count : 0).FirstOrDefault(count => count > 0);
        documents = documents == 0 ? 1_000_000 : documents;
        var wanted = names.Where(name => !int.TryParse(name, out _)).ToList();
        var directory = Directory.CreateTempSubdirectory("geofabric-figures-").FullName;
        try
        {
            var options = new DatabaseOptions { DataDirectory = directory, MapSizeBytes = 4L << 30 };
            await using var host = await DatabaseHost.OpenAsync(options, TimeProvider.System);
            if (!host.TryGetFabric(TenantName.Root, FabricName.System, out var fabric))
                throw new InvalidOperationException("The system fabric is missing.");
            var scope = new AccessScope(TenantName.Root, fabric.Fabric.Id, "root", AccessLevel.Administrate);
            var engine = new QueryEngine(new QueryEngineOptions(), TimeProvider.System, () => new Random(1));
            var alone = new QueryEngine(new QueryEngineOptions { ScanHelpersMax = 0 }, TimeProvider.System, () => new Random(1));
            if (wanted.Count == 0 || wanted.Contains(GeoFigures.Name))
                await GeoFigures.PrintAsync(output, engine, fabric, scope, documents);
            if (wanted.Count > 0 && wanted.All(name => name == GeoFigures.Name))
                return 0;
            await FillAsync(fabric, scope, documents);
            await PrintFloorAsync(output, fabric, scope, documents);
            if (wanted.Contains(ExpressionFigures.Name))
                await ExpressionFigures.PrintAsync(output, fabric, scope);
            foreach (var (name, text) in s_queries)
            {
                if (wanted.Count > 0 && !wanted.Contains(name))
                    continue;
                await PrintQueryAsync(output, alone, fabric, scope, name + " alone", text, documents);
                await PrintQueryAsync(output, engine, fabric, scope, name, text, documents);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
        return 0;
    }

    private static async Task PrintQueryAsync(TextWriter output, QueryEngine engine, FabricDatabase fabric, AccessScope scope, string name, string text, int documents)
    {
        const int Rounds = 11;
        var used = new List<double>();
        var elapsed = new List<double>();
        for (var round = -2; round < Rounds; round++)
        {
            var time = new ProcessorTime();
            await engine.ExecuteAsync(fabric, scope, Caller, new QueryRequest(text), CancellationToken.None);
            // The first ones warm up.
            if (round < 0)
                continue;
            used.Add(time.Used.TotalMilliseconds);
            elapsed.Add(time.Elapsed.TotalMilliseconds);
        }
        await output.WriteLineAsync($"{name,-16} {Medians.Of(used),8:0} ms of processor time, {Medians.Of(elapsed),8:0} ms; {1e6 * Medians.Of(used) / documents,6:0} ns a document, at least {1e6 * used.Min() / documents:0}");
    }

    private static async Task PrintFloorAsync(TextWriter output, FabricDatabase fabric, AccessScope scope, int documents)
    {
        var collection = fabric.Catalog.GetCollection("docs");
        for (var round = 0; round < 3; round++)
        {
            using var snapshot = fabric.OpenSnapshot(scope);
            var time = new ProcessorTime();
            long sum = 0;
            using var cursor = snapshot.ScanCollection(collection);
            while (cursor.MoveNext())
                sum += cursor.Document.GetAttribute("AGE"u8).Integer;
            if (round == 2)
                await output.WriteLineAsync($"{"floor",-10} {time.Used.TotalMilliseconds,8:0} ms of processor time to add up one attribute, {1e6 * time.Used.TotalMilliseconds / documents,6:0} ns a document (sum {sum})");
        }
    }

    private static async Task FillAsync(FabricDatabase fabric, AccessScope scope, int documents)
    {
        await fabric.CreateCollectionAsync(scope, new CollectionSettings("docs"));
        await fabric.CreateCollectionAsync(scope, new CollectionSettings("regions"));
        var docs = fabric.Catalog.GetCollection("docs");
        await fabric.CreateIndexAsync(scope, "docs", new IndexSettings("persistent", ["qty", "region"]));
        await fabric.WriteAsync(scope, transaction =>
        {
            foreach (var name in Regions)
                transaction.Insert(fabric.Catalog.GetCollection("regions"), Json($$"""{"name":"{{name}}"}"""), InsertOptions.Default);
            return 0;
        });
        const int PerTransaction = 5000;
        for (var first = 0; first < documents; first += PerTransaction)
        {
            await fabric.WriteAsync(scope, transaction =>
            {
                for (var i = first; i < Math.Min(documents, first + PerTransaction); i++)
                    transaction.Insert(docs, DocumentOf(i), InsertOptions.Default);
                return 0;
            });
        }
    }

    /// <summary>As the documents of the benchmark kit: some 300 bytes of JSON.</summary>
    private static Value DocumentOf(int i)
    {
        var random = new Random(i);
        return Json($$"""
            {"_key":"D{{i}}","AGE":{{random.Next(90)}},"region":"{{Regions[random.Next(Regions.Length)]}}","gender":{{random.Next(2)}},"amount":{{random.Next(1_000_000)}}.{{random.Next(10, 99)}},
            "qty":{{1 + random.Next(20)}},"eyes":"blue","tags":["en","de"],"address":{"city":"somewhere","zip":{{10000 + random.Next(89999)}}},"ts":{{1_600_000_000 + random.Next(100_000_000)}},
            "note":"lorem ipsum dolor sit amet consectetur adipiscing elit sed do {{i}}"}
            """);
    }

    internal static Value Json(string json) => JsonValueReader.Parse(Encoding.UTF8.GetBytes(json));
}
