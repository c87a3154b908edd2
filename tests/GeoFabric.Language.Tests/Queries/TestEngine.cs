using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database;
using GeoFabric.Database.Access;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Language.Tests.Golden;
using GeoFabric.Primitives.Values;
using GeoFabric.Primitives.Names;
using GeoFabric.Query.Execution;

namespace GeoFabric.Language.Tests.Queries;

/// <summary>A fabric in memory with a few known collections, and a query engine over it. Each test that writes makes its own.</summary>
internal sealed class TestEngine : IAsyncDisposable
{
    private readonly DatabaseHost _host;

    private TestEngine(DatabaseHost host, FabricDatabase fabric, QueryEngineOptions options)
    {
        _host = host;
        Engine = new QueryEngine(options, TimeProvider.System, () => new Random(1));
        Fabric = fabric;
        Scope = new AccessScope(TenantName.Root, fabric.Fabric.Id, "root", AccessLevel.Administrate);
    }

    public FabricDatabase Fabric { get; }

    public AccessScope Scope { get; }

    public QueryEngine Engine { get; }

    /// <summary>Several threads read every collection, a few documents at a time.</summary>
    public static QueryEngineOptions SeveralThreads { get; } = new() { Processors = 4, ScanHelpersMax = 3, ParallelScanFrom = 0, DocumentsPerScanPart = 3 };

    public static QueryCaller Caller { get; } = new("1", "_system", "root");

    public static async Task<TestEngine> CreateAsync(QueryEngineOptions? options = null)
    {
        var host = await DatabaseHost.OpenAsync(new DatabaseOptions { ExpirySweepInterval = TimeSpan.Zero }, TimeProvider.System);
        Assert.True(host.TryGetFabric(TenantName.Root, FabricName.System, out var fabric));
        var engine = new TestEngine(host, fabric, options ?? new QueryEngineOptions());
        await engine.FillAsync();
        return engine;
    }

    public async Task<QueryPage> RunAsync(string query, string bindVars = "{}", params string[] rules) => await Engine.ExecuteAsync(
        Fabric,
        Scope,
        Caller,
        new QueryRequest(query, JsonValueReader.Parse(Encoding.UTF8.GetBytes(bindVars))) { Rules = new GeoFabric.Query.Optimizer.RuleSelection(rules) },
        TestContext.Current.CancellationToken);

    public async Task<string> RowsAsync(string query, string bindVars = "{}", params string[] rules) =>
        Encoding.UTF8.GetString((await RunAsync(query, bindVars, rules)).ResultJson.Span);

    /// <summary>Makes the collections, documents and indexes of a case's settings, and runs the queries that come before its own.</summary>
    /// <param name="withIndexes">All indexes; otherwise only the unique ones, which decide what may be stored.</param>
    public async Task PrepareAsync(GoldenCase golden, bool withIndexes)
    {
        foreach (var (name, value) in golden.Settings)
        {
            if (name is "collection" or "edges")
                await Fabric.CreateCollectionAsync(Scope, new CollectionSettings(value, name == "edges" ? CollectionType.Edge : CollectionType.Document));
            else if (name == "graph")
                await AddGraphAsync(value.Split(' '));
            else if (name == "document")
                await RunAsync($"INSERT {value[value.IndexOf(' ', StringComparison.Ordinal)..]} INTO {value.Split(' ')[0]}");
            else if (name == "index-of-both" || (name == "index" && (withIndexes || value.Contains(" unique", StringComparison.Ordinal))))
                await AddIndexAsync(value);
        }
        if (golden.Setting("view") is not null)
            await Properties.GeneratedView.CreateAsync(Fabric, Scope);
        if (golden.Setting("search") is not null)
            await AddSearchAsync();
        if (golden.Setting("semantic") is { } kept)
            await AddSemanticViewAsync(int.TryParse(kept, System.Globalization.CultureInfo.InvariantCulture, out var bits) ? bits : 0);
        foreach (var before in golden.SettingsOf("before"))
            await RunAsync(before);
    }

    /// <summary>Adds a graph written as <c>name edges,edges vertices,vertices</c>: any of its edges leads from any of its vertices to any.</summary>
    private Task AddGraphAsync(string[] words) => Fabric.CreateGraphAsync(
        Scope, new GraphDefinition(words[0], [.. words[1].Split(',').Select(edges => new EdgeDefinition(edges, [.. words[2].Split(',')], [.. words[2].Split(',')]))], []));

    /// <summary>Adds an index written as <c>collection field,field [sparse] [unique] [duplicates] [ttl] [geo] [geojson] [mdi] [mdi-prefixed] [vector METRIC] [byName]</c>.</summary>
    public Task AddIndexAsync(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var isExpiring = words.Contains("ttl");
        var isGeo = words.Contains("geo") || words.Contains("geojson");
        var isBox = words.Contains("mdi");
        var isVector = words.Contains("vector");
        var isPrefixed = words.Contains("mdi-prefixed");
        var fields = words[1].Split(',');
        return Fabric.CreateIndexAsync(Scope, words[0], new IndexSettings(isExpiring ? "ttl" : isGeo ? "geo" : isBox ? "mdi" : isVector ? "vector" : isPrefixed ? "mdi-prefixed" : "persistent", [.. fields.Skip(isPrefixed ? 1 : 0)])
        {
            Name = words.Skip(2).FirstOrDefault(word => word.StartsWith("by", StringComparison.Ordinal)),
            Vector = isVector ? new VectorSettings(words[^1], 2, 4) : null,
            PrefixFields = isPrefixed ? [fields[0]] : [],
            IsSparse = words.Contains("sparse"),
            IsUnique = words.Contains("unique"),
            Deduplicate = !words.Contains("duplicates"),
            ExpireAfterSeconds = isExpiring ? 1e9 : 0,
            IsGeoJson = words.Contains("geojson"),
        });
    }

    /// <summary>
    /// texts: seven documents with title, body, year, tags and inner.note, some of them missing or of other types; notes: two more. The view library is over
    /// both, title and tags as they are, body in English, everything below inner; shelf is the same, knows where tags stand, and keeps title, inner.note,
    /// tags and year; marked has analyzers with offsets; texts has an inverted index byBody, and a fulltext index on title.
    /// </summary>
    public async Task AddSearchAsync()
    {
        await Fabric.CreateCollectionAsync(Scope, new CollectionSettings("texts"));
        await Fabric.CreateCollectionAsync(Scope, new CollectionSettings("notes"));
        await Fabric.SaveAnalyzerAsync(Scope, new AnalyzerDefinition("trigram", "ngram", JsonValueReader.Parse("""{"min":3,"max":3,"streamType":"utf8"}"""u8), AnalyzerDefinition.KnownFeatures));
        var (words, _) = await Fabric.SaveAnalyzerAsync(Scope, new AnalyzerDefinition("words", "text", JsonValueReader.Parse("""{"locale":"en"}"""u8), AnalyzerDefinition.KnownFeatures));
        var (parts, _) = await Fabric.SaveAnalyzerAsync(Scope, new AnalyzerDefinition(
            "parts", "pipeline", JsonValueReader.Parse("""{"pipeline":[{"type":"delimiter","properties":{"delimiter":" "}},{"type":"norm","properties":{"locale":"en","case":"lower"}},{"type":"ngram","properties":{"min":2,"max":2,"streamType":"utf8"}}]}"""u8), AnalyzerDefinition.KnownFeatures));
        await Fabric.SaveAnalyzerAsync(Scope, new AnalyzerDefinition("minhash", "minhash", JsonValueReader.Parse("""{"analyzer":{"type":"delimiter","properties":{"delimiter":" "}},"numHashes":20}"""u8), []));
        Assert.True(Fabric.Catalog.TryGetAnalyzer("minhash", out var minhash));
        var english = BuiltInAnalyzers.ByName["text_en"];
        Assert.True(Fabric.Catalog.TryGetAnalyzer("trigram", out var trigram));
        var link = SearchSettings.Nothing
            .With(["title"], [AnalyzerDefinition.Identity, trigram, minhash], includesAllFields: false)
            .With(["tags"], [AnalyzerDefinition.Identity], includesAllFields: false)
            .With(["year"], [AnalyzerDefinition.Identity], includesAllFields: false)
            .With(["body"], [english], includesAllFields: false)
            .With(["inner"], [AnalyzerDefinition.Identity, english], includesAllFields: true);
        await Fabric.CreateViewAsync(Scope, "library", new ViewSettings(new Dictionary<string, SearchField>(StringComparer.Ordinal) { ["texts"] = link, ["notes"] = link }));
        await Fabric.CreateViewAsync(Scope, "shelf", new ViewSettings(new Dictionary<string, SearchField>(StringComparer.Ordinal)
        {
            ["texts"] = link with { TracksListPositions = true, Fields = link.Fields.SetItem("tags", link.Fields["tags"] with { TracksListPositions = true }) },
            ["notes"] = link,
        })
        {
            Stored = new StoredValues([new(["title", "inner.note"], "none"), new(["tags"], "lz4")], [("year", true)]),
        });
        await Fabric.CreateViewAsync(Scope, "marked", new ViewSettings(new Dictionary<string, SearchField>(StringComparer.Ordinal)
        {
            ["texts"] = SearchSettings.Nothing
                .With(["title"], [trigram, words, parts, english], includesAllFields: false)
                .With(["body"], [words], includesAllFields: false)
                .With(["inner"], [words], includesAllFields: true)
                .With(["tags"], [words], includesAllFields: false),
            ["notes"] = SearchSettings.Nothing with { Fields = SearchSettings.Nothing.Fields.SetItem("tags", SearchSettings.Nothing with { Analyzers = [words], TracksListPositions = true }) },
        }));
        await Fabric.CreateIndexAsync(Scope, "texts", new IndexSettings("inverted", ["body", "year"])
        {
            Name = "byBody",
            Search = SearchSettings.Nothing.With(["body"], [english], includesAllFields: false).With(["year"], [AnalyzerDefinition.Identity], includesAllFields: false),
            Stored = new StoredValues([new(["year"], "lz4")], []),
        });
        await Fabric.CreateIndexAsync(Scope, "texts", new IndexSettings("fulltext", ["title"]));
        await RunAsync("""
            FOR d IN [
              { _key: "a", title: "Quick brown fox", body: "The quick brown fox jumps over the lazy dog", year: 1990, tags: ["animal", "fast"], inner: { note: "A fox" } },
              { _key: "b", title: "Slow fox", body: "A fox that is slow; the slowest of all foxes", year: 2001, tags: ["animal"] },
              { _key: "c", title: "Brown bear", body: "Bears are brown and quick when they have to be", year: 2001.5, tags: [] },
              { _key: "d", title: "quick quip", body: ["A quick quip", "brown bread"], year: "2001", tags: "animal" },
              { _key: "e", title: null, body: 7, year: null, inner: { note: { deep: true } } },
              { _key: "f", title: "Foxglove", body: "", tags: ["plant", null, 3] },
              { _key: "g" }
            ] INSERT d INTO texts
            """);
        await RunAsync("FOR d IN [{ _key: 'n1', title: 'Fox note', body: 'Notes about a quick fox', year: 2020 }, { _key: 'n2', title: 'Zebra', body: 'Stripes' }] INSERT d INTO notes");
    }

    /// <summary>
    /// places and spots: documents with vectors v of two numbers, some without, and in spots vectors w of three. The view near is over v of both by their
    /// angle, and over w by distance.
    /// </summary>
    public async Task AddSemanticViewAsync(int codeBits = 0)
    {
        await Fabric.CreateCollectionAsync(Scope, new CollectionSettings("places"));
        await Fabric.CreateCollectionAsync(Scope, new CollectionSettings("spots"));
        await RunAsync("FOR i IN 1..12 INSERT { _key: CONCAT('p', i), v: i == 5 ? null : [i, 6 - i], kind: i % 2 } INTO places");
        await RunAsync("FOR i IN 1..4 INSERT { _key: CONCAT('s', i), v: [i, 1], w: [i, i, 0] } INTO spots");
        var config = JsonValueReader.Parse("""{"indexConfig":{"type":"ivf","nProbe":100}}"""u8);
        var angle = new SemanticField("v", new VectorSettings(VectorSettings.Cosine, 2, 1) { CodeBits = codeBits }, config);
        await Fabric.CreateViewAsync(Scope, "near", new ViewSettings(new Dictionary<string, SearchField>())
        {
            SemanticLinks = new Dictionary<string, ImmutableArray<SemanticField>>(StringComparer.Ordinal)
            {
                ["places"] = [angle],
                ["spots"] = [angle, new SemanticField("w", new VectorSettings(VectorSettings.Euclidean, 3, 1) { CodeBits = codeBits }, config)],
            },
        });
    }

    public ValueTask DisposeAsync() => _host.DisposeAsync();

    /// <summary>
    /// users: 12 people with age, city, tags and address, one without age and one with a null age; orders: 24, two per user; knows: edges in a ring; follows: an edge collection without edges; people: the graph of both.
    /// users has a persistent index on (city, age), one on tags[*] and a sparse one on nick; orders one on (user, total).
    /// </summary>
    private async Task FillAsync()
    {
        await Fabric.CreateCollectionAsync(Scope, new CollectionSettings("users"));
        await Fabric.CreateCollectionAsync(Scope, new CollectionSettings("orders"));
        await Fabric.CreateCollectionAsync(Scope, new CollectionSettings("empty"));
        await Fabric.CreateCollectionAsync(Scope, new CollectionSettings("knows", CollectionType.Edge));
        await Fabric.CreateCollectionAsync(Scope, new CollectionSettings("follows", CollectionType.Edge));
        await Fabric.CreateGraphAsync(Scope, new GraphDefinition("people", [new EdgeDefinition("knows", ["users"], ["users"]), new EdgeDefinition("follows", ["users"], ["users"])], []));
        await Fabric.CreateIndexAsync(Scope, "users", new IndexSettings("persistent", ["city", "age"]) { Name = "byCity" });
        await Fabric.CreateIndexAsync(Scope, "users", new IndexSettings("persistent", ["tags[*]"]) { Name = "byTag" });
        await Fabric.CreateIndexAsync(Scope, "users", new IndexSettings("persistent", ["nick"]) { Name = "byNick", IsSparse = true });
        await Fabric.CreateIndexAsync(Scope, "orders", new IndexSettings("persistent", ["user", "total"]) { Name = "byUser" });
        await RunAsync("""
            FOR i IN 1..12
              LET base = { _key: CONCAT("u", i < 10 ? "0" : "", i), name: CONCAT("User ", i), city: ["Oslo", "Lyon", "Graz"][i % 3], tags: i % 2 == 0 ? ["even", CONCAT("t", i)] : ["odd"], address: { zip: 1000 + i } }
              LET age = i == 5 ? {} : i == 6 ? { age: null } : { age: 20 + i }
              LET nick = i % 4 == 0 ? { nick: CONCAT("n", i) } : {}
              INSERT MERGE(base, age, nick) INTO users
            """);
        await RunAsync("FOR i IN 1..24 INSERT { _key: CONCAT('o', i), user: CONCAT('u', i % 12 + 1 < 10 ? '0' : '', i % 12 + 1), total: i * 10 } INTO orders");
        await RunAsync("FOR i IN 1..12 LET a = CONCAT('users/u', i < 10 ? '0' : '', i) LET j = i % 12 + 1 INSERT { _key: TO_STRING(i), _from: a, _to: CONCAT('users/u', j < 10 ? '0' : '', j) } INTO knows");
    }
}
