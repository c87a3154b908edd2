using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Skips and passes given numbers of rows, and stops asking its input after that; with fullCount it goes on only to count.</summary>
/// <param name="runsInput">Whether something before changes documents, which happens even if no row is wanted.</param>
internal sealed class LimitOperator(QueryContext context, PhysicalOperator input, LimitNode node, bool runsInput) : PhysicalOperator(context, input)
{
    private long _skip = -1;
    private long _take;
    private long _seen;

    protected override void RestartCore(ReadOnlySpan<Value> outer)
    {
        _skip = -1;
        base.RestartCore(outer);
    }

    protected override bool NextCore(RowBatch batch)
    {
        if (_skip < 0)
            Start(batch);
        while (_take > 0)
        {
            batch.Clear(long.Min(_skip > 0 ? long.Max(_skip, _take) : _take, batch.RowLimit));
            if (!Input!.Next(batch))
                break;
            _seen += batch.Count;
            var dropped = (int)long.Min(_skip, batch.Count);
            _skip -= dropped;
            var kept = (int)long.Min(_take, batch.Count - dropped);
            for (var i = 0; dropped > 0 && i < kept; i++)
                batch[i + dropped].CopyTo(batch[i]);
            batch.Truncate(kept);
            _take -= kept;
            if (kept > 0)
                return true;
        }
        if (node.CountsAll)
            CountRest();
        batch.Clear();
        return false;
    }

    private void Start(RowBatch batch)
    {
        // Both are constants or parameters, so any row will do to evaluate them.
        _skip = node.Offset is null ? 0 : LimitNumber.Read(node.Offset.Evaluate(Context, []), defaultValue: 0);
        _take = LimitNumber.Read(node.Count.Evaluate(Context, []), defaultValue: long.MaxValue);
        _seen = 0;
        if (_take == 0 && runsInput && !node.CountsAll)
        {
            using var first = new RowBatch(Context.RowWidth, rows: 1);
            Input!.Next(first);
        }
        batch.Clear(batch.RowLimit);
    }

    private void CountRest()
    {
        using (var rest = new RowBatch(Context.RowWidth))
        {
            for (; Input!.Next(rest); rest.Clear())
                _seen += rest.Count;
        }
        Context.Statistics.FullCount = _seen;
    }
}
