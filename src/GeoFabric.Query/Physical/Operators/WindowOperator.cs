using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>WINDOW: hands every row on with aggregates over its frame. Keeps all rows, since a frame may reach to the last one.</summary>
internal sealed class WindowOperator : PhysicalOperator
{
    private readonly WindowNode _node;
    private readonly MovingAggregate[] _aggregates;
    private readonly RowStore _rows;
    private readonly RowStore _arguments;
    private WindowFrames? _frames;
    private long _resultBytes;
    private int _position;

    public WindowOperator(QueryContext context, PhysicalOperator input, WindowNode node)
        : base(context, input)
    {
        _node = node;
        _rows = new RowStore(context.RowWidth);
        _arguments = new RowStore(node.Aggregates.Length);
        _aggregates = [.. node.Aggregates.Select((aggregate, column) => new MovingAggregate(context, aggregate.Function, column))];
    }

    protected override void RestartCore(ReadOnlySpan<Value> outer)
    {
        _rows.Clear();
        _arguments.Clear();
        foreach (var aggregate in _aggregates)
            aggregate.Clear();
        Context.ReleaseMemory(_resultBytes);
        _resultBytes = 0;
        _frames = null;
        base.RestartCore(outer);
    }

    protected override bool NextCore(RowBatch batch)
    {
        if (_frames is null)
        {
            _frames = ReadAll();
            _position = 0;
        }
        // Lists of the batch before are gone; who keeps them counts them.
        Context.ReleaseMemory(_resultBytes);
        _resultBytes = 0;
        for (; _position < _rows.Count && !batch.IsFull; _position++)
        {
            Context.ThrowIfStopped();
            var row = batch.Append(_rows[_position]);
            var frame = _frames[_position];
            for (var i = 0; i < _aggregates.Length; i++)
            {
                var result = frame is { } bounds ? _aggregates[i].Over(_frames, _arguments, bounds.Start, bounds.End) : Value.Null;
                row[_node.Aggregates[i].Variable.Slot] = result;
                Context.ReserveMemory(result.OwnedBytes);
                _resultBytes += result.OwnedBytes;
            }
        }
        return batch.Count > 0;
    }

    private WindowFrames ReadAll()
    {
        var arguments = new Value[_aggregates.Length];
        var rangeValues = _node.RangeValue is null ? null : new List<Value>();
        using var batch = new RowBatch(Context.RowWidth);
        for (; Input!.Next(batch); batch.Clear())
        {
            for (var i = 0; i < batch.Count; i++)
            {
                var row = batch[i];
                rangeValues?.Add(_node.RangeValue!.Evaluate(Context, row));
                for (var j = 0; j < arguments.Length; j++)
                    arguments[j] = _node.Aggregates[j].Argument.Evaluate(Context, row);
                _rows.Add(row, Context);
                _arguments.Add(arguments, Context);
            }
        }
        return rangeValues is null ? WindowFrames.OfRows(_node.Frame, _rows.Count) : WindowFrames.OfRange(_node.Frame, rangeValues, Context);
    }
}
