using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Transactions;

/// <summary>The writer's turn in one fabric: sees its own writes; all of them become durable together, or none.</summary>
public sealed class FabricTransaction : IFabricReader
{
    public CatalogSnapshot Catalog => throw new NotImplementedException();

    public DocumentWriteResult Insert(CollectionDefinition collection, Value document, InsertOptions options) => throw new NotImplementedException();

    public DocumentWriteResult Update(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, Value patch, UpdateOptions options) => throw new NotImplementedException();

    public DocumentWriteResult Replace(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, Value document, ReplaceOptions options) => throw new NotImplementedException();

    public DocumentWriteResult Remove(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, RemoveOptions options) => throw new NotImplementedException();

    public Savepoint Mark() => throw new NotImplementedException();

    public void RollbackTo(Savepoint savepoint) => throw new NotImplementedException();

    public bool TryGetDocument(CollectionDefinition collection, ReadOnlySpan<byte> keyUtf8, out Value document) => throw new NotImplementedException();

    public long CountDocuments(CollectionDefinition collection) => throw new NotImplementedException();

    public IDocumentCursor ScanCollection(CollectionDefinition collection, ScanDirection direction = ScanDirection.Forward) => throw new NotImplementedException();

    public IDocumentCursor ScanIndex(CollectionDefinition collection, IndexDefinition index, IndexRange range, ScanDirection direction = ScanDirection.Forward) => throw new NotImplementedException();

    public bool HasTruncatedEntries(CollectionDefinition collection, IndexDefinition index) => throw new NotImplementedException();

    public double EstimateSelectivity(CollectionDefinition collection, IndexDefinition index) => throw new NotImplementedException();
}
