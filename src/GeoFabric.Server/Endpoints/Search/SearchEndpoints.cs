using System.Collections.Immutable;
using System.Globalization;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Endpoints.Queries;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Search;

/// <summary>Search views, analyzers, and the short way to search one collection.</summary>
internal static class SearchEndpoints
{
    private const string Tag = "Search";
    private const string ViewExample =
        """{"name":"places","type":"search","links":{"addresses":{"analyzers":["text_en"],"fields":{"city":{}},"includeAllFields":false}},"primarySort":[],"optimizeTopK":["BM25(@doc) DESC"]}""";

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("POST", "/search", SearchAsync, "searchCollection", "Search a collection", Tag)
        {
            BodyExample = """{"collection":"addresses","search":"SEARCH ANALYZER(doc.city == \"oslo\", \"text_en\") RETURN doc","bindVars":{},"ttl":30}""",
            SuccessStatus = 201,
            Placement = RoutePlacement.RunsQuery,
        },
        new("POST", "/search/collection/{collection}", EnableAsync, "setCollectionSearch", "Make an attribute of a collection searchable, or none", Tag)
        {
            Query = [new("enable", "true or false", IsRequired: true), new("field", "Path of the attribute; with enable only")],
        },
        new("GET", "/search/view", ListViewsAsync, "listViews", "List the search views", Tag),
        new("POST", "/search/view", CreateViewAsync, "createView", "Create a search view", Tag) { BodyExample = ViewExample, SuccessStatus = 201 },
        new("GET", "/search/view/{view}", request => ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", Summary(Find(request)))), "readView", "Read a search view", Tag),
        new("DELETE", "/search/view/{view}", DropViewAsync, "dropView", "Drop a search view", Tag),
        new("GET", "/search/view/{view}/properties", request => ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", Properties(request, Find(request)))), "readViewProperties", "Read what a view searches", Tag),
        new("PUT", "/search/view/{view}/properties", UpdateViewAsync, "updateViewProperties", "Change what a view searches", Tag) { BodyExample = ViewExample },
        new("PUT", "/search/view/{view}/rename", RenameViewAsync, "renameView", "Rename a search view", Tag) { BodyExample = """{"name":"spots"}""" },
        new("GET", "/search/analyzer", ListAnalyzersAsync, "listAnalyzers", "List the analyzers", Tag),
        new("POST", "/search/analyzer", CreateAnalyzerAsync, "createAnalyzer", "Create an analyzer", Tag)
        {
            BodyExample = """{"name":"words","type":"text","properties":{"locale":"en","stemming":false},"features":["frequency","norm","position"]}""",
            SuccessStatus = 201,
        },
        new("GET", "/search/analyzer/{analyzer}", ReadAnalyzerAsync, "readAnalyzer", "Read an analyzer", Tag),
        new("DELETE", "/search/analyzer/{analyzer}", DropAnalyzerAsync, "dropAnalyzer", "Drop an analyzer", Tag) { Query = [new("force", "Also when an index uses it")] },
    ];

    /// <summary>Whether a collection was made searchable by itself.</summary>
    public static bool IsSearchable(CatalogSnapshot catalog, string collection) => catalog.TryGetView(ViewDefinition.CollectionViewPrefix + collection, out _);

    private static ViewDefinition Find(ApiRequest request) => request.Fabric.Catalog.GetView(request.Path("view"));

    private static async Task SearchAsync(ApiRequest request)
    {
        var (body, bytes) = await QueryPlacement.ReadBodyAsync(request);
        var collection = body.RequiredText("collection"u8);
        if (!request.Fabric.Catalog.TryGetCollection(collection, out _))
            throw ErrorCodes.DataSourceNotFound.With(collection);
        if (!IsSearchable(request.Fabric.Catalog, collection))
            throw ErrorCodes.BadParameter.With($"collection '{collection}' is not searchable; enable search on one of its attributes first");
        var text = $"FOR doc IN `{ViewDefinition.CollectionViewPrefix}{collection}` {body.RequiredText("search"u8)}";
        var query = QueryRequestReader.Read(body, text, body.Object("bindVars"u8)) with { Count = true };
        if (!await QueryPlacement.AdmitAsync(request, query, body, bytes))
            return;
        await PageWriter.WriteAsync(request.Http, 201, await request.Services.Queries.ExecuteAsync(request.Fabric, request.Scope, request.Caller, query, request.Aborted));
    }

    private static async Task EnableAsync(ApiRequest request)
    {
        var collection = request.Fabric.Catalog.GetCollection(request.Path("collection"));
        request.RequiredText("enable");
        var path = request.Flag("enable") ? IndexFieldParser.Parse(request.RequiredText("field")).Segments : default;
        await request.Fabric.ChangeViewAsync(request.Scope, ViewDefinition.CollectionViewPrefix + collection.Name, (catalog, view) =>
        {
            if (path.IsDefault)
                return null;
            var settings = view is null ? new ViewSettings(ImmutableDictionary<string, SearchField>.Empty) : SettingsOf(catalog, view);
            var before = view?.Links.GetValueOrDefault(collection.WireId) ?? SearchSettings.Nothing with { Analyzers = [AnalyzerDefinition.Identity] };
            var field = before.With(path.AsSpan(), [AnalyzerDefinition.Identity, BuiltInAnalyzers.ByName["text_en"]], includesAllFields: false);
            return settings with { Links = settings.Links.Where(link => link.Key != collection.Name).Append(KeyValuePair.Create(collection.Name, field)).ToDictionary(StringComparer.Ordinal) };
        }, request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", Value.True));
    }

    private static Task ListViewsAsync(ApiRequest request) =>
        ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.List(request.Fabric.Catalog.Views.Values.Select(Summary))));

    private static async Task CreateViewAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var name = body.RequiredText("name"u8);
        var settings = ReadSettings(request, body, ReadIsSemantic(body) ?? false);
        var view = await request.Fabric.CreateViewAsync(request.Scope, name, settings, request.Aborted);
        await ResultWriter.WriteAsync(request.Http, 201, Properties(request, view));
    }

    private static async Task UpdateViewAsync(ApiRequest request)
    {
        var view = Find(request);
        var body = await request.ReadObjectAsync();
        if ((ReadIsSemantic(body) ?? view.IsSemantic) != view.IsSemantic)
            throw ErrorCodes.BadParameter.With($"view '{view.Name}' is of type '{view.TypeName}' and stays so; drop it and create another one");
        if (!view.IsSemantic)
            view = await ChangeAsync(request, view, body);
        else if (!body.Object("links"u8).IsNull)
            view = await request.Fabric.UpdateViewAsync(request.Scope, view.Name, ReadSettings(request, body, isSemantic: true), request.Aborted);
        await ResultWriter.WriteAsync(request.Http, 200, Properties(request, view));
    }

    /// <summary>What the request does not name stays as it is by then, whoever else changes it meanwhile.</summary>
    private static async Task<ViewDefinition> ChangeAsync(ApiRequest request, ViewDefinition view, RequestFields body)
    {
        var links = body.Object("links"u8).IsNull ? null : SearchSettingsReader.ReadLinks(body, request.Fabric.Catalog);
        var changed = await request.Fabric.ChangeViewAsync(request.Scope, view.Name, (catalog, present) =>
        {
            var settings = SettingsOf(catalog, present is { IsSemantic: false } ? present : throw ErrorCodes.DataSourceNotFound.With(view.Name));
            return settings with { Links = links ?? settings.Links, Stored = StoredValuesReader.Read(body, settings.Stored), ScoreOrders = ScoreOrderReader.Read(body) };
        }, request.Aborted);
        return changed!;
    }

    /// <summary>A search view as it is.</summary>
    private static ViewSettings SettingsOf(CatalogSnapshot catalog, ViewDefinition view) =>
        new(catalog.LinksOf(view).ToDictionary(link => link.Collection.Name, link => link.Link, StringComparer.Ordinal)) { Stored = view.Stored };

    private static ViewSettings ReadSettings(ApiRequest request, RequestFields body, bool isSemantic) => isSemantic
        ? new ViewSettings(ImmutableDictionary<string, SearchField>.Empty) { SemanticLinks = SemanticLinkReader.Read(body, request.Fabric.Catalog) }
        : new ViewSettings(SearchSettingsReader.ReadLinks(body, request.Fabric.Catalog)) { Stored = StoredValuesReader.Read(body, StoredValues.None), ScoreOrders = ScoreOrderReader.Read(body) };

    private static async Task RenameViewAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var view = await request.Fabric.RenameViewAsync(request.Scope, Find(request).Name, body.RequiredText("name"u8), request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", Summary(view)));
    }

    private static async Task DropViewAsync(ApiRequest request)
    {
        await request.Fabric.DropViewAsync(request.Scope, request.Path("view"), request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", Value.True));
    }

    private static Task ListAnalyzersAsync(ApiRequest request) => ResultWriter.WriteEnvelopeAsync(
        request.Http, 200, ("result", ObjectValue.List(BuiltInAnalyzers.All.Concat(request.Fabric.Catalog.Analyzers.Values).Select(SearchSettingsReader.Describe))));

    private static Task ReadAnalyzerAsync(ApiRequest request) =>
        ResultWriter.WriteEnvelopeAsync(request.Http, 200, [.. SearchSettingsReader.DescribeAttributes(request.Fabric.Catalog.GetAnalyzer(request.Path("analyzer")))]);

    private static async Task CreateAnalyzerAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var (analyzer, isNew) = await request.Fabric.SaveAnalyzerAsync(request.Scope, SearchSettingsReader.ReadAnalyzer(body), request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, isNew ? 201 : 200, [.. SearchSettingsReader.DescribeAttributes(analyzer)]);
    }

    private static async Task DropAnalyzerAsync(ApiRequest request)
    {
        await request.Fabric.DropAnalyzerAsync(request.Scope, request.Path("analyzer"), request.Flag("force"), request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("name", Value.FromString(request.Path("analyzer"))));
    }

    /// <returns>Null when the request does not say the type.</returns>
    private static bool? ReadIsSemantic(RequestFields body) => body.Text("type"u8) switch
    {
        null => null,
        ViewDefinition.SearchType or "arangosearch" => false,
        ViewDefinition.SemanticType => true,
        var type => throw ErrorCodes.BadParameter.With($"a view has type '{ViewDefinition.SearchType}' or '{ViewDefinition.SemanticType}', not '{type}'"),
    };

    private static Value Summary(ViewDefinition view) => ObjectValue.Of(
        ("globallyUniqueId", Value.FromString($"h{view.Id:X}/{Id(view)}")), ("id", Value.FromString(Id(view))), ("name", Value.FromString(view.Name)), ("type", Value.FromString(view.TypeName)));

    private static Value Properties(ApiRequest request, ViewDefinition view) => ObjectValue.With(Summary(view), ObjectValue.Of(view.IsSemantic
        ?
        [
            ("links", ObjectValue.Of(request.Fabric.Catalog.CollectionsOf(view).Select(collection => (collection.Name, SemanticLinkReader.Describe(view.SemanticLinks[collection.WireId]))))),
        ]
        :
        [
            ("links", ObjectValue.Of(request.Fabric.Catalog.LinksOf(view).Select(link => (link.Collection.Name, SearchSettingsReader.Describe(link.Link))))),
            ("primarySort", StoredValuesReader.DescribeSort(view.Stored)),
            .. StoredValuesReader.DescribeGroups(view.Stored),
            .. ScoreOrderReader.Describe(view.ScoreOrders),
        ]));

    private static string Id(ViewDefinition view) => view.Id.ToString(CultureInfo.InvariantCulture);
}
