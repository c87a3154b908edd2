using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Physical;

/// <summary>What modifications write through: the transaction, or something that looks on.</summary>
public interface IDocumentWriter
{
    /// <inheritdoc cref="FabricTransaction.Insert"/>
    DocumentWriteResult Insert(CollectionDefinition collection, Value document, InsertOptions options);

    /// <inheritdoc cref="FabricTransaction.Update"/>
    DocumentWriteResult Update(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, Value patch, UpdateOptions options);

    /// <inheritdoc cref="FabricTransaction.Replace(CollectionDefinition, ReadOnlySpan{byte}, Value, ReplaceOptions)"/>
    DocumentWriteResult Replace(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, Value document, ReplaceOptions options);

    /// <inheritdoc cref="FabricTransaction.Remove"/>
    DocumentWriteResult Remove(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, RemoveOptions options);
}
