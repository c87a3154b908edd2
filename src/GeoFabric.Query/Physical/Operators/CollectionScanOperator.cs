using GeoFabric.Database;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Every document of a collection, in key order.</summary>
internal sealed class CollectionScanOperator(QueryContext context, PhysicalOperator input, EnumerateCollectionNode node) : FanOutOperator(context, input)
{
    private readonly int _slot = node.Variable.Slot;
    private IDocumentCursor? _cursor;
    private long _remaining;

    /// <summary>The part of the collection to read, in a snapshot; null for all of it.</summary>
    public DocumentRange? Part { get; set; }

    protected override void OpenSource(Span<Value> row)
    {
        // The plan may be older than a rename or truncation of the collection, so it is looked up again by name.
        var collection = Context.Reader.Catalog.GetCollection(node.Collection.Name);
        if (node.IsCountOnly)
            _remaining = Context.Reader.CountDocuments(collection);
        else
            _cursor = Part is null ? Context.Reader.ScanCollection(collection) : ((FabricSnapshot)Context.Reader).ScanCollection(collection, Part);
    }

    protected override bool Fill(RowBatch batch, Span<Value> row)
    {
        if (_cursor is null)
        {
            for (; _remaining > 0 && !batch.IsFull; _remaining--)
                batch.Append(row);
            return _remaining > 0;
        }
        while (!batch.IsFull)
        {
            if (!_cursor.MoveNext())
                return false;
            batch.Append(row)[_slot] = _cursor.Document;
            Context.Statistics.ScannedFull++;
        }
        return true;
    }

    protected override void CloseSource()
    {
        _cursor?.Dispose();
        _cursor = null;
        _remaining = 0;
    }
}
