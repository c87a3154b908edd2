using System.Globalization;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;

namespace GeoFabric.CrashWriter;

/// <summary>
/// Documents under a unique, an array and an edge index, and under indexes of places, of points, of terms and of vectors. Each transaction takes the next number inside its turn and does what the number says, so
/// the fabric must always equal the replay of the numbers 1 to the last one stored. Beside it collections are dropped, truncated and indexed, so
/// that kills also meet the background work.
/// </summary>
public sealed class DocumentCrashWorkload : ICrashWorkload
{
    public const string Name = "documents";
    private const int KeyCount = 300;
    private const int WriterCount = 6;
    private const int VectorDimension = 3;
    private const string CounterKey = "counter";

    private sealed class PlannedFailureException : Exception;

    private enum Step
    {
        Save,
        Patch,
        Remove,
    }

    /// <summary>The map begins small, so that kills also meet its growth, and so does the log, so that they meet its cutting.</summary>
    public static Task<DatabaseHost> OpenAsync(string directoryPath) => DatabaseHost.OpenAsync(
        new DatabaseOptions
        {
            DataDirectory = directoryPath,
            MapSizeBytes = 1 << 20,
            ChangeLogRetainedBytes = 1 << 20,
            ExpirySweepInterval = TimeSpan.FromMilliseconds(50),
        },
        TimeProvider.System);

    public static (FabricDatabase Fabric, AccessScope Scope) Enter(DatabaseHost host)
    {
        if (!host.TryGetFabric(TenantName.Root, FabricName.System, out var fabric))
            throw new InvalidOperationException("The system fabric is missing.");
        return (fabric, new AccessScope(TenantName.Root, fabric.Fabric.Id, "root", AccessLevel.Administrate));
    }

    public async Task RunAsync(string directoryPath, int seed, AcknowledgementPipe acknowledgements)
    {
        await using var host = await OpenAsync(directoryPath);
        var (fabric, scope) = Enter(host);
        await PrepareAsync(fabric, scope);
        acknowledgements.Ready();
        var writers = Enumerable.Range(0, WriterCount).Select(writer =>
            Task.Run(() => WriteAsync(fabric, scope, new Random(HashCode.Combine(seed, writer)), acknowledgements)));
        await Task.WhenAll([.. writers, Task.Run(() => ChangeDefinitionsAsync(fabric, scope, new Random(seed)))]);
    }

    /// <summary>The number of the last transaction stored.</summary>
    public static long ReadCounter(IFabricReader reader) =>
        reader.Catalog.TryGetCollection("state", out var state) && reader.TryGetDocument(state, Encoding.ASCII.GetBytes(CounterKey), out var counter)
            ? counter.GetAttribute("n"u8).Integer
            : 0;

    /// <summary>Does to the model what the transaction of this number does to the documents and edges.</summary>
    public static void Replay(long number, Dictionary<string, string> documents, Dictionary<string, string> edges)
    {
        foreach (var (step, key, salt) in StepsOf(number))
        {
            if (step == Step.Remove)
            {
                documents.Remove(key);
                edges.Remove(key);
                continue;
            }
            var isPatch = step == Step.Patch && documents.ContainsKey(key);
            documents[key] = DocumentText(key, number, salt, isPatch ? documents[key] : null);
            edges[key] = EdgeText(key, salt);
        }
    }

    /// <summary>What the replay and the verification compare of a document or an edge.</summary>
    public static string Describe(Value document)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in document.Attributes)
        {
            if (!name.SequenceEqual("_id"u8) && !name.SequenceEqual("_rev"u8))
                text.Append(CultureInfo.InvariantCulture, $"{Encoding.UTF8.GetString(name)}={value};");
        }
        return text.ToString();
    }

    private static async Task PrepareAsync(FabricDatabase fabric, AccessScope scope)
    {
        await CreateAsync(fabric, scope, "state", CollectionType.Document);
        await CreateAsync(fabric, scope, "docs", CollectionType.Document);
        await CreateAsync(fabric, scope, "edges", CollectionType.Edge);
        await fabric.CreateIndexAsync(scope, "docs", new IndexSettings("persistent", ["u"]) { IsUnique = true });
        await fabric.CreateIndexAsync(scope, "docs", new IndexSettings("persistent", ["tags[*]", "n"]));
        await fabric.CreateIndexAsync(scope, "docs", new IndexSettings("geo", ["place"]));
        await fabric.CreateIndexAsync(scope, "docs", new IndexSettings("geo", ["area"]) { IsGeoJson = true });
        await fabric.CreateIndexAsync(scope, "docs", new IndexSettings("mdi-prefixed", ["n", "p0"]) { PrefixFields = ["s"] });
        await fabric.CreateIndexAsync(scope, "docs", new IndexSettings("fulltext", ["words"]));
        await fabric.CreateIndexAsync(scope, "docs", new IndexSettings("vector", ["v"]) { Name = "vectors", Vector = new VectorSettings(VectorSettings.Cosine, VectorDimension, 4) });
        await fabric.CreateIndexAsync(scope, "docs", new IndexSettings("inverted", ["words", "n"])
        {
            Search = SearchSettings.Nothing
                .With(["words"], [BuiltInAnalyzers.ByName["text_en"], AnalyzerDefinition.Identity], includesAllFields: false)
                .With(["n"], [AnalyzerDefinition.Identity], includesAllFields: false),
        });
    }

    private static async Task CreateAsync(FabricDatabase fabric, AccessScope scope, string name, CollectionType type)
    {
        if (!fabric.Catalog.TryGetCollection(name, out _))
            await fabric.CreateCollectionAsync(scope, new CollectionSettings(name, type));
    }

    private static async Task WriteAsync(FabricDatabase fabric, AccessScope scope, Random random, AcknowledgementPipe acknowledgements)
    {
        var definitions = fabric.Catalog;
        while (true)
        {
            var fails = random.Next(10) == 0;
            try
            {
                var number = await fabric.WriteAsync(scope, transaction =>
                {
                    var next = ReadCounter(transaction) + 1;
                    Run(transaction, definitions, next);
                    return fails ? throw new PlannedFailureException() : next;
                });
                acknowledgements.Acknowledge(number.ToString(CultureInfo.InvariantCulture));
            }
            catch (PlannedFailureException)
            {
                // Its writes are undone, which the verification sees by the gapless numbers.
            }
        }
    }

    private static void Run(FabricTransaction transaction, CatalogSnapshot definitions, long number)
    {
        var docs = definitions.GetCollection("docs");
        var edges = definitions.GetCollection("edges");
        foreach (var (step, key, salt) in StepsOf(number))
        {
            var keyBytes = Encoding.ASCII.GetBytes(key);
            if (step == Step.Remove)
            {
                if (!transaction.TryGetDocument(docs, keyBytes, out _))
                    continue;
                transaction.Remove(docs, keyBytes, RemoveOptions.Default);
                transaction.Remove(edges, keyBytes, RemoveOptions.Default);
                continue;
            }
            var mode = step == Step.Patch ? OverwriteMode.Update : OverwriteMode.Replace;
            transaction.Insert(docs, DocumentOf(key, number, salt), new InsertOptions(mode));
            transaction.Insert(edges, EdgeOf(key, salt), new InsertOptions(OverwriteMode.Replace));
        }
        using var counter = new ValueBuilder();
        counter.BeginObject();
        counter.WriteAttribute("_key"u8, Value.FromString(CounterKey));
        counter.WriteAttribute("n"u8, Value.FromInteger(number));
        counter.EndObject();
        transaction.Insert(definitions.GetCollection("state"), counter.Build(), new InsertOptions(OverwriteMode.Replace));
    }

    /// <summary>Collections and indexes come, are filled, emptied and dropped without end.</summary>
    private static async Task ChangeDefinitionsAsync(FabricDatabase fabric, AccessScope scope, Random random)
    {
        for (var round = 0; ; round++)
        {
            var name = $"extra{random.Next(3)}";
            try
            {
                await CreateAsync(fabric, scope, name, CollectionType.Document);
                await FillAsync(fabric, scope, name, random.Next(random.Next(3000)));
                await fabric.CreateIndexAsync(scope, name, new IndexSettings("persistent", ["n"]));
                await fabric.CreateIndexAsync(scope, "docs", new IndexSettings("persistent", ["s"]) { Name = "extra" });
                if (random.Next(2) == 0)
                    await fabric.TruncateAsync(scope, name);
                // Trained by the vectors there are, so that it has several lists. A killed process may have left one that was trained by others.
                if (fabric.Catalog.GetCollection("docs").FindIndex("lists") is not null)
                    await fabric.DropIndexAsync(scope, "docs", "lists");
                await fabric.CreateIndexAsync(scope, "docs", new IndexSettings("vector", ["v"]) { Name = "lists", Vector = new VectorSettings(VectorSettings.Euclidean, VectorDimension, 8) });
                await fabric.DropIndexAsync(scope, "docs", "lists");
                await fabric.DropIndexAsync(scope, "docs", "extra");
                if (random.Next(2) == 0)
                    await fabric.DropCollectionAsync(scope, name);
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(100)), TimeProvider.System);
            }
            catch (GeoFabricException error) when (error.Code == ErrorCodes.IndexNotFound || error.Code == ErrorCodes.DuplicateName)
            {
                // A killed process left the definition in another state than this round expects.
            }
        }
    }

    private static Task<int> FillAsync(FabricDatabase fabric, AccessScope scope, string name, int count)
    {
        var collection = fabric.Catalog.GetCollection(name);
        return fabric.WriteAsync(scope, transaction =>
        {
            for (var i = 0; i < count; i++)
                transaction.Insert(collection, DocumentOf($"x{i}", i, i), new InsertOptions(OverwriteMode.Ignore));
            return count;
        });
    }

    private static IEnumerable<(Step Step, string Key, int Salt)> StepsOf(long number)
    {
        var random = new Random((int)(number ^ (number >> 32)));
        for (var i = random.Next(1, 4); i > 0; i--)
        {
            var step = random.Next(10) switch { 0 or 1 => Step.Remove, < 6 => Step.Patch, _ => Step.Save };
            yield return (step, $"k{random.Next(KeyCount)}", random.Next(1_000_000));
        }
    }

    private static Value DocumentOf(string key, long number, int salt)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteAttribute("_key"u8, Value.FromString(key));
        builder.WriteAttribute("n"u8, Value.FromInteger(number));
        // Unique by the key, and sometimes longer than an index entry.
        builder.WriteAttribute("u"u8, Value.FromString(UniqueText(key, salt)));
        builder.WriteAttribute("s"u8, Value.FromString(BodyText(salt)));
        builder.WriteName("tags"u8);
        builder.BeginArray();
        for (var i = 0; i < salt % 5; i++)
            builder.Write(Value.FromInteger((salt >> i) % 7));
        builder.EndArray();
        builder.WriteAttribute(Encoding.ASCII.GetBytes($"p{salt % 3}"), Value.FromInteger(salt));
        builder.WriteAttribute("words"u8, Value.FromString(WordsText(salt)));
        WritePlaces(builder, salt);
        // Some have no vector, or one that no index takes.
        if (salt % 5 != 0)
            builder.WriteAttribute("v"u8, Value.FromList([.. Enumerable.Range(1, salt % 7 == 0 ? 2 : VectorDimension).Select(i => Value.FromInteger(salt % (10 * i)))]));
        builder.EndObject();
        return builder.Build();
    }

    /// <summary>A point, and a shape of which a patch keeps nothing.</summary>
    private static void WritePlaces(ValueBuilder builder, int salt)
    {
        var (latitude, longitude) = (salt % 90, salt % 179);
        if (salt % 4 != 0)
            builder.WriteAttribute("place"u8, Value.FromList([Value.FromInteger(latitude), Value.FromInteger(longitude)]));
        builder.WriteName("area"u8);
        builder.BeginObject();
        builder.WriteAttribute("type"u8, Value.FromString("LineString"));
        builder.WriteAttribute("coordinates"u8, Value.FromList(
        [
            Value.FromList([Value.FromInteger(longitude), Value.FromInteger(latitude)]),
            Value.FromList([Value.FromInteger(longitude + 1), Value.FromDouble(latitude + 0.5)]),
        ]));
        builder.EndObject();
    }

    private static Value EdgeOf(string key, int salt)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteAttribute("_key"u8, Value.FromString(key));
        builder.WriteAttribute("_from"u8, Value.FromString($"docs/{key}"));
        builder.WriteAttribute("_to"u8, Value.FromString($"docs/k{salt % KeyCount}"));
        builder.EndObject();
        return builder.Build();
    }

    private static string UniqueText(string key, int salt) => $"{key}-{(salt % 4 == 0 ? new string('u', 600) : "")}{salt % 100}";

    private static string BodyText(int salt) => new((char)('a' + (salt % 26)), salt % 50 == 0 ? 20_000 : salt % 300);

    /// <summary>Few words, so that their postings fill blocks, and some that hardly anything else has.</summary>
    private static string WordsText(int salt) => string.Join(' ', Enumerable.Range(0, 1 + (salt % 7)).Select(i => $"word{(salt >> i) % 12}").Append($"rare{salt % 1000}"));

    private static string EdgeText(string key, int salt) => Describe(EdgeOf(key, salt));

    /// <summary>A document is what its transaction said; a patched one keeps the attributes that the patch does not have.</summary>
    private static string DocumentText(string key, long number, int salt, string? patched)
    {
        var text = Describe(DocumentOf(key, number, salt));
        if (patched is null)
            return text;
        var fresh = Attributes(text);
        var merged = Attributes(patched).Select(old => (old.Name, fresh.Find(candidate => candidate.Name == old.Name).Text ?? old.Text)).ToList();
        merged.AddRange(fresh.Where(candidate => merged.TrueForAll(old => old.Name != candidate.Name)));
        return string.Concat(merged.Select(attribute => $"{attribute.Name}={attribute.Item2};"));
    }

    private static List<(string Name, string Text)> Attributes(string text) =>
        [.. text.Split(';', StringSplitOptions.RemoveEmptyEntries).Select(part => part.Split('=', 2)).Select(pair => (pair[0], pair[1]))];
}
