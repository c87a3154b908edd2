using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>
/// One aggregate over frames that mostly move forward: values enter at the end and leave at the start. A frame that moved back, or a state that
/// cannot give a value back, begins anew.
/// </summary>
internal sealed class MovingAggregate(QueryContext context, AggregateDefinition function, int column)
{
    private Aggregator? _state;
    private Value _result;
    private int _start;
    private int _end;
    private long _reserved;

    public Value Over(WindowFrames frames, RowStore arguments, int start, int end)
    {
        if (_state is not null && start == _start && end == _end)
            return _result;
        var before = context.ReservedMemory;
        if (_state is null || start < _start || end < _end || start >= _end || !TryRemove(frames, arguments, start))
        {
            context.ReleaseMemory(_reserved);
            _reserved = 0;
            before = context.ReservedMemory;
            _state = (function.CreateMoving ?? function.Create)();
            _end = start;
        }
        for (var position = _end; position < end; position++)
            _state.Add(arguments[frames.RowAt(position)][column], context);
        _start = start;
        _end = end;
        _result = _state.Result(context);
        _reserved += context.ReservedMemory - before;
        return _result;
    }

    public void Clear()
    {
        context.ReleaseMemory(_reserved);
        _reserved = 0;
        _state = null;
    }

    private bool TryRemove(WindowFrames frames, RowStore arguments, int start)
    {
        for (var position = _start; position < start; position++)
        {
            if (!_state!.TryRemove(arguments[frames.RowAt(position)][column]))
                return false;
        }
        return true;
    }
}
