using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Hands the modifications of a query to its transaction, with the options of the language in the transaction's terms.</summary>
internal static class WriteOptionsMapping
{
    public static DocumentWriteResult Insert(
        QueryContext context, CollectionDefinition collection, Value document, ModificationOptions options, IReadOnlyList<AttributeOperation> operations)
    {
        var isOverwriting = options.Overwrite is OverwriteMode.Replace or OverwriteMode.Update;
        return isOverwriting && document.TryGetAttribute("_key"u8, out var key) && IsOutdated(context, collection, key, document, options)
            ? LeaveAlone(context, collection, key)
            : context.Writer.Insert(collection, document, new InsertOptions(options.Overwrite, options.KeepNull, options.MergeObjects) { Operations = operations });
    }

    /// <param name="target">What named the document; its <c>_rev</c> counts when revisions do.</param>
    public static DocumentWriteResult Update(
        QueryContext context, CollectionDefinition collection, Value target, Value key, Value document, bool isReplace, ModificationOptions options,
        IReadOnlyList<AttributeOperation> operations)
    {
        if (IsOutdated(context, collection, key, document, options))
            return LeaveAlone(context, collection, key);
        var writer = context.Writer;
        var revision = ExpectedRevision(target, options);
        return isReplace
            ? writer.Replace(collection, key.Utf8, document, new ReplaceOptions(options.IgnoreRevisions, revision) { Operations = operations })
            : writer.Update(
                collection, key.Utf8, document, new UpdateOptions(options.KeepNull, options.MergeObjects, options.IgnoreRevisions, revision) { Operations = operations });
    }

    public static DocumentWriteResult Remove(IDocumentWriter writer, CollectionDefinition collection, Value target, Value key, ModificationOptions options) =>
        writer.Remove(collection, key.Utf8, new RemoveOptions(ExpectedRevision(target, options)));

    /// <summary>Whether the document brings a version that is not newer than the stored one. Without a number on either side there is nothing to compare.</summary>
    private static bool IsOutdated(QueryContext context, CollectionDefinition collection, Value key, Value document, ModificationOptions options)
    {
        if (options.VersionAttribute is not { } attribute || !key.IsString)
            return false;
        var name = System.Text.Encoding.UTF8.GetBytes(attribute);
        return document.TryGetAttribute(name, out var version) && version.IsNumber
            && context.Reader.TryGetDocument(collection, key.Utf8, out var stored)
            && stored.TryGetAttribute(name, out var storedVersion) && storedVersion.IsNumber
            && ValueComparer.Compare(version, storedVersion) <= 0;
    }

    /// <summary>An update that changes nothing: old and new are the stored document.</summary>
    private static DocumentWriteResult LeaveAlone(QueryContext context, CollectionDefinition collection, Value key) =>
        context.Writer.Update(collection, key.Utf8, Value.EmptyObject, new UpdateOptions(KeepNull: true, MergeObjects: true, IgnoreRevisions: true, ExpectedRevision: null));

    private static string? ExpectedRevision(Value target, ModificationOptions options) =>
        !options.IgnoreRevisions && target.TryGetAttribute("_rev"u8, out var revision) ? revision.IsString ? revision.Text : "" : null;
}
