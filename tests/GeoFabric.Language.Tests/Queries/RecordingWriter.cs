using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Physical;

namespace GeoFabric.Language.Tests.Queries;

/// <summary>One write that a query asked for, and its outcome.</summary>
internal sealed record RecordedWrite(Value Document, IReadOnlyList<AttributeOperation> Operations, Value Old, Value New);

/// <summary>Looks on while a query writes.</summary>
internal sealed class RecordingWriter(FabricTransaction transaction) : IDocumentWriter
{
    public List<RecordedWrite> Writes { get; } = [];

    public DocumentWriteResult Insert(CollectionDefinition collection, Value document, InsertOptions options) =>
        Record(document, options.Operations, transaction.Insert(collection, document, options));

    public DocumentWriteResult Update(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, Value patch, UpdateOptions options) =>
        Record(patch, options.Operations, transaction.Update(collection, keyUtf8, patch, options));

    public DocumentWriteResult Replace(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, Value document, ReplaceOptions options) =>
        Record(document, options.Operations, transaction.Replace(collection, keyUtf8, document, options));

    public DocumentWriteResult Remove(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, RemoveOptions options) =>
        transaction.Remove(collection, keyUtf8, options);

    /// <summary>Copies, since what a transaction hands out dies with it.</summary>
    private DocumentWriteResult Record(Value document, IReadOnlyList<AttributeOperation> operations, DocumentWriteResult result)
    {
        var copies = operations.Select(operation => operation with { Operand = operation.Operand.Detach(), Second = operation.Second.Detach() });
        Writes.Add(new RecordedWrite(document.Detach(), [.. copies], result.Old.Detach(), result.New.Detach()));
        return result;
    }
}
