using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Physical;

/// <summary>Base of operators that need all rows before they hand one on.</summary>
internal abstract class BufferingOperator(QueryContext context, PhysicalOperator input) : PhysicalOperator(context, input)
{
    private readonly RowStore _rows = new(context.RowWidth);
    private int _position = -1;

    protected override void RestartCore(ReadOnlySpan<Value> outer)
    {
        _rows.Clear();
        _position = -1;
        base.RestartCore(outer);
    }

    /// <summary>Works on all rows, in place.</summary>
    protected abstract void Process(RowStore rows);

    protected override bool NextCore(RowBatch batch)
    {
        if (_position < 0)
        {
            _position = 0;
            using (var rows = new RowBatch(Context.RowWidth))
            {
                for (; Input!.Next(rows); rows.Clear())
                {
                    for (var i = 0; i < rows.Count; i++)
                        _rows.Add(rows[i], Context);
                }
            }
            Process(_rows);
        }
        while (_position < _rows.Count && !batch.IsFull)
            batch.Append(_rows[_position++]);
        return batch.Count > 0;
    }
}
