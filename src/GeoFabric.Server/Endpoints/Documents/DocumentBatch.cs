using System.Globalization;
using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Documents;

/// <summary>Many documents in one call and one transaction. Items fail one by one: a failed one is described in its place and the others stand.</summary>
internal static class DocumentBatch
{
    private delegate DocumentWriteResult WriteItem(FabricTransaction transaction, CollectionDefinition collection, Value item);

    public static Task InsertAsync(ApiRequest request, string collectionName, Value documents, DocumentWriteOptions options) =>
        RunAsync(request, collectionName, documents, options, (transaction, collection, document) => document.IsObject
            ? transaction.Insert(collection, document, options.Insert)
            : throw ErrorCodes.DocumentTypeInvalid.With("an item of the array is no object"));

    public static async Task UpdateAsync(ApiRequest request)
    {
        var items = await ReadArrayAsync(request);
        var options = DocumentWriteOptions.Read(request);
        await RunAsync(request, request.Path("collection"), items, options, (transaction, collection, item) =>
            transaction.Update(collection, KeyOf(DemandObject(item), collection).Utf8, item, options.Update));
    }

    public static async Task ReplaceAsync(ApiRequest request)
    {
        var items = await ReadArrayAsync(request);
        var options = DocumentWriteOptions.Read(request);
        await RunAsync(request, request.Path("collection"), items, options, (transaction, collection, item) =>
            transaction.Replace(collection, KeyOf(DemandObject(item), collection).Utf8, item, options.Replace));
    }

    public static async Task RemoveAsync(ApiRequest request)
    {
        var items = await ReadArrayAsync(request);
        var options = DocumentWriteOptions.Read(request);
        await RunAsync(request, request.Path("collection"), items, options, (transaction, collection, item) =>
        {
            var expected = !options.IgnoreRevisions && item.GetAttribute("_rev"u8) is { IsString: true } revision ? revision.Text : null;
            return transaction.Remove(collection, KeyOf(item, collection).Utf8, new RemoveOptions(expected));
        }, synchronousStatus: 200);
    }

    private static async Task<Value> ReadArrayAsync(ApiRequest request)
    {
        var body = await RequestBody.ReadJsonAsync(request.Http);
        return body.IsArray ? body : throw ErrorCodes.BadParameter.With("the body must be a JSON array");
    }

    private static async Task RunAsync(
        ApiRequest request, string collectionName, Value items, DocumentWriteOptions options, WriteItem write, int synchronousStatus = 201)
    {
        var outcome = await request.Fabric.WriteAsync(request.Scope, request.Named, transaction =>
        {
            var collection = transaction.Catalog.GetCollection(collectionName);
            request.Scope.DemandWrite(collection);
            var results = new List<ItemOutcome>(items.Items.Count);
            foreach (var item in items.Items)
            {
                try
                {
                    results.Add(new ItemOutcome(WrittenDocument.Take(write(transaction, collection, item), options), null));
                }
                catch (GeoFabricException error) when (error.HttpStatus < 500)
                {
                    // A write that throws has left nothing, so the items before and after it stand.
                    results.Add(new ItemOutcome(default, error));
                }
            }
            return (Collection: collection, Results: results);
        }, request.Aborted);
        var failures = outcome.Results.Where(result => result.Error is not null).GroupBy(result => result.Error!.ErrorNumber).OrderBy(group => group.Key).ToList();
        if (failures.Count > 0)
        {
            request.Http.Response.Headers["x-c8-error-codes"] =
                "{" + string.Join(',', failures.Select(group => string.Create(CultureInfo.InvariantCulture, $"\"{group.Key}\":{group.Count()}"))) + "}";
        }
        var status = options.Status(outcome.Collection.WaitForSync) == 201 ? synchronousStatus : 202;
        await AnswerAsync(request, status, outcome.Collection, outcome.Results, options.IsSilent);
    }

    private static Task AnswerAsync(ApiRequest request, int status, CollectionDefinition collection, List<ItemOutcome> results, bool isSilent)
    {
        if (isSilent)
            return ResultWriter.SendAsync(request.Http, status, "{}"u8);
        var buffer = ResponseBuffer.Get();
        buffer.Write((byte)'[');
        for (var i = 0; i < results.Count; i++)
        {
            if (i > 0)
                buffer.Write((byte)',');
            if (results[i].Error is { } error)
                JsonValueWriter.Write(buffer, DescribeError(error));
            else
                results[i].Document.Write(buffer, collection);
        }
        buffer.Write((byte)']');
        return ResultWriter.SendAsync(request.Http, status, buffer.WrittenSpan);
    }

    /// <summary>Without <c>code</c>: an object with all four error attributes would make clients throw away the whole answer.</summary>
    private static Value DescribeError(GeoFabricException error) => ObjectValue.Of(
        ("error", Value.True), ("errorNum", Value.FromInteger(error.ErrorNumber)), ("errorMessage", Value.FromString(error.Message)));

    private static Value DemandObject(Value item) => item.IsObject ? item : throw ErrorCodes.DocumentTypeInvalid.With("an item of the array is no object");

    /// <summary>The key an item names: by <c>_key</c>, by <c>_id</c> of this collection, or as a bare string of either.</summary>
    private static Value KeyOf(Value item, CollectionDefinition collection)
    {
        var named = item.IsObject ? item.TryGetAttribute("_key"u8, out var key) ? key : item.GetAttribute("_id"u8) : item;
        if (named.IsNull)
            throw ErrorCodes.DocumentKeyMissing.With("an item has neither _key nor _id");
        if (!named.IsString)
            throw ErrorCodes.DocumentHandleBad.With("a key must be a string");
        if (!DocumentHandle.TrySplit(named.Utf8, out ReadOnlySpan<byte> owner, out var ownKey))
            return named;
        return owner.SequenceEqual(Encoding.UTF8.GetBytes(collection.Name))
            ? Value.FromUtf8(ownKey)
            : throw ErrorCodes.DocumentNotFound.With($"'{named.Text}' is not in collection '{collection.Name}'");
    }

    private readonly record struct ItemOutcome(WrittenDocument Document, GeoFabricException? Error);
}
