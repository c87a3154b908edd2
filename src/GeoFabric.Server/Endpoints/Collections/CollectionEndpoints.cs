using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Endpoints.Indexes;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Collections;

/// <summary>Collections of a fabric.</summary>
internal static class CollectionEndpoints
{
    private const string Tag = "Collections";

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/collection", ListAsync, "listCollections", "List collections", Tag)
        {
            Query = [new("excludeSystem", "true: without system collections"), new("figures", "true: also sizes and regions of each, from counters; no document is read")],
        },
        new("POST", "/collection", CreateAsync, "createCollection", "Create a collection", Tag)
        {
            BodyExample = """{"name":"addresses","type":2}""",
        },
        new("GET", "/collection/{collection}", ReadAsync, "readCollection", "Read a collection", Tag),
        new("DELETE", "/collection/{collection}", DropAsync, "dropCollection", "Drop a collection", Tag)
        {
            Query = [new("isSystem", "true: drop it even if it is a system collection")],
        },
        new("GET", "/collection/{collection}/count", CountAsync, "countDocuments", "Count the documents", Tag) { Placement = RoutePlacement.ReadsCollection },
        new("GET", "/collection/{collection}/figures", FiguresAsync, "readCollectionFigures", "Read figures of a collection", Tag) { Placement = RoutePlacement.ReadsCollection },
        new("GET", "/collection/{collection}/sample", SampleAsync, "sampleCollection", "Describe the fields of some of the documents: types, share of null, most frequent values", Tag)
        {
            Placement = RoutePlacement.ReadsCollection,
            Query = [new("limit", "Documents to read: 1000 unless told, at most 1000"), new("seed", "Another integer takes other documents of a large collection; 0 unless told")],
        },
        new("GET", "/collection/{collection}/properties", PropertiesAsync, "readCollectionProperties", "Read all properties", Tag),
        new("PUT", "/collection/{collection}/properties", ChangePropertiesAsync, "changeCollectionProperties", "Change properties", Tag)
        {
            BodyExample = """{"waitForSync":true}""",
        },
        new("PUT", "/collection/{collection}/truncate", TruncateAsync, "truncateCollection", "Delete all documents", Tag) { Placement = RoutePlacement.WritesCollection },
        new("PUT", "/collection/{collection}/rename", RenameAsync, "renameCollection", "Rename a collection", Tag) { BodyExample = """{"name":"people"}""" },
    ];

    public static CollectionDefinition Find(ApiRequest request, string name)
    {
        var collection = request.Fabric.Catalog.GetCollection(name);
        request.Scope.DemandRead(collection);
        return collection;
    }

    private static CollectionDefinition Find(ApiRequest request) => Find(request, request.Path("collection"));

    private static Task ListAsync(ApiRequest request)
    {
        var excludesSystem = request.Flag("excludeSystem", false);
        var collections = request.Fabric.Catalog.Collections.Values
            .Where(collection => !(excludesSystem && collection.IsSystem))
            .OrderByDescending(collection => collection.Id);
        var described = request.Flag("figures") ? DescribeWithFigures(request, collections) : ObjectValue.List(collections.Select(Summary));
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", described));
    }

    private static async Task CreateAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var name = body.Text("name"u8) ?? throw ErrorCodes.IllegalName.With("'name' is missing");
        // 2 is a document collection, 3 an edge collection.
        var type = (CollectionType)(body.Integer("type"u8, 2, 3) ?? 2);
        var isSpot = body.Boolean("isSpot"u8, false) || body.Boolean("strongConsistency"u8, false);
        var (isLocal, keptAt) = CollectionScope.Read(request, body);
        if (isSpot && keptAt.IsSet)
            throw ErrorCodes.BadParameter.With("a collection with \"isSpot\":true is written at the home, so every region that may become the home keeps it; leave its scope out");
        var collection = await request.Fabric.CreateCollectionAsync(request.Scope, new CollectionSettings(name, type)
        {
            KeyOptions = ReadKeyOptions(body.Fields("keyOptions"u8)),
            IsSystem = body.Boolean("isSystem"u8, false),
            IsLocal = isLocal,
            KeptAt = keptAt,
            IsSpot = isSpot,
            Consistency = ReadConsistency(body, isSpot),
            HasStream = body.Boolean("stream"u8, false),
            WaitForSync = body.Boolean("waitForSync"u8, false),
            CacheEnabled = body.Boolean("cacheEnabled"u8, false),
            MergeDeclarations = MergeSettings.ReadDeclarations(body) ?? ImmutableSortedDictionary<string, string>.Empty,
            KeepsConflicts = MergeSettings.ReadKeepsConflicts(body) ?? true,
            Schema = CollectionSchema.Parse(body.Body.GetAttribute("schema"u8)),
        }, request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, [.. Properties(request, collection)]);
    }

    private static ConsistencyLevel? ReadConsistency(RequestFields body, bool isSpot)
    {
        if (body.Text("consistency"u8) is not { } text)
            return null;
        var level = ConsistencyLevel.Parse(text, "attribute 'consistency'");
        return level.Kind != ConsistencyKind.Strong || isSpot
            ? level
            : throw ErrorCodes.BadParameter.With("a collection that is written in every region cannot be strong; add \"isSpot\":true when it is created");
    }

    private static KeyOptions ReadKeyOptions(RequestFields options) => new(
        options.Text("type"u8) ?? "traditional",
        options.Boolean("allowUserKeys"u8, true),
        options.Integer("increment"u8, 1, int.MaxValue) ?? 1,
        options.Integer("offset"u8, 0, long.MaxValue) ?? 0);

    private static Task ReadAsync(ApiRequest request) => WriteInformationAsync(request, Find(request));

    private static async Task DropAsync(ApiRequest request)
    {
        if (Find(request).IsSystem && !request.Flag("isSystem"))
            throw ErrorCodes.AccessDenied.With($"'{request.Path("collection")}' is a system collection; add ?isSystem=true to drop it");
        var dropped = await request.Fabric.DropCollectionAsync(request.Scope, request.Path("collection"), request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("id", Id(dropped)));
    }

    private static Task CountAsync(ApiRequest request)
    {
        var collection = Find(request);
        return ResultWriter.WriteEnvelopeAsync(
            request.Http,
            200,
            ("name", Value.FromString(collection.Name)),
            ("isSystem", Value.FromBoolean(collection.IsSystem)),
            ("searchEnabled", IsSearchEnabled(collection)),
            ("id", Id(collection)),
            ("globallyUniqueId", GloballyUniqueId(collection)),
            ("count", Value.FromInteger(Count(request, collection.Name))));
    }

    /// <summary>Whether any view finds its documents.</summary>
    private static Value IsSearchEnabled(CollectionDefinition collection) => Value.FromBoolean(collection.Indexes.Any(index => index.ViewId != 0 && index.Kind == IndexKind.Inverted));

    private static long Count(ApiRequest request, string name)
    {
        using var snapshot = request.Fabric.OpenSnapshot(request.Scope);
        return snapshot.CountDocuments(snapshot.Catalog.GetCollection(name));
    }

    private static Task FiguresAsync(ApiRequest request)
    {
        var collection = Find(request);
        var figures = request.Fabric.GetFigures(request.Scope, collection);
        var properties = Properties(request, collection).Where(property => property.Name is not ("type" or "status")).ToList();
        properties.Add(("count", Value.FromInteger(figures.Count)));
        properties.Add(("figures", ObjectValue.Of(
            ("indexes", ObjectValue.Of(("count", Value.FromInteger(IndexEndpoints.Visible(collection).Count())), ("size", Value.FromInteger(IndexBytes(request, collection, ofViews: false))))),
            ("viewIndexes", ObjectValue.Of(("count", Value.FromInteger(collection.Indexes.Count(index => index.ViewId != 0))), ("size", Value.FromInteger(IndexBytes(request, collection, ofViews: true))))),
            ("documentsSize", Value.FromInteger(figures.DocumentBytes)),
            ("cacheInUse", Value.False),
            ("cacheSize", Value.FromInteger(0)),
            ("cacheUsage", Value.FromInteger(0)))));
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200, [.. properties]);
    }

    /// <summary>What its own indexes take, or those of views.</summary>
    private static long IndexBytes(ApiRequest request, CollectionDefinition collection, bool ofViews)
    {
        using var snapshot = request.Fabric.OpenSnapshot(request.Scope);
        return collection.Indexes.Where(index => (index.ViewId != 0) == ofViews).Sum(index => snapshot.ReadFigures(collection, index).SizeBytes);
    }

    private static Task SampleAsync(ApiRequest request)
    {
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", TakeSample(request)));
    }

    private static Value TakeSample(ApiRequest request)
    {
        var collection = Find(request);
        var limit = (int)request.Number("limit", CollectionSample.DocumentsMax, CollectionSample.DocumentsMax);
        var random = new Random((int)request.Number("seed", 0, int.MaxValue));
        using var snapshot = request.Fabric.OpenSnapshot(request.Scope);
        return CollectionSample.Take(snapshot, collection, limit, random, request.Aborted);
    }

    private static Task PropertiesAsync(ApiRequest request) => ResultWriter.WriteEnvelopeAsync(request.Http, 200, [.. Properties(request, Find(request))]);

    private static async Task ChangePropertiesAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var collection = Find(request);
        CollectionScope.DemandSame(request, body, collection);
        var patch = new CollectionPropertiesPatch(
            body.Boolean("hasStream"u8), body.Boolean("waitForSync"u8), body.Boolean("cacheEnabled"u8), ReadConsistency(body, collection.IsSpot))
        {
            MergeDeclarations = MergeSettings.ReadDeclarations(body),
            KeepsConflicts = MergeSettings.ReadKeepsConflicts(body),
            ChangesSchema = body.Body.TryGetAttribute("schema"u8, out var schema),
            Schema = CollectionSchema.Parse(schema),
        };
        var changed = await request.Fabric.UpdatePropertiesAsync(request.Scope, request.Path("collection"), patch, request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, [.. Properties(request, changed)]);
    }

    private static async Task TruncateAsync(ApiRequest request) =>
        await WriteInformationAsync(request, await request.Fabric.TruncateAsync(request.Scope, request.Path("collection"), request.Aborted));

    private static async Task RenameAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var name = body.Text("name"u8) ?? throw ErrorCodes.IllegalName.With("'name' is missing");
        await WriteInformationAsync(request, await request.Fabric.RenameAsync(request.Scope, request.Path("collection"), name, request.Aborted));
    }

    private static Task WriteInformationAsync(ApiRequest request, CollectionDefinition collection) =>
        ResultWriter.WriteEnvelopeAsync(request.Http, 200, [.. SummaryAttributes(collection)]);

    private static Value Id(CollectionDefinition collection) => Value.FromString(collection.Id.ToString(System.Globalization.CultureInfo.InvariantCulture));

    private static Value GloballyUniqueId(CollectionDefinition collection) =>
        Value.FromString(collection.IsSystem ? collection.Name : $"h{collection.Id:X}/{collection.Id}");

    private static Value Summary(CollectionDefinition collection) => ObjectValue.Of(SummaryAttributes(collection));

    private static Value DescribeWithFigures(ApiRequest request, IEnumerable<CollectionDefinition> collections)
    {
        using var snapshot = request.Fabric.OpenSnapshot(request.Scope);
        return ObjectValue.List(collections.Where(collection => snapshot.Catalog.TryGetCollection(collection.Name, out _)).Select(collection => DescribeWithFigures(request, snapshot, collection)));
    }

    private static Value DescribeWithFigures(ApiRequest request, FabricSnapshot snapshot, CollectionDefinition collection)
    {
        var isKeptHere = collection.KeptAt.IsKeptAt(request.Services.Databases.Region.Id);
        var figures = isKeptHere ? snapshot.ReadFigures(collection) : null;
        return ObjectValue.Of(
        [
            .. SummaryAttributes(collection),
            ("regions", CollectionScope.RegionsOf(request, collection)),
            ("figures", figures is null ? Value.Null : ObjectValue.Of(
                ("count", Value.FromInteger(figures.Count)),
                ("documentsSize", Value.FromInteger(figures.DocumentBytes)),
                ("indexes", Value.FromInteger(IndexEndpoints.Visible(collection).Count())),
                ("indexEntries", Value.FromInteger(figures.IndexEntries)))),
        ]);
    }

    private static IEnumerable<(string Name, Value Value)> SummaryAttributes(CollectionDefinition collection) =>
    [
        ("id", Id(collection)),
        ("name", Value.FromString(collection.Name)),
        ("status", Value.FromInteger(3)),
        ("type", Value.FromInteger((int)collection.Type)),
        ("collectionModel", Value.FromString(collection.Model)),
        ("isSpot", Value.FromBoolean(collection.IsSpot)),
        ("isLocal", Value.FromBoolean(collection.IsLocal)),
        ("hasStream", Value.FromBoolean(collection.HasStream)),
        ("waitForSync", Value.FromBoolean(collection.WaitForSync)),
        ("isSystem", Value.FromBoolean(collection.IsSystem)),
        ("globallyUniqueId", GloballyUniqueId(collection)),
        ("searchEnabled", IsSearchEnabled(collection)),
    ];

    private static IEnumerable<(string Name, Value Value)> Properties(ApiRequest request, CollectionDefinition collection)
    {
        var keys = collection.KeyOptions;
        var isKeptHere = collection.KeptAt.IsKeptAt(request.Services.Databases.Region.Id);
        var lastValue = isKeptHere ? request.Fabric.GetFigures(request.Scope, collection).LastKey : 0;
        var keyOptions = new List<(string, Value)>
        {
            ("allowUserKeys", Value.FromBoolean(keys.AllowUserKeys)),
            ("type", Value.FromString(keys.Type)),
        };
        if (keys.Type == "autoincrement")
        {
            keyOptions.Add(("offset", Value.FromInteger(keys.Offset)));
            keyOptions.Add(("increment", Value.FromInteger(keys.Increment)));
        }
        keyOptions.Add(("lastValue", Value.FromInteger(lastValue)));
        return
        [
            .. SummaryAttributes(collection),
            ("statusString", Value.FromString("loaded")),
            ("cacheEnabled", Value.FromBoolean(collection.CacheEnabled)),
            .. collection.Consistency is { } level ? new[] { ("consistency", Value.FromString(level.ToString())) } : [],
            .. CollectionScope.Describe(request, collection),
            .. MergeSettings.Describe(collection),
            .. collection.Schema is { } schema ? new[] { ("schema", schema.Describe()) } : [],
            ("objectId", Id(collection)),
            ("keyOptions", ObjectValue.Of(keyOptions)),
        ];
    }
}
