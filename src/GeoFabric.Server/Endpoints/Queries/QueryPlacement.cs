using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Server.Consistency;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Queries;

/// <summary>Brings queries to the region that can answer them: their collections are known once there is a plan.</summary>
internal static class QueryPlacement
{
    /// <summary>Reads the body, and keeps its bytes when the request may have to go to another region.</summary>
    public static async ValueTask<(RequestFields Body, ReadOnlyMemory<byte>? Bytes)> ReadBodyAsync(ApiRequest request)
    {
        if (request.Services.Databases.Catalog.Cluster is null || !request.Services.Placement.Concerns(request.Fabric, default))
            return (await request.ReadObjectAsync(), null);
        var bytes = await RequestBody.ReadBytesAsync(request.Http);
        return (RequestFields.Of(bytes.IsEmpty ? Value.EmptyObject : JsonValueReader.Parse(bytes.Span)), bytes);
    }

    /// <returns>False when another region has answered.</returns>
    public static ValueTask<bool> AdmitAsync(ApiRequest request, QueryRequest query, RequestFields body, ReadOnlyMemory<byte>? bytes)
    {
        var asked = RequestConsistency.Read(request.Http.Request).With(ReadLevel(body));
        // Only a query with options can ask for something itself; others on a server of its own are not planned twice.
        if (!request.Services.Placement.Concerns(request.Fabric, asked) && !query.Text.Contains("OPTIONS", StringComparison.OrdinalIgnoreCase))
            return ValueTask.FromResult(true);
        var (collections, level) = request.Services.Queries.FindNeeds(request.Fabric, request.Scope, request.Caller, query, request.Http.RequestAborted);
        asked = asked.AtLeast(level);
        return request.Services.Placement.Concerns(request.Fabric, asked)
            ? request.Services.Placement.AdmitAsync(request.Http, request.Fabric, asked, FindAccesses(request, collections), bytes)
            : ValueTask.FromResult(true);
    }

    private static List<CollectionAccess> FindAccesses(ApiRequest request, IReadOnlyList<(string Name, bool IsWrite)> collections)
    {
        var accesses = new List<CollectionAccess>();
        foreach (var (name, isWrite) in collections)
        {
            if (request.Fabric.Catalog.TryGetCollection(name, out var collection))
                accesses.Add(new CollectionAccess(collection, isWrite));
        }
        return accesses;
    }

    private static ConsistencyLevel? ReadLevel(RequestFields body)
    {
        var text = body.Fields("options"u8).Text("consistency"u8) ?? body.Text("consistency"u8);
        return text is null ? null : ConsistencyLevel.Parse(text, "attribute 'consistency'");
    }
}
