using System.Buffers;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Physical;

/// <summary>Rows handed from one operator to the next: one value for each variable of the query, row after row.</summary>
/// <remarks>
/// The asker owns the batch; the operator asked fills it with at most <see cref="RowLimit"/> rows. It starts small, so that a query for one row
/// costs one row, and grows while it keeps being filled.
/// </remarks>
public sealed class RowBatch : IDisposable
{
    public const int RowsMax = 1000;

    private Value[] _cells;

    public RowBatch(int width, int rows = 16)
    {
        Width = Math.Max(width, 1);
        Capacity = rows;
        RowLimit = rows;
        _cells = ArrayPool<Value>.Shared.Rent(Width * rows);
    }

    public int Width { get; }

    public int Capacity { get; private set; }

    public int Count { get; private set; }

    /// <summary>Most rows wanted now; at most <see cref="Capacity"/>.</summary>
    public int RowLimit { get; private set; }

    public bool IsFull => Count >= RowLimit;

    public Span<Value> this[int row] => _cells.AsSpan(row * Width, Width);

    /// <summary>Empties the batch for the next filling of at most <paramref name="rowLimit"/> rows.</summary>
    public void Clear(long rowLimit = RowsMax)
    {
        if (Count == Capacity && Capacity < RowsMax)
        {
            Capacity = Math.Min(RowsMax, 4 * Capacity);
            ArrayPool<Value>.Shared.Return(_cells, clearArray: true);
            _cells = ArrayPool<Value>.Shared.Rent(Width * Capacity);
        }
        Count = 0;
        RowLimit = (int)Math.Min(rowLimit, Capacity);
    }

    /// <summary>A new last row, a copy of <paramref name="source"/>.</summary>
    public Span<Value> Append(ReadOnlySpan<Value> source)
    {
        var row = this[Count++];
        source.CopyTo(row);
        return row;
    }

    /// <summary>Keeps the first rows only.</summary>
    public void Truncate(int count) => Count = count;

    public void Dispose()
    {
        if (_cells.Length == 0)
            return;
        ArrayPool<Value>.Shared.Return(_cells, clearArray: true);
        _cells = [];
    }
}
