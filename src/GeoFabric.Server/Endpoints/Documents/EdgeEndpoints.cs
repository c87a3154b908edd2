using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Server.Endpoints.Collections;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Documents;

/// <summary>The edges at one vertex, read through the edge index.</summary>
internal static class EdgeEndpoints
{
    private const string Outbound = "FOR e IN @@edges FILTER e._from == @vertex RETURN e";
    private const string Inbound = "FOR e IN @@edges FILTER e._to == @vertex RETURN e";

    // Two lookups in the index, where one filter with OR would read the whole collection. An edge from the vertex to itself counts once.
    private const string Any = """
        FOR e IN UNION(
            (FOR o IN @@edges FILTER o._from == @vertex RETURN o),
            (FOR i IN @@edges FILTER i._to == @vertex FILTER i._from != @vertex RETURN i))
        RETURN e
        """;

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/edges/{collection}", ListAsync, "listEdges", "List the edges of a vertex", "Graphs")
        {
            Placement = RoutePlacement.ReadsCollection,
            Query = [new("vertex", "The _id of the vertex", IsRequired: true), new("direction", "in, out or any; both when missing")],
        },
    ];

    private static async Task ListAsync(ApiRequest request)
    {
        var collection = CollectionEndpoints.Find(request, request.Path("collection"));
        var vertex = request.RequiredText("vertex");
        var text = request.Text("direction") switch
        {
            null or "any" => Any,
            "out" => Outbound,
            "in" => Inbound,
            _ => throw ErrorCodes.BadParameter.With("'direction' is in, out or any"),
        };
        if (collection.Type != CollectionType.Edge)
            throw ErrorCodes.CollectionTypeInvalid.With($"'{collection.Name}' is no edge collection");
        var query = new QueryRequest(text, ObjectValue.Of(("@edges", Value.FromString(collection.Name)), ("vertex", Value.FromString(vertex)))) { BatchSize = int.MaxValue };
        var page = await request.Services.Queries.ExecuteAsync(request.Fabric, request.Scope, request.Caller, query, request.Aborted);
        var body = ResponseBuffer.Get();
        body.Write("{\"error\":false,\"code\":200,\"edges\":"u8);
        body.Write(page.ResultJson.Span);
        page.Release();
        body.Write(",\"stats\":"u8);
        JsonValueWriter.Write(body, ObjectValue.Of(
            ("scannedIndex", Value.FromInteger(page.Statistics.ScannedIndex)), ("filtered", Value.FromInteger(page.Statistics.Filtered))));
        body.Write("}"u8);
        await ResultWriter.SendAsync(request.Http, 200, body.WrittenSpan);
    }
}
