using System.Diagnostics;
using System.Globalization;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;

namespace GeoFabric.Benchmarks.Search;

/// <summary>
/// What full-text search costs in processor time: 100,000 documents of 40 to 70 words out of 20,000, the frequent ones far more often than the rare ones.
/// Processor time of the whole process, since elapsed time says little on a machine with other work.
/// </summary>
internal static class SearchFigures
{
    private const int VocabularySize = 20_000;
    private const int DocumentsPerWrite = 1000;
    private const string Query = """FOR d IN found SEARCH ANALYZER(TOKENS(@q, "text_en") ALL == d.about, "text_en") SORT BM25(d) DESC LIMIT 10 RETURN d._key""";

    private static readonly QueryCaller Caller = new("1", "_system", "root");

    public static async Task<int> PrintAsync(TextWriter output, IReadOnlyList<string> arguments)
    {
        var documents = arguments.Count > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 100_000;
        var queries = arguments.Count > 1 ? int.Parse(arguments[1], CultureInfo.InvariantCulture) : 2000;
        var directory = Directory.CreateTempSubdirectory("geofabric-search");
        try
        {
            await using var host = await DatabaseHost.OpenAsync(new DatabaseOptions { DataDirectory = directory.FullName }, TimeProvider.System);
            if (!host.TryGetFabric(TenantName.Root, FabricName.System, out var fabric))
                throw new InvalidOperationException("The system fabric is missing.");
            await new Run(fabric, output, new Random(42)).PrintAsync(documents, queries);
        }
        finally
        {
            directory.Delete(recursive: true);
        }
        return 0;
    }

    private sealed class Run(FabricDatabase fabric, TextWriter output, Random random)
    {
        private readonly AccessScope _scope = new(TenantName.Root, fabric.Fabric.Id, "root", AccessLevel.Administrate);
        private readonly QueryEngine _engine = new(new QueryEngineOptions(), TimeProvider.System, () => new Random(1));
        private readonly List<string> _words = [];
        private readonly double[] _shares = new double[VocabularySize];

        public async Task PrintAsync(int documents, int queries)
        {
            MakeVocabulary();
            await fabric.CreateCollectionAsync(_scope, new CollectionSettings("texts"));
            await MeasureAsync("insert without index, per document", documents, () => InsertAsync(documents));
            var before = fabric.Status.SizeBytes;
            var link = SearchSettings.Nothing.With(["about"], [BuiltInAnalyzers.ByName["text_en"]], includesAllFields: false);
            await MeasureAsync("fill the index, per document", documents, () =>
                fabric.CreateViewAsync(_scope, "found", new ViewSettings(new Dictionary<string, SearchField>(StringComparer.Ordinal) { ["texts"] = link })));
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"index: {(fabric.Status.SizeBytes - before) / (double)documents:F0} bytes per document"));
            await MeasureAsync("insert with index, per document", documents / 10, () => InsertAsync(documents / 10));
            await QueriesAsync("one word (rank 200 to 3200), best 10", queries, () => _words[200 + random.Next(3000)]);
            await QueriesAsync("two words (rank 20 to 320), both, best 10", queries, () => $"{_words[20 + random.Next(300)]} {_words[20 + random.Next(300)]}");
        }

        private async Task QueriesAsync(string what, int queries, Func<string> makeText)
        {
            var texts = Enumerable.Range(0, queries).Select(_ => makeText()).ToList();
            foreach (var text in texts.Take(200))
                await SearchAsync(text);
            await MeasureAsync(what, queries, async () =>
            {
                foreach (var text in texts)
                    await SearchAsync(text);
            });
        }

        private async Task SearchAsync(string text)
        {
            using var bindVars = new ValueBuilder();
            bindVars.BeginObject();
            bindVars.WriteAttribute("q"u8, Value.FromString(text));
            bindVars.EndObject();
            await _engine.ExecuteAsync(fabric, _scope, Caller, new QueryRequest(Query, bindVars.Build()), CancellationToken.None);
        }

        private async Task InsertAsync(int documents)
        {
            var collection = fabric.Catalog.GetCollection("texts");
            for (var done = 0; done < documents; done += DocumentsPerWrite)
            {
                var batch = Enumerable.Range(0, Math.Min(DocumentsPerWrite, documents - done)).Select(_ => MakeDocument()).ToList();
                await fabric.WriteAsync(_scope, transaction =>
                {
                    foreach (var document in batch)
                        transaction.Insert(collection, document, InsertOptions.Default);
                    return 0;
                });
            }
        }

        private Value MakeDocument()
        {
            var text = new StringBuilder();
            for (var i = 40 + random.Next(30); i > 0; i--)
                text.Append(PickWord()).Append(' ');
            using var builder = new ValueBuilder();
            builder.BeginObject();
            builder.WriteAttribute("about"u8, Value.FromString(text.ToString()));
            builder.EndObject();
            return builder.Build();
        }

        private void MakeVocabulary()
        {
            string[] syllables = ["ba", "de", "ki", "lo", "mu", "na", "po", "ra", "si", "tu", "ve", "zo"];
            var seen = new HashSet<string>(StringComparer.Ordinal);
            while (_words.Count < VocabularySize)
            {
                var word = string.Concat(Enumerable.Range(0, 2 + random.Next(3)).Select(_ => syllables[random.Next(syllables.Length)]));
                if (seen.Add(word))
                    _words.Add(word);
            }
            double sum = 0;
            for (var i = 0; i < VocabularySize; i++)
                _shares[i] = sum += 1.0 / (i + 1);
            for (var i = 0; i < VocabularySize; i++)
                _shares[i] /= sum;
        }

        private string PickWord()
        {
            var place = Array.BinarySearch(_shares, random.NextDouble());
            return _words[Math.Min(place < 0 ? ~place : place, VocabularySize - 1)];
        }

        private async Task MeasureAsync(string what, int count, Func<Task> work)
        {
            using var process = Process.GetCurrentProcess();
            var began = process.TotalProcessorTime;
            await work();
            process.Refresh();
            var each = (process.TotalProcessorTime - began).TotalMicroseconds / count;
            await output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{what}: {each:F1} µs of processor time"));
        }
    }
}
