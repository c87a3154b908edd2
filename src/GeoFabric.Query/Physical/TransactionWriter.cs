using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Physical;

/// <summary>Writes through the transaction that the query runs in.</summary>
internal sealed class TransactionWriter(FabricTransaction transaction) : IDocumentWriter
{
    public DocumentWriteResult Insert(CollectionDefinition collection, Value document, InsertOptions options) =>
        transaction.Insert(collection, document, options);

    public DocumentWriteResult Update(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, Value patch, UpdateOptions options) =>
        transaction.Update(collection, keyUtf8, patch, options);

    public DocumentWriteResult Replace(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, Value document, ReplaceOptions options) =>
        transaction.Replace(collection, keyUtf8, document, options);

    public DocumentWriteResult Remove(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, RemoveOptions options) =>
        transaction.Remove(collection, keyUtf8, options);
}
