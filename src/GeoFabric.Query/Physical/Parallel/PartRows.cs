using System.Buffers;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Physical.Parallel;

/// <summary>Rows on their way from one thread to another.</summary>
internal sealed class PartRows(int width)
{
    private const int FirstRows = 64;

    private readonly int _width = Math.Max(width, 1);
    private Value[] _cells = ArrayPool<Value>.Shared.Rent(FirstRows * Math.Max(width, 1));
    private int _next;

    public int Count { get; private set; }

    /// <summary>What they are counted as while they wait.</summary>
    public long Bytes { get; private set; }

    /// <summary>What their lane did to make them.</summary>
    public PartReport? Report { get; set; }

    public void Add(ReadOnlySpan<Value> row)
    {
        if ((Count + 1) * _width > _cells.Length)
            Grow();
        row.CopyTo(_cells.AsSpan(Count++ * _width));
        Bytes += 24L * _width;
        foreach (var value in row)
            Bytes += value.OwnedBytes;
    }

    /// <summary>Moves rows into the batch, until it is full; behind the last one it gives its memory back.</summary>
    /// <returns>Whether there are more.</returns>
    public bool MoveTo(RowBatch batch)
    {
        while (_next < Count && !batch.IsFull)
            batch.Append(_cells.AsSpan(_next++ * _width, _width));
        if (_next < Count)
            return true;
        Return();
        _cells = [];
        return false;
    }

    private void Grow()
    {
        var grown = ArrayPool<Value>.Shared.Rent(2 * Count * _width);
        _cells.AsSpan(0, Count * _width).CopyTo(grown);
        Return();
        _cells = grown;
    }

    private void Return()
    {
        _cells.AsSpan(0, Count * _width).Clear();
        ArrayPool<Value>.Shared.Return(_cells);
    }
}
