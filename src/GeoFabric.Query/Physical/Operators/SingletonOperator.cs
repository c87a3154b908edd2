using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>One row: empty at the top, the outer row in a subquery.</summary>
internal sealed class SingletonOperator(QueryContext context) : PhysicalOperator(context, null)
{
    private readonly Value[] _row = new Value[Math.Max(context.RowWidth, 1)];
    private bool _isDone;

    protected override void RestartCore(ReadOnlySpan<Value> outer)
    {
        outer.CopyTo(_row);
        _isDone = false;
    }

    protected override bool NextCore(RowBatch batch)
    {
        if (_isDone)
            return false;
        _isDone = true;
        batch.Append(_row);
        return true;
    }
}
