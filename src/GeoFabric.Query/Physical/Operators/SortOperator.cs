using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>SORT: reads all rows, then hands them on in order.</summary>
internal sealed class SortOperator(QueryContext context, PhysicalOperator input, SortNode node) : PhysicalOperator(context, input)
{
    private RowSorter? _sorter;

    protected override void RestartCore(ReadOnlySpan<Value> outer)
    {
        _sorter?.Dispose();
        _sorter = null;
        base.RestartCore(outer);
    }

    protected override void DisposeCore()
    {
        _sorter?.Dispose();
        base.DisposeCore();
    }

    protected override bool NextCore(RowBatch batch)
    {
        _sorter ??= ReadAll();
        while (!batch.IsFull && _sorter.TryNext(out var row))
            batch.Append(row);
        return batch.Count > 0;
    }

    private RowSorter ReadAll()
    {
        var sorter = new RowSorter(Context, Context.RowWidth, [.. node.Items.Select(item => item.IsDescending)], RowsNeeded(node.Limit, Context));
        // Known before anything can fail, so that files are closed.
        _sorter = sorter;
        var key = new Value[node.Items.Length];
        using var batch = new RowBatch(Context.RowWidth);
        for (; Input!.Next(batch); batch.Clear())
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var row = batch[i];
                for (var j = 0; j < key.Length; j++)
                    key[j] = node.Items[j].Expression.Evaluate(Context, row);
                sorter.Add(key, row);
            }
            if (node.Reached is not null && sorter.HasAll(batch[batch.Count - 1][node.Reached.Slot]))
                break;
        }
        sorter.Finish();
        return sorter;
    }

    /// <summary>How many rows a LIMIT behind the sort takes.</summary>
    internal static long RowsNeeded(LimitNode? node, QueryContext context)
    {
        if (node is not { CountsAll: false } limit)
            return long.MaxValue;
        var take = LimitNumber.Read(limit.Count.Evaluate(context, []), defaultValue: long.MaxValue);
        var skip = limit.Offset is null ? 0 : LimitNumber.Read(limit.Offset.Evaluate(context, []), defaultValue: 0);
        return take > long.MaxValue - skip ? long.MaxValue : skip + take;
    }
}
