using System.Globalization;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;

namespace GeoFabric.Benchmarks.Query;

/// <summary>What it costs to find documents by place among many: points of one degree by one, as many as in and around a large city.</summary>
internal static class GeoFigures
{
    public const string Name = "geo";

    private static readonly (string Name, string Text)[] s_queries =
    [
        ("within 1 km", "FOR p IN places FILTER GEO_DISTANCE(p.loc, @at) <= 1000 RETURN p._key"),
        ("within 100 m", "FOR p IN places FILTER GEO_DISTANCE(p.loc, @at) <= 100 RETURN p._key"),
        ("10 nearest", "FOR p IN places SORT GEO_DISTANCE(p.loc, @at) LIMIT 10 RETURN p._key"),
        ("NEAR 10", "FOR p IN NEAR(places, @at[1], @at[0], 10) RETURN p._key"),
    ];

    public static async Task PrintAsync(TextWriter output, QueryEngine engine, FabricDatabase fabric, AccessScope scope, int documents)
    {
        await FillAsync(fabric, scope, documents);
        foreach (var (name, text) in s_queries)
        {
            var used = new List<double>();
            long rows = 0;
            long read = 0;
            var random = new Random(2);
            for (var round = -100; round < 500; round++)
            {
                var request = new QueryRequest(text, QueryFigures.Json($$"""{"at":{{Place(random)}}}"""));
                var time = new ProcessorTime();
                var page = await engine.ExecuteAsync(fabric, scope, QueryFigures.Caller, request, CancellationToken.None);
                // The first ones warm up.
                if (round < 0)
                    continue;
                used.Add(time.Used.TotalMicroseconds);
                rows += JsonValueReader.Parse(page.ResultJson.Span).Items.Count;
                read += page.Statistics.ScannedIndex;
            }
            await output.WriteLineAsync($"{name,-12} {used.Average(),8:0} µs of processor time, median {Medians.Of(used):0}; {rows / 500.0:0} rows from {read / 500.0:0} of {documents} documents");
        }
    }

    private static async Task FillAsync(FabricDatabase fabric, AccessScope scope, int documents)
    {
        await fabric.CreateCollectionAsync(scope, new CollectionSettings("places"));
        await fabric.CreateIndexAsync(scope, "places", new IndexSettings("geo", ["loc"]) { IsGeoJson = true });
        var places = fabric.Catalog.GetCollection("places");
        const int PerTransaction = 5000;
        var random = new Random(1);
        for (var first = 0; first < documents; first += PerTransaction)
        {
            await fabric.WriteAsync(scope, transaction =>
            {
                for (var i = first; i < Math.Min(documents, first + PerTransaction); i++)
                    transaction.Insert(places, QueryFigures.Json($$"""{"_key":"P{{i}}","loc":{{Place(random)}},"name":"a place with a name","kind":{{random.Next(20)}}}"""), InsertOptions.Default);
                return 0;
            });
        }
    }

    private static string Place(Random random) => string.Create(CultureInfo.InvariantCulture, $"[{10 + random.NextDouble()},{59 + random.NextDouble()}]");
}
