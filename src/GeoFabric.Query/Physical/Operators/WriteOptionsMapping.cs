using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Hands the modifications of a query to its transaction, with the options of the language in the transaction's terms.</summary>
internal static class WriteOptionsMapping
{
    public static DocumentWriteResult Insert(FabricTransaction transaction, CollectionDefinition collection, Value document, ModificationOptions options) =>
        transaction.Insert(collection, document, new InsertOptions(options.Overwrite, options.KeepNull, options.MergeObjects));

    /// <param name="target">What named the document; its <c>_rev</c> counts when revisions do.</param>
    public static DocumentWriteResult Update(
        FabricTransaction transaction, CollectionDefinition collection, Value target, Value key, Value document, bool isReplace, ModificationOptions options)
    {
        var revision = ExpectedRevision(target, options);
        return isReplace
            ? transaction.Replace(collection, key.Utf8, document, new ReplaceOptions(options.IgnoreRevisions, revision))
            : transaction.Update(collection, key.Utf8, document, new UpdateOptions(options.KeepNull, options.MergeObjects, options.IgnoreRevisions, revision));
    }

    public static DocumentWriteResult Remove(FabricTransaction transaction, CollectionDefinition collection, Value target, Value key, ModificationOptions options) =>
        transaction.Remove(collection, key.Utf8, new RemoveOptions(ExpectedRevision(target, options)));

    private static string? ExpectedRevision(Value target, ModificationOptions options) =>
        !options.IgnoreRevisions && target.TryGetAttribute("_rev"u8, out var revision) ? revision.IsString ? revision.Text : "" : null;
}
