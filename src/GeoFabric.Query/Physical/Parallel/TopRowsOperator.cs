using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Physical.Operators;

namespace GeoFabric.Query.Physical.Parallel;

/// <summary>
/// Drops rows that a sort with a limit behind it cannot need: enough rows that came before, of this part of the collection or of one before it, sort before
/// them or beside them. What it has seen stays from part to part.
/// </summary>
internal sealed class TopRowsOperator(QueryContext context, PhysicalOperator input, SortNode node) : PhysicalOperator(context, input)
{
    private readonly int _needed = (int)SortOperator.RowsNeeded(node.Limit, context);
    private readonly Value[] _key = new Value[node.Items.Length];
    private PriorityQueue<Value[], Value[]>? _best;

    protected override bool NextCore(RowBatch batch)
    {
        var limit = batch.RowLimit;
        while (Input!.Next(batch))
        {
            var kept = 0;
            for (var i = 0; i < batch.Count; i++)
            {
                var row = batch[i];
                if (!IsNeeded(row))
                    continue;
                if (kept != i)
                    row.CopyTo(batch[kept]);
                kept++;
            }
            if (kept > 0)
            {
                batch.Truncate(kept);
                return true;
            }
            batch.Clear(limit == batch.Capacity ? RowBatch.RowsMax : limit);
        }
        return false;
    }

    private bool IsNeeded(Span<Value> row)
    {
        for (var i = 0; i < _key.Length; i++)
            _key[i] = node.Items[i].Expression.Evaluate(Context, row);
        // The worst comes out first.
        _best ??= new PriorityQueue<Value[], Value[]>(Comparer<Value[]>.Create((left, right) => -Compare(left, right)));
        if (_best.Count < _needed)
        {
            Keep(new Value[_key.Length]);
            return true;
        }
        var worst = _best.Peek();
        if (Compare(worst, _key) <= 0)
            return false;
        _best.Dequeue();
        foreach (var value in worst)
            Context.ReleaseMemory(value.OwnedBytes);
        Keep(worst);
        return true;
    }

    private void Keep(Value[] key)
    {
        _key.CopyTo(key, 0);
        foreach (var value in key)
            Context.ReserveMemory(value.OwnedBytes);
        _best!.Enqueue(key, key);
    }

    private int Compare(Value[] left, Value[] right)
    {
        for (var i = 0; i < left.Length; i++)
        {
            var order = ValueComparer.Compare(left[i], right[i]);
            if (order != 0)
                return node.Items[i].IsDescending ? -order : order;
        }
        return 0;
    }
}
