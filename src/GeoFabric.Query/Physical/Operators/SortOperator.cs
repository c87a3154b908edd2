using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>
/// Orders all rows, stably. When only the first rows are wanted it never keeps more than twice as many: it sorts and cuts whenever that many
/// have come together, which costs n log k like a heap and keeps ties in input order. From then on a row that sorts behind the last one kept is not
/// even stored: of a million rows in random order some ten thousand are, for the first ten.
/// </summary>
internal sealed class SortOperator(QueryContext context, PhysicalOperator input, SortNode node) : PhysicalOperator(context, input)
{
    private readonly int _keyCount = node.Items.Length;
    private RowStore _rows = new(context.RowWidth);
    private RowStore _keys = new(node.Items.Length);
    private int[]? _order;
    private int _position;
    private Value[]? _lastKept;

    public override void Restart(ReadOnlySpan<Value> outer)
    {
        _rows.Clear();
        _keys.Clear();
        _order = null;
        _lastKept = null;
        base.Restart(outer);
    }

    protected override bool NextCore(RowBatch batch)
    {
        if (_order is null)
        {
            ReadAll();
            _order = SortedOrder();
            _position = 0;
        }
        while (_position < _order.Length && !batch.IsFull)
            batch.Append(_rows[_order[_position++]]);
        return batch.Count > 0;
    }

    private void ReadAll()
    {
        var needed = RowsNeeded();
        var key = new Value[_keyCount];
        using var batch = new RowBatch(Context.RowWidth);
        for (; Input!.Next(batch); batch.Clear())
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var row = batch[i];
                for (var j = 0; j < _keyCount; j++)
                    key[j] = node.Items[j].Expression.Evaluate(Context, row);
                // Among equals the earlier row comes first, so one like the last kept is not needed either.
                if (_lastKept is not null && Compare(_lastKept, key) <= 0)
                    continue;
                _keys.Add(key, Context);
                _rows.Add(row, Context);
            }
            if (needed < int.MaxValue && _rows.Count > 2 * Math.Max(needed, 500))
                Cut((int)needed);
        }
        if (needed < _rows.Count)
            Cut((int)needed);
    }

    private long RowsNeeded()
    {
        if (node.Limit is not { CountsAll: false } limit)
            return long.MaxValue;
        var take = LimitNumber.Read(limit.Count.Evaluate(Context, []), defaultValue: long.MaxValue);
        var skip = limit.Offset is null ? 0 : LimitNumber.Read(limit.Offset.Evaluate(Context, []), defaultValue: 0);
        return take > long.MaxValue - skip ? long.MaxValue : skip + take;
    }

    private void Cut(int count)
    {
        var order = SortedOrder();
        var rows = new RowStore(Context.RowWidth);
        var keys = new RowStore(_keyCount);
        // What is dropped was counted when it came in, so the survivors are not counted again.
        var released = 0L;
        for (var i = 0; i < _rows.Count; i++)
            released += 24L * (Context.RowWidth + _keyCount);
        Context.ReleaseMemory(released);
        for (var i = 0; i < Math.Min(count, order.Length); i++)
        {
            rows.Add(_rows[order[i]], Context);
            keys.Add(_keys[order[i]], Context);
        }
        _rows = rows;
        _keys = keys;
        if (count > 0 && keys.Count == count)
            _lastKept = keys[count - 1].ToArray();
    }

    private int[] SortedOrder()
    {
        var order = new int[_rows.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        Array.Sort(order, Compare);
        return order;
    }

    private int Compare(int left, int right) => Compare(_keys[left], _keys[right]) is var order and not 0 ? order : left.CompareTo(right);

    private int Compare(ReadOnlySpan<Value> left, ReadOnlySpan<Value> right)
    {
        for (var i = 0; i < _keyCount; i++)
        {
            var order = ValueComparer.Compare(left[i], right[i]);
            if (order != 0)
                return node.Items[i].IsDescending ? -order : order;
        }
        return 0;
    }
}
