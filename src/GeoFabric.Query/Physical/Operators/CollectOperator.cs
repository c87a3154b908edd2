using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>COLLECT with a hash table of groups. Without groups there is one row even for no input.</summary>
internal sealed class CollectOperator(QueryContext context, PhysicalOperator input, CollectNode node) : PhysicalOperator(context, input)
{
    private readonly GroupTable _groups = new(node.Groups.Length);
    private readonly List<Aggregator> _aggregators = [];
    private readonly List<List<Value>> _members = [];
    private readonly Value[] _template = new Value[Math.Max(context.RowWidth, 1)];
    private int[]? _order;
    private int _position;
    private bool _hasRows;
    private int _lastGroup = -1;

    public override void Restart(ReadOnlySpan<Value> outer)
    {
        _groups.Clear();
        _aggregators.Clear();
        _members.Clear();
        _order = null;
        _hasRows = false;
        _lastGroup = -1;
        outer.CopyTo(_template);
        base.Restart(outer);
    }

    protected override bool NextCore(RowBatch batch)
    {
        if (_order is null)
        {
            ReadAll();
            _order = [.. Enumerable.Range(0, _groups.Count)];
            if (node.IsSorted)
                Array.Sort(_order, Compare);
            _position = 0;
        }
        for (; _position < _order.Length && !batch.IsFull; _position++)
            WriteGroup(batch.Append(_template), _order[_position]);
        return batch.Count > 0;
    }

    private void ReadAll()
    {
        var key = new Value[node.Groups.Length];
        using var batch = new RowBatch(Context.RowWidth);
        if (node.Groups.Length == 0)
            FindGroup(key);
        for (; Input!.Next(batch); batch.Clear())
        {
            _hasRows = true;
            for (var i = 0; i < batch.Count; i++)
            {
                var row = batch[i];
                for (var j = 0; j < key.Length; j++)
                    key[j] = node.Groups[j].Expression.Evaluate(Context, row);
                var group = FindGroup(key);
                for (var j = 0; j < node.Aggregates.Length; j++)
                    _aggregators[(group * node.Aggregates.Length) + j].Add(node.Aggregates[j].Argument.Evaluate(Context, row), Context);
                if (node.IntoExpression is null)
                    continue;
                var member = node.IntoExpression.Evaluate(Context, row);
                Context.ReserveMemory(24 + member.OwnedBytes);
                _members[group].Add(member);
            }
        }
    }

    private int FindGroup(ReadOnlySpan<Value> key)
    {
        // Rows in the order of an index come group by group.
        if (_lastGroup >= 0 && GroupTable.AreEqual(_groups[_lastGroup], key))
            return _lastGroup;
        return _lastGroup = FindOrAddGroup(key);
    }

    private int FindOrAddGroup(ReadOnlySpan<Value> key)
    {
        var count = _groups.Count;
        var group = _groups.FindOrAdd(key, Context);
        if (group < count)
            return group;
        Context.ReserveMemory((long)Aggregator.EstimatedBytes * node.Aggregates.Length);
        foreach (var aggregate in node.Aggregates)
            _aggregators.Add(aggregate.Function.Create());
        if (node.IntoExpression is not null)
            _members.Add([]);
        return group;
    }

    private void WriteGroup(Span<Value> row, int group)
    {
        var key = _groups[group];
        for (var i = 0; i < key.Length; i++)
            row[node.Groups[i].Variable.Slot] = key[i];
        for (var i = 0; i < node.Aggregates.Length; i++)
        {
            var aggregator = _aggregators[(group * node.Aggregates.Length) + i];
            row[node.Aggregates[i].Variable.Slot] = _hasRows ? aggregator.Result(Context) : aggregator.ResultOfNothing;
        }
        if (node.Into is not null)
            row[node.Into.Slot] = Value.FromList(_members[group]);
    }

    private int Compare(int left, int right)
    {
        var a = _groups[left];
        var b = _groups[right];
        for (var i = 0; i < a.Length; i++)
        {
            var order = ValueComparer.Compare(a[i], b[i]);
            if (order != 0)
                return order;
        }
        return left.CompareTo(right);
    }
}
