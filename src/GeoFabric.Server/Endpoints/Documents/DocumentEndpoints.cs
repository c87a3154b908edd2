using GeoFabric.Database.Catalog;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Documents;

/// <summary>Single documents; several at once are in <see cref="DocumentBatch"/>.</summary>
internal static class DocumentEndpoints
{
    private const string Tag = "Documents";
    private const string Example = """{"name":"Ada"}""";
    private const string BatchExample = """[{"_key":"1","name":"Ada"}]""";

    private static readonly RouteParameter[] WriteQuery =
    [
        new("returnNew", "Answer with the new document"),
        new("returnOld", "Answer with the old document"),
        new("silent", "Answer with {}"),
        new("waitForSync", "Answer 201 instead of 202; every acknowledged write is on disk either way"),
    ];

    private static readonly RouteParameter[] ChangeQuery = [.. WriteQuery, new("ignoreRevs", "false: a _rev in the body must be the stored one")];

    private static readonly RouteParameter[] UpdateQuery =
        [.. ChangeQuery, new("keepNull", "false removes attributes set to null"), new("mergeObjects", "false replaces objects instead of merging them")];

    private static readonly RouteParameter[] InsertQuery =
        [.. WriteQuery, new("overwrite", "Replace a document that has the key"), new("overwriteMode", "conflict, ignore, replace or update")];

    internal delegate DocumentAnswer Write(FabricTransaction transaction, CollectionDefinition collection, ReadOnlySpan<byte> key);

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("POST", "/document/{collection}", request => InsertAsync(request, request.Path("collection")), "insertDocuments", "Insert one document or an array of them", Tag)
        { Placement = RoutePlacement.WritesCollection, TakesRequestId = true, Query = [.. InsertQuery], BodyExample = Example, SuccessStatus = 202 },
        new("POST", "/document", request => InsertAsync(request, request.RequiredText("collection")), "insertDocumentsLegacy", "Insert documents", Tag)
        { IsAlias = true, Placement = RoutePlacement.WritesCollection, TakesRequestId = true },
        new("PATCH", "/document/{collection}", DocumentBatch.UpdateAsync, "updateDocuments", "Update an array of documents", Tag)
        { Placement = RoutePlacement.WritesCollection, TakesRequestId = true, Query = [.. UpdateQuery], BodyExample = BatchExample, SuccessStatus = 202 },
        new("PUT", "/document/{collection}", DocumentBatch.ReplaceAsync, "replaceDocuments", "Replace an array of documents", Tag)
        { Placement = RoutePlacement.WritesCollection, TakesRequestId = true, Query = [.. ChangeQuery], BodyExample = BatchExample, SuccessStatus = 202 },
        new("DELETE", "/document/{collection}", DocumentBatch.RemoveAsync, "removeDocuments", "Delete an array of documents by key", Tag)
        { Placement = RoutePlacement.WritesCollection, TakesRequestId = true, Query = [.. ChangeQuery], BodyExample = """["1"]""", SuccessStatus = 202 },
        new("GET", "/document/{collection}/{key}", ReadAsync, "readDocument", "Read a document", Tag) { Placement = RoutePlacement.ReadsCollection },
        new("HEAD", "/document/{collection}/{key}", ReadAsync, "checkDocument", "Check whether a document exists", Tag) { Placement = RoutePlacement.ReadsCollection },
        new("PATCH", "/document/{collection}/{key}", UpdateAsync, "updateDocument", "Update a document", Tag)
        { Placement = RoutePlacement.WritesCollection, TakesRequestId = true, Query = [.. UpdateQuery], BodyExample = Example, SuccessStatus = 202 },
        new("PUT", "/document/{collection}/{key}", ReplaceAsync, "replaceDocument", "Replace a document", Tag)
        { Placement = RoutePlacement.WritesCollection, TakesRequestId = true, Query = [.. ChangeQuery], BodyExample = Example, SuccessStatus = 202 },
        new("DELETE", "/document/{collection}/{key}", RemoveAsync, "removeDocument", "Delete a document", Tag)
        { Placement = RoutePlacement.WritesCollection, TakesRequestId = true, Query = [.. WriteQuery], SuccessStatus = 202 },
    ];

    private static Task ReadAsync(ApiRequest request)
    {
        var http = request.Http;
        var buffer = ResponseBuffer.Get();
        if (TryRead(request, buffer))
            return ResultWriter.SendAsync(http, 200, buffer.WrittenSpan);
        http.Response.StatusCode = 304;
        return Task.CompletedTask;
    }

    /// <summary>Writes the document out while the snapshot is open, of whose memory it is a window.</summary>
    /// <param name="wantedRevision">The only revision to answer with, beside what If-Match says; null for any.</param>
    /// <returns>False when the client has this revision already.</returns>
    internal static bool TryRead(ApiRequest request, ByteBuffer buffer, string? wantedRevision = null)
    {
        var http = request.Http;
        Span<byte> key = stackalloc byte[DocumentWriteOptions.KeyBytesMax];
        key = key[..DocumentWriteOptions.KeyBytes(request.Path("key"), key)];
        using var snapshot = request.Fabric.OpenSnapshot(request.Scope);
        var collection = snapshot.Catalog.GetCollection(request.Path("collection"));
        request.Scope.DemandRead(collection);
        if (key.IsEmpty || !snapshot.TryGetDocument(collection, key, out var document))
            throw ErrorCodes.DocumentNotFound.With($"'{collection.Name}/{request.Path("key")}'");
        var revision = DocumentHeader.ReadStamp(document.Record);
        http.Response.Headers.ETag = $"\"{revision}\"";
        if (!Preconditions.IsWanted(http.Request, revision) || (wantedRevision is not null && wantedRevision != revision.ToString()))
            throw Preconditions.Failed(document);
        if (Preconditions.IsKnown(http.Request, revision))
            return false;
        JsonValueWriter.Write(buffer, document);
        return true;
    }

    private static async Task InsertAsync(ApiRequest request, string collectionName)
    {
        var body = await request.ReadBodyAsync();
        var options = DocumentWriteOptions.Read(request);
        if (body.IsArray)
        {
            await DocumentBatch.InsertAsync(request, collectionName, body, options);
            return;
        }
        if (!body.IsObject)
            throw ErrorCodes.BadParameter.With("the body must be a JSON object or an array of objects");
        var outcome = await request.Fabric.WriteAsync(request.Scope, request.Named, transaction =>
        {
            var collection = transaction.Catalog.GetCollection(collectionName);
            request.Scope.DemandWrite(collection);
            return new DocumentAnswer(collection, WrittenDocument.Take(transaction.Insert(collection, body, options.Insert), options));
        }, request.Aborted);
        var key = Uri.EscapeDataString(outcome.Document.KeyText);
        request.Http.Response.Headers.Location = $"/_tenant/{request.Tenant}/_fabric/{request.Fabric.Fabric.Name}/_api/document/{collectionName}/{key}";
        await AnswerAsync(request, options, outcome, options.Status(outcome.Collection.WaitForSync));
    }

    private static async Task UpdateAsync(ApiRequest request)
    {
        var body = await RequireObjectAsync(request);
        var options = DocumentWriteOptions.Read(request);
        var outcome = await WriteAsync(request, (transaction, collection, key) =>
            new DocumentAnswer(collection, WrittenDocument.Take(transaction.Update(collection, key, body, options.Update), options)));
        await AnswerAsync(request, options, outcome, options.Status(outcome.Collection.WaitForSync));
    }

    private static async Task ReplaceAsync(ApiRequest request)
    {
        var body = await RequireObjectAsync(request);
        var options = DocumentWriteOptions.Read(request);
        var outcome = await WriteAsync(request, (transaction, collection, key) =>
            new DocumentAnswer(collection, WrittenDocument.Take(transaction.Replace(collection, key, body, options.Replace), options)));
        await AnswerAsync(request, options, outcome, options.Status(outcome.Collection.WaitForSync));
    }

    private static async Task RemoveAsync(ApiRequest request)
    {
        var options = DocumentWriteOptions.Read(request);
        var outcome = await WriteAsync(request, (transaction, collection, key) =>
            new DocumentAnswer(collection, WrittenDocument.Take(transaction.Remove(collection, key, options.Remove), options)));
        await AnswerAsync(request, options, outcome, options.Status(outcome.Collection.WaitForSync) == 201 ? 200 : 202);
    }

    internal static async Task<Value> RequireObjectAsync(ApiRequest request)
    {
        var body = await RequestBody.ReadJsonAsync(request.Http);
        return body.IsObject ? body : throw ErrorCodes.BadParameter.With("the body must be a JSON object");
    }

    /// <summary>Runs a write of the document that the path names. A failed precondition tells what is stored.</summary>
    internal static Task<DocumentAnswer> WriteAsync(ApiRequest request, Write write)
    {
        var name = request.Path("collection");
        var keyText = request.Path("key");
        var demandsRevision = Preconditions.DemandsRevision(request.Http.Request);
        return request.Fabric.WriteAsync(request.Scope, request.Named, transaction =>
        {
            var collection = transaction.Catalog.GetCollection(name);
            request.Scope.DemandWrite(collection);
            Span<byte> key = stackalloc byte[DocumentWriteOptions.KeyBytesMax];
            key = key[..DocumentWriteOptions.KeyBytes(keyText, key)];
            if (key.IsEmpty)
                throw ErrorCodes.DocumentNotFound.With($"'{name}/{(keyText.Length <= 64 ? keyText : keyText[..64] + "...")}'");
            if (demandsRevision && transaction.TryGetDocument(collection, key, out var present)
                && !Preconditions.IsWanted(request.Http.Request, DocumentHeader.ReadStamp(present.Record)))
                throw Preconditions.Failed(present);
            try
            {
                return write(transaction, collection, key);
            }
            catch (GeoFabricException error) when (error.Code == ErrorCodes.Conflict && transaction.TryGetDocument(collection, key, out var stored))
            {
                throw Preconditions.Failed(stored);
            }
        }, request.Aborted);
    }

    private static Task AnswerAsync(ApiRequest request, DocumentWriteOptions options, DocumentAnswer outcome, int status)
    {
        request.Http.Response.Headers.ETag = $"\"{outcome.Document.Revision}\"";
        if (options.IsSilent)
            return ResultWriter.SendAsync(request.Http, status, "{}"u8);
        var buffer = ResponseBuffer.Get();
        outcome.Document.Write(buffer, outcome.Collection);
        return ResultWriter.SendAsync(request.Http, status, buffer.WrittenSpan);
    }
}
