using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>The items of an array. A range is counted through, not built.</summary>
internal sealed class ListScanOperator(QueryContext context, PhysicalOperator input, EnumerateListNode node) : FanOutOperator(context, input)
{
    private readonly int _slot = node.Variable.Slot;
    private readonly RangeExpression? _range = node.Source as RangeExpression;
    private ArrayView _items;
    private int _index;
    private long _next;
    private long _last;
    private int _step;

    protected override void OpenSource(Span<Value> row)
    {
        if (_range is not null)
        {
            (_next, _last) = _range.Bounds(Context, row);
            _step = _next <= _last ? 1 : -1;
            return;
        }
        var value = node.Source.Evaluate(Context, row);
        if (!value.IsArray)
            throw ErrorCodes.ArrayExpected.With($"FOR needs an array or a collection to loop over, not {value.Kind.ToString().ToLowerInvariant()}");
        _items = value.Items;
        _index = 0;
    }

    protected override bool Fill(RowBatch batch, Span<Value> row)
    {
        if (_step != 0)
            return FillFromRange(batch, row);
        for (; _index < _items.Count; _index++)
        {
            if (batch.IsFull)
                return true;
            batch.Append(row)[_slot] = _items[_index];
        }
        return false;
    }

    protected override void CloseSource()
    {
        _items = default;
        _step = 0;
        _index = 0;
    }

    private bool FillFromRange(RowBatch batch, Span<Value> row)
    {
        while (!batch.IsFull)
        {
            batch.Append(row)[_slot] = Value.FromInteger(_next);
            if (_next == _last)
                return false;
            _next += _step;
        }
        return true;
    }
}
