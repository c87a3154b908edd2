using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Graphs;

/// <summary>Graphs by name: which edge collections lead between which vertex collections.</summary>
internal static class GraphEndpoints
{
    private const string Tag = "Graphs";
    private const string EdgesExample = """{"collection":"teach","from":["teachers"],"to":["lectures"]}""";

    private static readonly RouteParameter[] Drop = [new("dropCollections", "Drop the collections as well, but for those of other graphs")];

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/graph", ListAsync, "listGraphs", "List graphs", Tag),
        new("POST", "/graph", CreateAsync, "createGraph", "Create a graph", Tag)
        { BodyExample = $$"""{"name":"lectureteacher","edgeDefinitions":[{{EdgesExample}}]}""", SuccessStatus = 202 },
        new("GET", "/graph/{graph}", ReadAsync, "readGraph", "Read a graph", Tag),
        new("DELETE", "/graph/{graph}", DropAsync, "dropGraph", "Drop a graph", Tag) { Query = [.. Drop], SuccessStatus = 202 },
        new("GET", "/graph/{graph}/edge", ListEdgesAsync, "listGraphEdgeCollections", "List the edge collections", Tag),
        new("POST", "/graph/{graph}/edge", AddEdgesAsync, "addGraphEdgeDefinition", "Add an edge definition", Tag) { BodyExample = EdgesExample, SuccessStatus = 202 },
        new("PUT", "/graph/{graph}/edge/{collection}", ReplaceEdgesAsync, "replaceGraphEdgeDefinition", "Replace an edge definition", Tag) { BodyExample = EdgesExample, SuccessStatus = 202 },
        new("DELETE", "/graph/{graph}/edge/{collection}", RemoveEdgesAsync, "removeGraphEdgeDefinition", "Remove an edge definition", Tag) { Query = [.. Drop], SuccessStatus = 202 },
        new("GET", "/graph/{graph}/vertex", ListVerticesAsync, "listGraphVertexCollections", "List the vertex collections", Tag),
        new("POST", "/graph/{graph}/vertex", AddVerticesAsync, "addGraphVertexCollection", "Add a vertex collection", Tag) { BodyExample = """{"collection":"rooms"}""", SuccessStatus = 202 },
        new("DELETE", "/graph/{graph}/vertex/{collection}", RemoveVerticesAsync, "removeGraphVertexCollection", "Remove a vertex collection that no edges lead to", Tag)
        { Query = [new("dropCollection", "Drop the collection as well, unless another graph has it")], SuccessStatus = 202 },
    ];

    public static GraphDefinition Find(ApiRequest request) => request.Fabric.Catalog.GetGraph(request.Path("graph"));

    private static Task ListAsync(ApiRequest request) => ResultWriter.WriteEnvelopeAsync(
        request.Http, 200, ("graphs", ObjectValue.List(request.Fabric.Catalog.Graphs.Values.OrderBy(graph => graph.Name, StringComparer.Ordinal).Select(Describe))));

    private static async Task CreateAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        var name = body.Text("name"u8) ?? throw ErrorCodes.IllegalName.With("'name' is missing");
        var edges = body.Items("edgeDefinitions"u8).Select(ReadEdges).ToImmutableArray();
        await AnswerAsync(request, await request.Fabric.CreateGraphAsync(
            request.Scope, new GraphDefinition(name, edges, [.. body.Texts("orphanCollections"u8)]), request.Aborted));
    }

    private static Task ReadAsync(ApiRequest request) => ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("graph", Describe(Find(request))));

    private static async Task DropAsync(ApiRequest request)
    {
        await request.Fabric.DropGraphAsync(request.Scope, request.Path("graph"), Drops(request), request.Aborted);
        await ResultWriter.WriteEnvelopeAsync(request.Http, 202, ("removed", Value.True));
    }

    private static Task ListEdgesAsync(ApiRequest request) => WriteCollectionsAsync(request, Find(request).Edges.Select(edges => edges.Collection));

    private static Task ListVerticesAsync(ApiRequest request) => WriteCollectionsAsync(request, Find(request).VertexCollections);

    private static async Task AddEdgesAsync(ApiRequest request)
    {
        var edges = ReadEdges((await request.ReadObjectAsync()).Body);
        await AnswerAsync(request, await request.Fabric.AddGraphEdgesAsync(request.Scope, request.Path("graph"), edges, request.Aborted));
    }

    private static async Task ReplaceEdgesAsync(ApiRequest request)
    {
        var edges = ReadEdges((await request.ReadObjectAsync()).Body);
        if (edges.Collection != request.Path("collection"))
            throw ErrorCodes.EdgeDefinitionMalformed.With($"its collection is '{edges.Collection}', the path says '{request.Path("collection")}'");
        await AnswerAsync(request, await request.Fabric.ReplaceGraphEdgesAsync(request.Scope, request.Path("graph"), edges, request.Aborted));
    }

    private static async Task RemoveEdgesAsync(ApiRequest request) => await AnswerAsync(
        request, await request.Fabric.RemoveGraphEdgesAsync(request.Scope, request.Path("graph"), request.Path("collection"), Drops(request), request.Aborted));

    private static async Task AddVerticesAsync(ApiRequest request)
    {
        var collection = (await request.ReadObjectAsync()).RequiredText("collection"u8);
        await AnswerAsync(request, await request.Fabric.AddGraphVerticesAsync(request.Scope, request.Path("graph"), collection, request.Aborted));
    }

    private static async Task RemoveVerticesAsync(ApiRequest request) => await AnswerAsync(
        request, await request.Fabric.RemoveGraphVerticesAsync(request.Scope, request.Path("graph"), request.Path("collection"), Drops(request), request.Aborted));

    /// <summary>Published clients send the one name or the other.</summary>
    private static bool Drops(ApiRequest request) => request.Flag("dropCollections") || request.Flag("dropCollection");

    private static EdgeDefinition ReadEdges(Value source)
    {
        var collection = source.GetAttribute("collection"u8);
        var definition = new EdgeDefinition(collection.IsString ? collection.Text : "", ReadNames(source, "from"u8), ReadNames(source, "to"u8));
        return definition.Collection.Length > 0 && definition.From.Length > 0 && definition.To.Length > 0
            ? definition
            : throw ErrorCodes.EdgeDefinitionMalformed.With($"""{source}; it looks like {EdgesExample}""");
    }

    private static ImmutableArray<string> ReadNames(Value source, ReadOnlySpan<byte> name)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        if (source.GetAttribute(name) is not { IsArray: true } items)
            return [];
        foreach (var item in items.Items)
        {
            if (!item.IsString)
                return [];
            names.Add(item.Text);
        }
        return [.. names.Distinct(StringComparer.Ordinal)];
    }

    private static Task WriteCollectionsAsync(ApiRequest request, IEnumerable<string> names) =>
        ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("collections", ObjectValue.Strings(names.Order(StringComparer.Ordinal))));

    private static Task AnswerAsync(ApiRequest request, GraphDefinition graph) => ResultWriter.WriteEnvelopeAsync(request.Http, 202, ("graph", Describe(graph)));

    private static Value Describe(GraphDefinition graph) => ObjectValue.Of(
        ("_key", Value.FromString(graph.Name)),
        ("_id", Value.FromString($"_graphs/{graph.Name}")),
        ("_rev", Value.FromString(graph.Revision.ToString())),
        ("name", Value.FromString(graph.Name)),
        ("edgeDefinitions", ObjectValue.List(graph.Edges.Select(edges => ObjectValue.Of(
            ("collection", Value.FromString(edges.Collection)), ("from", ObjectValue.Strings(edges.From)), ("to", ObjectValue.Strings(edges.To)))))),
        ("orphanCollections", ObjectValue.Strings(graph.Orphans)),
        ("numberOfShards", Value.FromInteger(1)),
        ("replicationFactor", Value.FromInteger(1)),
        ("minReplicationFactor", Value.FromInteger(1)),
        ("isSmart", Value.False));
}
