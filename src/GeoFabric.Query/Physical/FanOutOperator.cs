using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Physical;

/// <summary>Base of the sources of FOR: each incoming row becomes as many rows as its source has items.</summary>
public abstract class FanOutOperator(QueryContext context, PhysicalOperator input) : PhysicalOperator(context, input)
{
    private readonly RowBatch _rows = new(context.RowWidth, rows: 1);
    private int _position;
    private bool _isOpen;

    protected override void RestartCore(ReadOnlySpan<Value> outer)
    {
        CloseSource();
        _isOpen = false;
        _position = 0;
        _rows.Clear();
        base.RestartCore(outer);
    }

    protected override void DisposeCore()
    {
        CloseSource();
        _rows.Dispose();
        base.DisposeCore();
    }

    /// <summary>Takes the incoming row behind the present one, for a source that serves several together. It is the present one then.</summary>
    protected bool TryTakeNext(out ReadOnlySpan<Value> row)
    {
        row = default;
        if (++_position >= _rows.Count)
        {
            _position = 0;
            _rows.Clear();
            if (!Input!.Next(_rows))
                return false;
        }
        row = _rows[_position];
        return true;
    }

    /// <summary>Opens the source for an incoming row.</summary>
    protected abstract void OpenSource(Span<Value> row);

    /// <summary>Appends rows until the batch is full or the source has ended.</summary>
    /// <returns>Whether the source may have more.</returns>
    protected abstract bool Fill(RowBatch batch, Span<Value> row);

    /// <summary>Closes the source; called when it has ended, and also when it was never opened.</summary>
    protected abstract void CloseSource();

    protected override bool NextCore(RowBatch batch)
    {
        while (!batch.IsFull)
        {
            if (_position >= _rows.Count)
            {
                _position = 0;
                _rows.Clear();
                if (!Input!.Next(_rows))
                    break;
            }
            var row = _rows[_position];
            if (!_isOpen)
            {
                OpenSource(row);
                _isOpen = true;
            }
            if (Fill(batch, row))
                continue;
            CloseSource();
            _isOpen = false;
            _position++;
        }
        return batch.Count > 0;
    }
}
