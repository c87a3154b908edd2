using System.Globalization;
using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints;

/// <summary>Many documents in one call and one transaction. Items fail one by one: a failed one is described in its place and the others stand.</summary>
internal static class DocumentBatch
{
    internal enum Kind
    {
        Update,
        Replace,
        Remove,
    }

    public static Task InsertAsync(ApiRequest request, string collectionName, Value documents)
    {
        var options = new InsertOptions(request.Flag("overwrite", false) ? OverwriteMode.Replace : OverwriteMode.Conflict);
        return RunAsync(request, collectionName, documents, (transaction, collection, document) => document.IsObject
            ? transaction.Insert(collection, document, options)
            : throw ErrorCodes.DocumentTypeInvalid.With($"{document} is no object"));
    }

    public static async Task WriteAsync(ApiRequest request, Kind kind)
    {
        var body = await request.ReadBodyAsync();
        if (!body.IsArray)
            throw ErrorCodes.BadParameter.With("the body must be a JSON array");
        var ignoreRevisions = request.Flag("ignoreRevs", true);
        var update = new UpdateOptions(request.Flag("keepNull", true), request.Flag("mergeObjects", true), ignoreRevisions);
        await RunAsync(request, request.Path("collection"), body, (transaction, collection, item) =>
        {
            var key = KeyOf(item, collection, allowsText: kind == Kind.Remove);
            return kind switch
            {
                Kind.Update => transaction.Update(collection, key.Utf8, item, update),
                Kind.Replace => transaction.Replace(collection, key.Utf8, item, new ReplaceOptions(ignoreRevisions)),
                _ => transaction.Remove(collection, key.Utf8, new RemoveOptions(!ignoreRevisions && item.GetAttribute("_rev"u8) is { IsString: true } revision ? revision.Text : null)),
            };
        });
    }

    private static async Task RunAsync(
        ApiRequest request, string collectionName, Value items, Func<FabricTransaction, CollectionDefinition, Value, DocumentWriteResult> write)
    {
        var answer = new DocumentAnswer(request);
        var (answers, errors, waitsForSync) = await request.Fabric.WriteAsync(request.Scope, transaction =>
        {
            var collection = transaction.Catalog.GetCollection(collectionName);
            request.Scope.DemandWrite(collection);
            var described = new List<Value>(items.Items.Count);
            var failures = new SortedDictionary<int, int>();
            foreach (var item in items.Items)
            {
                var savepoint = transaction.Mark();
                try
                {
                    described.Add(answer.Describe(write(transaction, collection, item)).Body);
                }
                catch (GeoFabricException error) when (error.ErrorNumber is >= 1200 and < 1300)
                {
                    transaction.RollbackTo(savepoint);
                    failures[error.ErrorNumber] = failures.GetValueOrDefault(error.ErrorNumber) + 1;
                    described.Add(ObjectValue.Of(
                        ("error", Value.True),
                        ("errorNum", Value.FromInteger(error.ErrorNumber)),
                        ("errorMessage", Value.FromString(error.Message))));
                }
            }
            return (described, failures, collection.WaitForSync);
        }, request.Aborted);
        if (errors.Count > 0)
        {
            request.Http.Response.Headers["x-c8-error-codes"] =
                "{" + string.Join(',', errors.Select(error => string.Create(CultureInfo.InvariantCulture, $"\"{error.Key}\":{error.Value}"))) + "}";
        }
        await ResultWriter.WriteAsync(
            request.Http, DocumentWrite.Status(request, waitsForSync), answer.IsSilent && errors.Count == 0 ? Value.EmptyObject : ObjectValue.List(answers));
    }

    /// <summary>The key an item names: by <c>_key</c>, by <c>_id</c> of this collection, or, where allowed, as a bare string of either.</summary>
    private static Value KeyOf(Value item, CollectionDefinition collection, bool allowsText)
    {
        var named = item;
        if (item.IsObject)
            named = item.TryGetAttribute("_key"u8, out var key) ? key : item.GetAttribute("_id"u8);
        else if (!allowsText)
            throw ErrorCodes.DocumentTypeInvalid.With($"{item} is no object");
        if (named.IsNull)
            throw ErrorCodes.DocumentKeyMissing.With($"{item} has neither _key nor _id");
        if (!named.IsString)
            throw ErrorCodes.DocumentTypeInvalid.With($"the key {named} is no string");
        if (!DocumentHandle.TrySplit(named.Utf8, out ReadOnlySpan<byte> owner, out var ownKey))
            return named;
        return owner.SequenceEqual(Encoding.UTF8.GetBytes(collection.Name))
            ? Value.FromUtf8(ownKey)
            : throw ErrorCodes.DocumentNotFound.With($"'{named.Text}' is not in collection '{collection.Name}'");
    }
}
