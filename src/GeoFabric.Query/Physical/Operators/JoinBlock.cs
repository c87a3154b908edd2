using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>
/// Many incoming rows of a join whose documents are too many for a table: the table is of the rows instead, and all documents are held against it one
/// after the other. What matches is sorted back into the order of the rows, through files when it is much.
/// </summary>
internal sealed class JoinBlock : IDisposable
{
    /// <summary>Rows of an operator's first block.</summary>
    public const int FirstRows = 64;

    private readonly QueryContext _context;
    private readonly int _slot;
    private readonly long _bytesMax;
    private readonly RowStore _rows;
    private readonly JoinTable _table = new();
    private readonly RowSorter _matches;
    private readonly Value[] _joined;
    private readonly Value[] _order = new Value[2];
    private RowStore? _keys;
    private long _documents;
    private bool _isSealed;

    public JoinBlock(QueryContext context, int slot)
    {
        _context = context;
        _slot = slot;
        _bytesMax = Math.Min(context.Limits.SpillAtBytes, context.Limits.MemoryBytes / 8);
        _rows = new RowStore(context.RowWidth);
        _joined = new Value[context.RowWidth];
        // By row, then by document.
        _matches = new RowSorter(context, context.RowWidth, [false, false], long.MaxValue, _bytesMax);
    }

    public int Rows => _rows.Count;

    /// <summary>Whether its rows take what memory there is for them.</summary>
    public bool IsFull => _rows.Bytes + _keys!.Bytes + _table.Bytes > _bytesMax;

    public void Add(ReadOnlySpan<Value> key, ReadOnlySpan<Value> row)
    {
        _keys ??= new RowStore(key.Length);
        _table.Add(key, Value.FromInteger(_rows.Count));
        _context.ReserveMemory(JoinTable.BytesPerDocument);
        _keys.Add(key, _context);
        _rows.Add(row, _context);
    }

    /// <summary>Joins the next document with the rows of its key.</summary>
    public void Match(ReadOnlySpan<Value> key, Value document)
    {
        if (!_isSealed)
            _table.Seal();
        _isSealed = true;
        _documents++;
        for (var at = _table.First(key); at != JoinTable.End; at = _table.Next(at))
        {
            if (!GroupTable.AreEqual(_keys![at][..key.Length], key))
                continue;
            _rows[at].CopyTo(_joined);
            _joined[_slot] = document;
            _order[0] = Value.FromInteger(at);
            _order[1] = Value.FromInteger(_documents);
            _matches.Add(_order, _joined);
        }
    }

    /// <summary>Ends the documents.</summary>
    public void Finish() => _matches.Finish();

    /// <summary>Appends joined rows until the batch is full.</summary>
    /// <returns>Whether there may be more.</returns>
    public bool Fill(RowBatch batch)
    {
        while (!batch.IsFull)
        {
            if (!_matches.TryNext(out var row))
                return false;
            batch.Append(row);
        }
        return true;
    }

    public void Dispose()
    {
        _context.ReleaseMemory(_rows.Bytes + (_keys?.Bytes ?? 0) + _table.Bytes + _matches.Bytes);
        _matches.Dispose();
    }
}
