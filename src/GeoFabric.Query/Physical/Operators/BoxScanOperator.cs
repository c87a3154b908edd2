using GeoFabric.Database;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Documents in a box through a multi-dimensional index, or all when the index cannot tell which are needed. Each incoming row gives its own box.</summary>
internal sealed class BoxScanOperator(QueryContext context, PhysicalOperator input, BoxIndexNode node) : FanOutOperator(context, input)
{
    private readonly int _slot = node.Variable.Slot;
    private IDocumentCursor? _cursor;
    private bool _isIndex;

    protected override void OpenSource(Span<Value> row)
    {
        var collection = Context.Reader.Catalog.GetCollection(node.Collection.Name);
        var box = ReadBox(row);
        _isIndex = box is not null;
        if (_isIndex)
            Context.Statistics.CursorsCreated++;
        _cursor = box is null ? Context.Reader.ScanCollection(collection) : Context.Reader.ScanBox(collection, node.Index, box);
    }

    protected override bool Fill(RowBatch batch, Span<Value> row)
    {
        while (!batch.IsFull)
        {
            if (!_cursor!.MoveNext())
                return false;
            batch.Append(row)[_slot] = _cursor.Document;
            if (!_isIndex)
            {
                Context.Statistics.ScannedFull++;
                continue;
            }
            Context.Statistics.ScannedIndex++;
            Context.Statistics.DocumentLookups++;
        }
        return true;
    }

    protected override void CloseSource()
    {
        _cursor?.Dispose();
        _cursor = null;
    }

    /// <summary>Whatever warns or fails here belongs to the conditions behind, which come by it for each document: so all of them are read.</summary>
    private IndexBox? ReadBox(Span<Value> row)
    {
        IndexBox? box = null;
        var isQuiet = false;
        Context.BeginTry();
        try
        {
            foreach (var guard in node.Guards)
                guard.Evaluate(Context, row);
            var equalTo = new Value[node.EqualTo.Length];
            for (var i = 0; i < equalTo.Length; i++)
                equalTo[i] = node.EqualTo[i].Evaluate(Context, row);
            var (lower, upper) = (new Value?[node.Sides.Length], new Value?[node.Sides.Length]);
            for (var i = 0; i < lower.Length; i++)
            {
                var side = node.Sides[i];
                lower[i] = side.Lower?.Value.Evaluate(Context, row);
                upper[i] = side.IsPoint ? lower[i] : side.Upper?.Value.Evaluate(Context, row);
            }
            // Documents without a field are not in a sparse index.
            if (!node.Index.IsSparse || !(Array.Exists(equalTo, value => value.IsNull) || Array.Exists(lower, value => value is not { IsNull: false })))
                box = new IndexBox([.. equalTo], [.. lower], [.. upper]);
        }
        catch (GeoFabricException error) when (error.Code != ErrorCodes.QueryKilled && error.Code != ErrorCodes.ResourceLimit)
        {
            box = null;
        }
        finally
        {
            isQuiet = Context.EndTry();
        }
        return isQuiet ? box : null;
    }
}
