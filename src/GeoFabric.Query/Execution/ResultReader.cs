using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Physical;

namespace GeoFabric.Query.Execution;

/// <summary>Pulls the rows of a query out of its operators and writes what it returns of them into pages.</summary>
internal sealed class ResultReader(PhysicalOperator root, ReturnNode? returned, QueryContext context, ResultPages pages) : IDisposable
{
    private readonly RowBatch _batch = new(context.RowWidth);
    private readonly HashSet<Value>? _distinct = returned is { IsDistinct: true } ? [] : null;

    /// <summary>Reads the next rows, at most <paramref name="rowLimit"/>.</summary>
    /// <returns>False when there are none.</returns>
    public bool Read(long rowLimit = RowBatch.RowsMax)
    {
        _batch.Clear(rowLimit);
        if (!root.Next(_batch))
            return false;
        for (var i = 0; i < _batch.Count && returned is not null; i++)
        {
            var memoryBefore = context.ReservedMemory;
            var value = returned.Expression.Evaluate(context, _batch[i]);
            // The page takes it as text, and DISTINCT counts what it keeps.
            context.ReleaseMemory(context.ReservedMemory - memoryBefore);
            if (_distinct is not null)
            {
                if (!_distinct.Add(value))
                    continue;
                context.ReserveMemory(48 + value.OwnedBytes);
            }
            pages.Add(value);
        }
        return true;
    }

    public void Dispose()
    {
        _batch.Dispose();
        root.Dispose();
    }
}
