using System.Globalization;
using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Endpoints.Documents;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Graphs;

/// <summary>
/// Vertices and edges through a graph, which sees to it that edges lead where its definitions say, and that no edge is left behind when a vertex goes.
/// </summary>
internal static class GraphDocumentEndpoints
{
    private const string Tag = "Graphs";

    private static readonly RouteParameter[] WriteQuery =
    [
        new("returnNew", "Answer with the new document"),
        new("returnOld", "Answer with the old document"),
        new("waitForSync", "Answer 201 or 200 instead of 202; every acknowledged write is on disk either way"),
    ];

    private static readonly RouteParameter[] UpdateQuery = [.. WriteQuery, new("keepNull", "false removes attributes set to null")];

    public static IReadOnlyList<ApiRoute> Table { get; } = [.. Routes("vertex", """{"name":"Ada"}"""), .. Routes("edge", """{"_from":"teachers/1","_to":"lectures/2"}""")];

    private static IEnumerable<ApiRoute> Routes(string kind, string example)
    {
        var path = $"/graph/{{graph}}/{kind}/{{collection}}";
        var name = char.ToUpperInvariant(kind[0]) + kind[1..];
        var isEdge = kind == "edge";
        return
        [
            new("POST", path, request => InsertAsync(request, isEdge), $"insertGraph{name}", $"Insert a document into {kind} collection", Tag)
            { Placement = RoutePlacement.WritesCollection, TakesRequestId = true, Query = [.. WriteQuery], BodyExample = example, SuccessStatus = 202 },
            new("GET", $"{path}/{{key}}", request => ReadAsync(request, isEdge), $"readGraph{name}", $"Read a document of {kind} collection", Tag)
            { Placement = RoutePlacement.ReadsCollection, Query = [new("rev", "Answer 412 unless the document has this revision")] },
            new("PATCH", $"{path}/{{key}}", request => ChangeAsync(request, isEdge, isReplace: false), $"updateGraph{name}", $"Update a document of {kind} collection", Tag)
            { Placement = RoutePlacement.WritesCollection, TakesRequestId = true, Query = [.. UpdateQuery], BodyExample = example, SuccessStatus = 202 },
            new("PUT", $"{path}/{{key}}", request => ChangeAsync(request, isEdge, isReplace: true), $"replaceGraph{name}", $"Replace a document of {kind} collection", Tag)
            { Placement = RoutePlacement.WritesCollection, TakesRequestId = true, Query = [.. UpdateQuery], BodyExample = example, SuccessStatus = 202 },
            new("DELETE", $"{path}/{{key}}", request => RemoveAsync(request, isEdge), $"removeGraph{name}", $"Delete a document of {kind} collection", Tag)
            { Placement = RoutePlacement.WritesCollection, TakesRequestId = true, Query = [.. WriteQuery], SuccessStatus = 202 },
        ];
    }

    private static Task ReadAsync(ApiRequest request, bool isEdge)
    {
        DemandPart(GraphEndpoints.Find(request), request.Path("collection"), isEdge);
        var buffer = ResponseBuffer.Get();
        Begin(buffer, 200);
        buffer.Write(isEdge ? ",\"edge\":"u8 : ",\"vertex\":"u8);
        if (!DocumentEndpoints.TryRead(request, buffer, ReadRevision(request)))
        {
            request.Http.Response.StatusCode = 304;
            return Task.CompletedTask;
        }
        buffer.Write("}"u8);
        return ResultWriter.SendAsync(request.Http, 200, buffer.WrittenSpan);
    }

    /// <summary>The revision that 'rev' asks for; clients that leave it at the documented default send false.</summary>
    private static string? ReadRevision(ApiRequest request) => request.Text("rev") is { } revision and not ("false" or "true") ? revision : null;

    private static async Task InsertAsync(ApiRequest request, bool isEdge)
    {
        var body = await DocumentEndpoints.RequireObjectAsync(request);
        var options = DocumentWriteOptions.Read(request);
        var (graphName, collectionName) = (request.Path("graph"), request.Path("collection"));
        var outcome = await request.Fabric.WriteAsync(request.Scope, request.Named, transaction =>
        {
            var graph = transaction.Catalog.GetGraph(graphName);
            DemandPart(graph, collectionName, isEdge);
            var collection = transaction.Catalog.GetCollection(collectionName);
            request.Scope.DemandWrite(collection);
            return Written(transaction, graph, collection, body, transaction.Insert(collection, body, options.Insert), options, isEdge);
        }, request.Aborted);
        await AnswerAsync(request, outcome, isEdge, options.Status(outcome.Collection.WaitForSync));
    }

    private static async Task ChangeAsync(ApiRequest request, bool isEdge, bool isReplace)
    {
        var body = await DocumentEndpoints.RequireObjectAsync(request);
        var options = DocumentWriteOptions.Read(request);
        var graphName = request.Path("graph");
        var outcome = await DocumentEndpoints.WriteAsync(request, (transaction, collection, key) =>
        {
            var graph = transaction.Catalog.GetGraph(graphName);
            DemandPart(graph, collection.Name, isEdge);
            var result = isReplace ? transaction.Replace(collection, key, body, options.Replace) : transaction.Update(collection, key, body, options.Update);
            return Written(transaction, graph, collection, body, result, options, isEdge);
        });
        await AnswerAsync(request, outcome, isEdge, Status(options, outcome.Collection));
    }

    private static async Task RemoveAsync(ApiRequest request, bool isEdge)
    {
        var options = DocumentWriteOptions.Read(request);
        var graphName = request.Path("graph");
        var outcome = await DocumentEndpoints.WriteAsync(request, (transaction, collection, key) =>
        {
            var graph = transaction.Catalog.GetGraph(graphName);
            DemandPart(graph, collection.Name, isEdge);
            var written = WrittenDocument.Take(transaction.Remove(collection, key, options.Remove), options);
            if (!isEdge)
                RemoveEdgesAt(request, transaction, graph, [.. collection.Source.IdPrefix, .. written.Key]);
            return new DocumentAnswer(collection, written);
        });
        var status = Status(options, outcome.Collection);
        var buffer = ResponseBuffer.Get();
        Begin(buffer, status);
        buffer.Write(",\"removed\":true"u8);
        End(buffer, outcome.Document);
        await ResultWriter.SendAsync(request.Http, status, buffer.WrittenSpan);
    }

    /// <summary>Removes the edges at a vertex from all edge collections of the graph.</summary>
    private static void RemoveEdgesAt(ApiRequest request, FabricTransaction transaction, GraphDefinition graph, byte[] vertexId)
    {
        foreach (var edges in graph.Edges)
        {
            if (!transaction.Catalog.TryGetCollection(edges.Collection, out var collection))
                continue;
            request.Scope.DemandWrite(collection);
            var keys = new List<byte[]>();
            foreach (var isInbound in (bool[])[false, true])
            {
                using var cursor = transaction.OpenEdges(collection, isInbound);
                cursor.Seek(vertexId);
                while (cursor.MoveNext())
                {
                    // An edge from the vertex to itself was met already.
                    if (!isInbound || !cursor.OtherEnd.SequenceEqual(vertexId))
                        keys.Add(cursor.EdgeKey.ToArray());
                }
            }
            foreach (var key in keys)
                transaction.Remove(collection, key, RemoveOptions.Default);
        }
    }

    private static DocumentAnswer Written(
        FabricTransaction transaction, GraphDefinition graph, CollectionDefinition collection, Value body, DocumentWriteResult result, DocumentWriteOptions options, bool isEdge)
    {
        // An edge that is refused undoes the whole write.
        if (isEdge && graph.FindEdges(collection.Name) is { } edges)
        {
            DemandEnd(result.New.GetAttribute("_from"u8), edges.From, "_from", graph);
            DemandEnd(result.New.GetAttribute("_to"u8), edges.To, "_to", graph);
            // Ends that stay are not asked about: their vertex may have gone in another region, and the edge must still be changed.
            DemandVertex(transaction, body.GetAttribute("_from"u8), "_from");
            DemandVertex(transaction, body.GetAttribute("_to"u8), "_to");
        }
        return new DocumentAnswer(collection, WrittenDocument.Take(result, options));
    }

    private static void DemandEnd(Value end, IReadOnlyList<string> allowed, string name, GraphDefinition graph)
    {
        if (end.IsString && !(DocumentHandle.TrySplit(end.Utf8, out string collection, out _) && allowed.Contains(collection)))
            throw ErrorCodes.InvalidGraphEdge.With($"{name} is '{end.Text}'; in graph '{graph.Name}' it is a vertex of {string.Join(" or ", allowed)}");
    }

    private static void DemandVertex(FabricTransaction transaction, Value end, string name)
    {
        if (end.IsString && DocumentHandle.TrySplit(end.Utf8, out string collectionName, out var key)
            && !(transaction.Catalog.TryGetCollection(collectionName, out var collection) && transaction.TryGetDocument(collection, key, out _)))
            throw ErrorCodes.DocumentNotFound.With($"{name} is '{end.Text}'; there is no such vertex");
    }

    private static void DemandPart(GraphDefinition graph, string collection, bool isEdge)
    {
        if (isEdge && graph.FindEdges(collection) is null)
            throw ErrorCodes.EdgeCollectionNotUsed.With($"'{collection}' in graph '{graph.Name}'");
        if (!isEdge && !graph.VertexCollections.Contains(collection))
            throw ErrorCodes.VertexCollectionNotUsed.With($"'{collection}' in graph '{graph.Name}'");
    }

    /// <summary>Only insertions answer 201.</summary>
    private static int Status(DocumentWriteOptions options, CollectionDefinition collection) => options.Status(collection.WaitForSync) == 201 ? 200 : 202;

    private static Task AnswerAsync(ApiRequest request, DocumentAnswer outcome, bool isEdge, int status)
    {
        // Without quotes, as clients know it of writes through a graph.
        request.Http.Response.Headers.ETag = outcome.Document.Revision.ToString();
        var buffer = ResponseBuffer.Get();
        Begin(buffer, status);
        buffer.Write(isEdge ? ",\"edge\":"u8 : ",\"vertex\":"u8);
        (outcome.Document with { New = default, Old = default }).Write(buffer, outcome.Collection);
        End(buffer, outcome.Document);
        return ResultWriter.SendAsync(request.Http, status, buffer.WrittenSpan);
    }

    private static void Begin(ByteBuffer buffer, int status) =>
        buffer.Write(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{{\"error\":false,\"code\":{status}")));

    private static void End(ByteBuffer buffer, WrittenDocument document)
    {
        if (!document.Old.IsNull)
        {
            buffer.Write(",\"old\":"u8);
            JsonValueWriter.Write(buffer, document.Old);
        }
        if (!document.New.IsNull)
        {
            buffer.Write(",\"new\":"u8);
            JsonValueWriter.Write(buffer, document.New);
        }
        buffer.Write("}"u8);
    }
}
