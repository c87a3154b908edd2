using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Physical;

/// <summary>Rows kept by an operator that has to see many before it hands one on. Counted against the memory limit of the query.</summary>
internal sealed class RowStore(int width)
{
    private const int RowsPerChunk = 1024;

    private readonly int _width = Math.Max(width, 1);
    private readonly List<Value[]> _chunks = [];

    public int Count { get; private set; }

    /// <summary>What the rows were counted as.</summary>
    public long Bytes { get; private set; }

    public Span<Value> this[int row] => _chunks[row / RowsPerChunk].AsSpan(row % RowsPerChunk * _width, _width);

    public void Add(ReadOnlySpan<Value> source, EvaluationContext context)
    {
        if (Count == _chunks.Count * RowsPerChunk)
            _chunks.Add(new Value[RowsPerChunk * _width]);
        var bytes = 24L * _width;
        foreach (var value in source)
            bytes += value.OwnedBytes;
        context.ReserveMemory(bytes);
        Bytes += bytes;
        source.CopyTo(this[Count]);
        Count++;
    }

    public void Clear()
    {
        _chunks.Clear();
        Count = 0;
        Bytes = 0;
    }
}
