using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Hands the modifications of a query to its transaction, with the options of the language in the transaction's terms.</summary>
internal static class WriteOptionsMapping
{
    public static DocumentWriteResult Insert(
        IDocumentWriter writer, CollectionDefinition collection, Value document, ModificationOptions options, IReadOnlyList<AttributeOperation> operations) =>
        writer.Insert(collection, document, new InsertOptions(options.Overwrite, options.KeepNull, options.MergeObjects) { Operations = operations });

    /// <param name="target">What named the document; its <c>_rev</c> counts when revisions do.</param>
    public static DocumentWriteResult Update(
        IDocumentWriter writer, CollectionDefinition collection, Value target, Value key, Value document, bool isReplace, ModificationOptions options,
        IReadOnlyList<AttributeOperation> operations)
    {
        var revision = ExpectedRevision(target, options);
        return isReplace
            ? writer.Replace(collection, key.Utf8, document, new ReplaceOptions(options.IgnoreRevisions, revision) { Operations = operations })
            : writer.Update(
                collection, key.Utf8, document, new UpdateOptions(options.KeepNull, options.MergeObjects, options.IgnoreRevisions, revision) { Operations = operations });
    }

    public static DocumentWriteResult Remove(IDocumentWriter writer, CollectionDefinition collection, Value target, Value key, ModificationOptions options) =>
        writer.Remove(collection, key.Utf8, new RemoveOptions(ExpectedRevision(target, options)));

    private static string? ExpectedRevision(Value target, ModificationOptions options) =>
        !options.IgnoreRevisions && target.TryGetAttribute("_rev"u8, out var revision) ? revision.IsString ? revision.Text : "" : null;
}
