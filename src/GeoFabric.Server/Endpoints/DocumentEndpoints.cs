using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Json;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints;

/// <summary>Single documents; several at once are in <see cref="DocumentBatch"/>.</summary>
public static class DocumentEndpoints
{
    private const string Tag = "Documents";

    private static readonly (string, string)[] WriteQuery =
    [
        ("returnNew", "Answer with the new document"),
        ("returnOld", "Answer with the old document"),
        ("silent", "Answer with {}"),
        ("waitForSync", "Answer 201 instead of 202; every acknowledged write is on disk either way"),
    ];

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("POST", "/document/{collection}", request => InsertAsync(request, request.Path("collection")), "insertDocuments", "Insert one document or an array of them", Tag)
        {
            Query = [.. WriteQuery, ("overwrite", "Replace a document that has the key")],
            BodyExample = """{"name":"Ada"}""",
            SuccessStatus = 202,
        },
        new("POST", "/document", request => InsertAsync(request, Required(request)), "insertDocumentsLegacy", "Insert, with the collection as a query parameter", Tag)
        {
            Query = [("collection", "Name of the collection"), .. WriteQuery],
            BodyExample = """{"name":"Ada"}""",
            SuccessStatus = 202,
        },
        new("PATCH", "/document/{collection}", request => DocumentBatch.WriteAsync(request, DocumentBatch.Kind.Update), "updateDocuments", "Update an array of documents", Tag)
        {
            Query = [.. WriteQuery],
            BodyExample = """[{"_key":"1","name":"Ada"}]""",
            SuccessStatus = 202,
        },
        new("PUT", "/document/{collection}", request => DocumentBatch.WriteAsync(request, DocumentBatch.Kind.Replace), "replaceDocuments", "Replace an array of documents", Tag)
        {
            Query = [.. WriteQuery],
            BodyExample = """[{"_key":"1","name":"Ada"}]""",
            SuccessStatus = 202,
        },
        new("DELETE", "/document/{collection}", request => DocumentBatch.WriteAsync(request, DocumentBatch.Kind.Remove), "removeDocuments", "Delete an array of documents by key", Tag)
        {
            Query = [.. WriteQuery],
            BodyExample = """["1"]""",
            SuccessStatus = 202,
        },
        new("GET", "/document/{collection}/{key}", ReadAsync, "readDocument", "Read a document", Tag),
        new("HEAD", "/document/{collection}/{key}", ReadAsync, "checkDocument", "Check a document", Tag),
        new("PATCH", "/document/{collection}/{key}", request => WriteAsync(request, isReplace: false), "updateDocument", "Update a document", Tag)
        {
            Query = [.. WriteQuery, ("keepNull", "false removes attributes set to null"), ("mergeObjects", "false replaces objects"), ("ignoreRevs", "false compares _rev in the body")],
            BodyExample = """{"name":"Ada"}""",
            SuccessStatus = 202,
        },
        new("PUT", "/document/{collection}/{key}", request => WriteAsync(request, isReplace: true), "replaceDocument", "Replace a document", Tag)
        {
            Query = [.. WriteQuery, ("ignoreRevs", "false compares _rev in the body")],
            BodyExample = """{"name":"Ada"}""",
            SuccessStatus = 202,
        },
        new("DELETE", "/document/{collection}/{key}", RemoveAsync, "removeDocument", "Delete a document", Tag) { Query = [.. WriteQuery], SuccessStatus = 202 },
    ];

    private static string Required(ApiRequest request) => request.Text("collection") ?? throw ErrorCodes.BadParameter.With("query parameter 'collection' is missing");

    private static Task ReadAsync(ApiRequest request)
    {
        var hasBody = WriteDocument(request);
        return hasBody ? request.Http.Response.BodyWriter.FlushAsync(request.Aborted).AsTask() : Task.CompletedTask;
    }

    /// <summary>Writes status, headers and body into the response while the snapshot is open: the document is a window onto its memory.</summary>
    /// <returns>Whether there is a body to flush.</returns>
    private static bool WriteDocument(ApiRequest request)
    {
        var http = request.Http;
        Span<byte> key = stackalloc byte[DocumentWrite.KeyBytesMax];
        var keyLength = DocumentWrite.KeyBytes(request.Path("key"), key);
        using var snapshot = request.Fabric.OpenSnapshot(request.Scope);
        var collection = snapshot.Catalog.GetCollection(request.Path("collection"));
        request.Scope.DemandRead(collection);
        if (keyLength == 0 || !snapshot.TryGetDocument(collection, key[..keyLength], out var document))
            throw ErrorCodes.DocumentNotFound.With($"'{request.Path("key")}' in collection '{collection.Name}'");
        var revision = DocumentHeader.ReadStamp(document.Record).ToString();
        http.Response.Headers.ETag = $"\"{revision}\"";
        if (DocumentWrite.HeaderRevision(http.Request.Headers.IfNoneMatch) is { } known && known == revision)
        {
            http.Response.StatusCode = 304;
            return false;
        }
        if (DocumentWrite.HeaderRevision(http.Request.Headers.IfMatch) is { } wanted && wanted != revision)
            throw DocumentWrite.PreconditionFailed(document);
        ResultWriter.Start(http, 200);
        if (HttpMethods.IsHead(http.Request.Method))
            return false;
        JsonValueWriter.Write(http.Response.BodyWriter, document);
        return true;
    }

    private static async Task InsertAsync(ApiRequest request, string collectionName)
    {
        var body = await request.ReadBodyAsync();
        if (body.IsArray)
        {
            await DocumentBatch.InsertAsync(request, collectionName, body);
            return;
        }
        if (!body.IsObject)
            throw ErrorCodes.DocumentTypeInvalid.With("the body must be a JSON object or an array of objects");
        var answer = new DocumentAnswer(request);
        var options = new InsertOptions(request.Flag("overwrite", false) ? OverwriteMode.Replace : OverwriteMode.Conflict);
        var (outcome, waitsForSync) = await request.Fabric.WriteAsync(request.Scope, transaction =>
        {
            var collection = transaction.Catalog.GetCollection(collectionName);
            request.Scope.DemandWrite(collection);
            return (answer.Describe(transaction.Insert(collection, body, options)), collection.WaitForSync);
        }, request.Aborted);
        var key = outcome.Key;
        request.Http.Response.Headers.ETag = $"\"{outcome.Revision}\"";
        request.Http.Response.Headers.Location =
            $"/_tenant/{request.Principal.Tenant}/_fabric/{request.Fabric.Fabric.Name}/_api/document/{collectionName}/{Uri.EscapeDataString(key)}";
        await ResultWriter.WriteAsync(request.Http, DocumentWrite.Status(request, waitsForSync), outcome.Body);
    }

    private static async Task WriteAsync(ApiRequest request, bool isReplace)
    {
        var body = await request.ReadBodyAsync();
        if (!body.IsObject)
            throw ErrorCodes.DocumentTypeInvalid.With("the body must be a JSON object");
        var answer = new DocumentAnswer(request);
        var key = request.Path("key");
        var expected = DocumentWrite.HeaderRevision(request.Http.Request.Headers.IfMatch);
        var ignoreRevisions = request.Flag("ignoreRevs", true);
        var update = new UpdateOptions(request.Flag("keepNull", true), request.Flag("mergeObjects", true), ignoreRevisions, expected);
        var replace = new ReplaceOptions(ignoreRevisions, expected);
        var (outcome, waitsForSync) = await request.Fabric.WriteAsync(request.Scope, transaction =>
        {
            var collection = transaction.Catalog.GetCollection(request.Path("collection"));
            request.Scope.DemandWrite(collection);
            Span<byte> keyBytes = stackalloc byte[DocumentWrite.KeyBytesMax];
            keyBytes = keyBytes[..DocumentWrite.KeyBytes(key, keyBytes)];
            try
            {
                var result = isReplace ? transaction.Replace(collection, keyBytes, body, replace) : transaction.Update(collection, keyBytes, body, update);
                return (answer.Describe(result), collection.WaitForSync);
            }
            catch (GeoFabricException error) when (error.ErrorNumber == ErrorCodes.Conflict.Number && transaction.TryGetDocument(collection, keyBytes, out var stored))
            {
                throw DocumentWrite.PreconditionFailed(stored);
            }
        }, request.Aborted);
        request.Http.Response.Headers.ETag = $"\"{outcome.Revision}\"";
        await ResultWriter.WriteAsync(request.Http, DocumentWrite.Status(request, waitsForSync), outcome.Body);
    }

    private static async Task RemoveAsync(ApiRequest request)
    {
        var answer = new DocumentAnswer(request);
        var key = request.Path("key");
        var options = new RemoveOptions(DocumentWrite.HeaderRevision(request.Http.Request.Headers.IfMatch));
        var (outcome, waitsForSync) = await request.Fabric.WriteAsync(request.Scope, transaction =>
        {
            var collection = transaction.Catalog.GetCollection(request.Path("collection"));
            request.Scope.DemandWrite(collection);
            Span<byte> keyBytes = stackalloc byte[DocumentWrite.KeyBytesMax];
            keyBytes = keyBytes[..DocumentWrite.KeyBytes(key, keyBytes)];
            try
            {
                return (answer.Describe(transaction.Remove(collection, keyBytes, options)), collection.WaitForSync);
            }
            catch (GeoFabricException error) when (error.ErrorNumber == ErrorCodes.Conflict.Number && transaction.TryGetDocument(collection, keyBytes, out var stored))
            {
                throw DocumentWrite.PreconditionFailed(stored);
            }
        }, request.Aborted);
        var status = DocumentWrite.Status(request, waitsForSync);
        await ResultWriter.WriteAsync(request.Http, status == 201 ? 200 : status, outcome.Body);
    }
}
