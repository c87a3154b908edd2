using System.Collections.Immutable;
using System.Globalization;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Endpoints.Collections;
using GeoFabric.Server.Endpoints.Search;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Indexes;

/// <summary>Indexes of a collection, addressed by name.</summary>
internal static class IndexEndpoints
{
    private const string Tag = "Indexes";
    private const string Example = """{"type":"persistent","fields":["city"],"unique":false,"sparse":false}""";
    private const string MultiDimensionalExample = """{"type":"mdi","fields":["x","y"],"fieldValueTypes":"double"}""";
    private const string VectorExample = """{"type":"vector","fields":["embedding"],"params":{"metric":"cosine","dimension":384,"nLists":100,"defaultNProbe":5}}""";
    private const string InvertedExample = """{"type":"inverted","fields":["city",{"name":"text","analyzer":"text_en"}],"storedValues":[["city"]],"optimizeTopK":["BM25(@doc) DESC"]}""";
    private const string TypeNames = "persistent, hash, skiplist, ttl, geo, mdi, mdi-prefixed, zkd, vector, inverted, fulltext";
    private const string TtlExample = """{"type":"ttl","fields":["expiresAt"],"expireAfter":3600}""";
    private const string FulltextExample = """{"type":"fulltext","fields":["text"],"minLength":3}""";
    private const string GeoExample = """{"type":"geo","fields":["location"],"geoJson":true}""";

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/index", ListAsync, "listIndexes", "List the indexes of a collection", Tag) { Query = [new("collection", "Name of the collection", IsRequired: true), new("figures", "true: also size, selectivity and use of each")] },
        new("POST", "/index", request => CreateAsync(request, null), "createIndex", "Create an index", Tag)
        {
            Query = [new("collection", "Name of the collection", IsRequired: true)],
            BodyExample = Example,
            SuccessStatus = 201,
        },
        .. new[] { "general", "persistent", "hash", "skiplist", "ttl", "geo", "zkd", "mdi", "vector", "fulltext", "inverted" }.Select(type =>
            new ApiRoute("POST", "/index/" + type, request => CreateAsync(request, type == "general" ? null : type), $"create{char.ToUpperInvariant(type[0])}{type[1..]}Index", $"Create an index of type {type}", Tag)
            {
                Query = [new("collection", "Name of the collection", IsRequired: true)],
                BodyExample = type switch { "geo" => GeoExample, "ttl" => TtlExample, "fulltext" => FulltextExample, "zkd" or "mdi" => MultiDimensionalExample, "vector" => VectorExample, "inverted" => InvertedExample, _ => Example },
                SuccessStatus = 201,
            }),
        new("POST", "/index/{collection}/analyze", AnalyzeAsync, "analyzeIndexes", "Read how the values of a collection's indexes are spread, for the plans of queries", Tag),
        new("GET", "/index/{collection}/{index}", ReadAsync, "readIndex", "Read an index", Tag),
        new("DELETE", "/index/{collection}/{index}", DropAsync, "dropIndex", "Drop an index", Tag),
    ];

    private static CollectionDefinition Collection(ApiRequest request) => CollectionEndpoints.Find(
        request, request.RequiredText("collection"));

    private static Task ListAsync(ApiRequest request)
    {
        var collection = Collection(request);
        var indexes = DescribeAll(request, collection);
        return ResultWriter.WriteEnvelopeAsync(
            request.Http,
            200,
            ("indexes", ObjectValue.List(indexes.Select(index => index.Value))),
            ("identifiers", ObjectValue.Of(indexes.Select(index => (index.Id, index.Value)))));
    }

    private static List<(string Id, Value Value)> DescribeAll(ApiRequest request, CollectionDefinition collection)
    {
        using var snapshot = request.Fabric.OpenSnapshot(request.Scope);
        var hasFigures = request.Flag("figures");
        return [.. Visible(collection).Select(index =>
        {
            var described = ObjectValue.Of(DescribeAttributes(collection, index, snapshot));
            return (Id(collection, index), hasFigures ? ObjectValue.With(described, DescribeFigures(request, collection, index, snapshot, described.GetAttribute("selectivityEstimate"u8))) : described);
        })];
    }

    private static async Task CreateAsync(ApiRequest request, string? type)
    {
        var collection = Collection(request);
        var body = await request.ReadObjectAsync();
        type ??= body.Text("type"u8) ?? throw ErrorCodes.BadParameter.With($"'type' is missing; it is one of {TypeNames}");
        // Names of older servers for one field and for two.
        if (type is "geo1" or "geo2")
            type = "geo";
        if (!TypeNames.Split(", ").Contains(type))
            throw ErrorCodes.BadParameter.With($"index type '{type}'; it is one of {TypeNames}");
        if (type is "zkd" or "mdi" or "mdi-prefixed" && body.Text("fieldValueTypes"u8) is { } valueTypes and not "double")
            throw ErrorCodes.BadParameter.With($"fieldValueTypes '{valueTypes}'; an index of type '{type}' takes \"double\"");
        var isUnique = body.Boolean("unique"u8, false);
        if (isUnique && !collection.IsLocal)
            throw new GeoFabricException(ErrorCodes.BadRequest, "Invalid attribute: unique. Not allowed for global collections.");
        ImmutableArray<string> paths = [];
        var search = type == "inverted" ? SearchSettingsReader.ReadInverted(body, request.Fabric.Catalog, out paths) : null;
        var created = await request.Fabric.CreateIndexAsync(request.Scope, collection.Name, new IndexSettings(type, search is null ? ReadFields(body) : paths)
        {
            Search = search,
            Stored = type == "inverted" ? StoredValuesReader.Read(body, StoredValues.None) : StoredValues.None,
            ScoreOrders = type == "inverted" ? ScoreOrderReader.Read(body) ?? [] : [],
            Vector = type == "vector" ? ReadVector(body.Fields("params"u8)) : null,
            PrefixFields = [.. body.Texts("prefixFields"u8)],
            MinLength = (int)(body.Integer("minLength"u8, 1, 100) ?? 2),
            Name = body.Text("name"u8),
            IsUnique = isUnique,
            IsSparse = body.Boolean("sparse"u8, type == "ttl"),
            Deduplicate = body.Boolean("deduplicate"u8, true),
            ExpireAfterSeconds = type == "ttl" ? ReadExpireAfter(body) : 0,
            IsGeoJson = ReadIsGeoJson(body),
        }, request.Aborted);
        var status = created.IsNew ? 201 : 200;
        var attributes = new List<(string, Value)> { ("isNewlyCreated", Value.FromBoolean(created.IsNew)) };
        using (var snapshot = request.Fabric.OpenSnapshot(request.Scope))
            attributes.AddRange(DescribeAttributes(collection, created.Definition, snapshot));
        await ResultWriter.WriteEnvelopeAsync(request.Http, status, [.. attributes]);
    }

    private static Task AnalyzeAsync(ApiRequest request)
    {
        var collection = CollectionEndpoints.Find(request, request.Path("collection"));
        var indexes = request.Fabric.Analyze(request.Scope, collection);
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("collection", Value.FromString(collection.Name)), ("indexes", Value.FromInteger(indexes)));
    }

    /// <summary>Nobody is taken to want documents gone at once who has not said so.</summary>
    private static double ReadExpireAfter(RequestFields body) => body.Number("expireAfter"u8)
        ?? throw ErrorCodes.BadParameter.With("'expireAfter' of a ttl index is missing; it is how many seconds behind the time in its field a document goes, 0 for at that time");

    /// <summary>True or false, or the text of either, which the documentation of the original asks for.</summary>
    private static bool ReadIsGeoJson(RequestFields body) => body.Body.GetAttribute("geoJson"u8) is { IsString: true } text && bool.TryParse(text.Text, out var isGeoJson)
        ? isGeoJson
        : body.Boolean("geoJson"u8, false);

    private static VectorSettings ReadVector(RequestFields parameters)
    {
        int Read(string name, long? otherwise) => (int)(parameters.Integer(System.Text.Encoding.UTF8.GetBytes(name), 1, VectorSettings.NumbersMax)
            ?? otherwise ?? throw ErrorCodes.BadParameter.With($"'params' of a vector index: '{name}' is missing; it is a number from 1"));
        return new VectorSettings(parameters.RequiredText("metric"u8), Read("dimension", null), Read("nLists", null), Read("defaultNProbe", 1), Read("trainingIterations", 25));
    }

    private static ImmutableArray<string> ReadFields(RequestFields body)
    {
        var fields = body.Texts("fields"u8);
        return fields.Count > 0 ? [.. fields] : throw ErrorCodes.BadParameter.With("'fields' must be an array of attribute paths that is not empty");
    }

    private static Task ReadAsync(ApiRequest request)
    {
        var collection = CollectionEndpoints.Find(request, request.Path("collection"));
        var name = request.Path("index");
        var index = Visible(collection).FirstOrDefault(index => index.Name == name || index.Id.ToString(CultureInfo.InvariantCulture) == name)
            ?? throw ErrorCodes.IndexNotFound.With($"'{name}' of collection '{collection.Name}'");
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200, [.. DescribeAttributes(collection, index)]);
    }

    private static async Task DropAsync(ApiRequest request)
    {
        var collection = CollectionEndpoints.Find(request, request.Path("collection"));
        var dropped = await request.Fabric.DropIndexAsync(request.Scope, collection.Name, request.Path("index"), request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("id", Value.FromString(Id(collection, dropped))));
    }

    /// <summary>The indexes as clients know them: the two edge indexes are one.</summary>
    public static IEnumerable<IndexDefinition> Visible(CollectionDefinition collection)
    {
        var hasEdge = false;
        foreach (var index in collection.Indexes)
        {
            if ((index.Kind == IndexKind.Edge && hasEdge) || index.ViewId != 0)
                continue;
            hasEdge |= index.Kind == IndexKind.Edge;
            yield return index;
        }
    }

    private static string Id(CollectionDefinition collection, IndexDefinition index) => $"{collection.Name}/{index.Id}";

    /// <summary>The size of an index and, since this server started, the queries that read by it and the time of the last one.</summary>
    private static Value DescribeFigures(ApiRequest request, CollectionDefinition collection, IndexDefinition index, FabricSnapshot snapshot, Value selectivity)
    {
        var figures = snapshot.ReadFigures(collection, index);
        var (queries, lastUsed) = request.Services.Queries.IndexUsage.Read(request.Caller.FabricId, collection, index);
        return ObjectValue.Of(("figures", ObjectValue.Of(
            ("entries", index.Kind == IndexKind.Inverted ? Value.Null : Value.FromInteger(figures.Entries)),
            ("size", index.Kind == IndexKind.Primary ? Value.Null : Value.FromInteger(figures.SizeBytes)),
            ("selectivity", selectivity),
            ("isBuilding", Value.FromBoolean(index.IsBuilding)),
            ("hits", Value.FromInteger(queries)),
            ("lastUsed", lastUsed is { } used ? Value.FromString(used.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture)) : Value.Null))));
    }

    /// <param name="snapshot">To tell the selectivity from; clients do not know it of a single index that they read.</param>
    private static IEnumerable<(string Name, Value Value)> DescribeAttributes(CollectionDefinition collection, IndexDefinition index, FabricSnapshot? snapshot = null)
    {
        var fields = index.Kind == IndexKind.Edge ? ["_from", "_to"] : index.Fields.Select(field => field.Text);
        if (index.Kind == IndexKind.Persistent)
            yield return ("deduplicate", Value.FromBoolean(index.Deduplicate));
        if (index.Kind == IndexKind.Ttl)
            yield return ("expireAfter", Value.FromDouble(index.ExpireAfterSeconds));
        if (index.Kind == IndexKind.Geo)
        {
            // The levels are those of the cells that such servers use, told to clients that expect them.
            yield return ("bestIndexedLevel", Value.FromInteger(17));
            yield return ("geoJson", Value.FromBoolean(index.IsGeoJson));
            yield return ("maxNumCoverCells", Value.FromInteger(8));
            yield return ("worstIndexedLevel", Value.FromInteger(4));
        }
        if (index.Kind == IndexKind.MultiDimensional)
            yield return ("fieldValueTypes", Value.FromString("double"));
        if (index.PrefixFields > 0)
            yield return ("prefixFields", ObjectValue.Strings(fields.Take(index.PrefixFields)));
        yield return ("fields", ObjectValue.List(fields.Skip(index.PrefixFields).Select(Value.FromString)));
        yield return ("id", Value.FromString(Id(collection, index)));
        if (index.TypeName == "fulltext")
            yield return ("minLength", index.Search!.AllAnalyzers().First().Properties.GetAttribute("minLength"u8));
        if (!index.Stored.PrimarySort.IsEmpty)
            yield return ("primarySort", ObjectValue.Of(("fields", StoredValuesReader.DescribeSort(index.Stored))));
        foreach (var kept in StoredValuesReader.DescribeGroups(index.Stored).Concat(ScoreOrderReader.Describe(index.ScoreOrders)))
            yield return kept;
        if (index.TypeName == "inverted")
            yield return ("analyzers", ObjectValue.Strings(index.Search!.AllAnalyzers().Select(analyzer => analyzer.Name).Distinct(StringComparer.Ordinal)));
        if (index.Vector is { } vector)
        {
            yield return ("params", ObjectValue.Of(
                ("metric", Value.FromString(vector.Metric)),
                ("dimension", Value.FromInteger(vector.Dimension)),
                ("nLists", Value.FromInteger(vector.Lists)),
                ("defaultNProbe", Value.FromInteger(vector.Probes)),
                ("trainingIterations", Value.FromInteger(vector.TrainingIterations))));
        }
        yield return ("name", Value.FromString(index.Name));
        if (snapshot is not null && !index.IsBuilding && index.Kind is not (IndexKind.Geo or IndexKind.Vector or IndexKind.Inverted))
            yield return ("selectivityEstimate", Value.FromDouble(snapshot.EstimateSelectivity(collection, index)));
        yield return ("sparse", Value.FromBoolean(index.IsSparse));
        yield return ("type", Value.FromString(index.TypeName));
        yield return ("unique", Value.FromBoolean(index.IsUnique));
    }
}
