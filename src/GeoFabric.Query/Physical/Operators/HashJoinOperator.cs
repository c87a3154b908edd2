using GeoFabric.Database;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>
/// Joins each incoming row with the documents that equal it in the keys. The first row looks at all documents, as it may be the only one; the second
/// builds the table, unless that takes too much memory: then as many rows as memory holds are joined together by a <see cref="JoinBlock"/>.
/// </summary>
/// <remarks>A write of the same query makes the table stale, and it is built anew.</remarks>
internal sealed class HashJoinOperator(QueryContext context, PhysicalOperator input, HashJoinNode node) : FanOutOperator(context, input)
{
    private readonly int _slot = node.Variable.Slot;
    private readonly Value[] _key = new Value[node.Keys.Length];
    private JoinTable? _table;
    private long _tableWrites;
    private bool _hasRun;
    private bool _isTooBig;
    private int _blockRows = context.Reader is FabricTransaction ? 1 : JoinBlock.FirstRows;
    private JoinBlock? _block;
    private IDocumentCursor? _cursor;
    private int _next = JoinTable.End;

    protected override void OpenSource(Span<Value> row)
    {
        for (var i = 0; i < _key.Length; i++)
            _key[i] = node.Keys[i].Outer.Evaluate(Context, row);
        var writes = Context.Statistics.WritesExecuted;
        if (_table is not null && _tableWrites != writes)
        {
            Context.ReleaseLasting(_table.Bytes);
            _table = null;
            _hasRun = false;
        }
        if (_table is null && _hasRun && !_isTooBig)
        {
            _table = Build(row);
            _tableWrites = writes;
            _isTooBig = _table is null;
        }
        if (_table is null && _hasRun)
            _block = JoinTogether(row);
        else if (_table is null)
            _cursor = Scan();
        else
            _next = _table.First(_key);
        _hasRun = true;
    }

    protected override bool Fill(RowBatch batch, Span<Value> row)
    {
        if (_block is not null)
            return _block.Fill(batch);
        while (!batch.IsFull)
        {
            if (_cursor is null)
            {
                if (_next == JoinTable.End)
                    return false;
                // Equal hashes of different keys are rare enough to be taken back.
                if (!Matches(batch.Append(row), _table![_next]))
                    batch.Truncate(batch.Count - 1);
                _next = _table.Next(_next);
                continue;
            }
            if (!_cursor.MoveNext())
                return false;
            Context.Statistics.ScannedFull++;
            var candidate = batch.Append(row);
            candidate[_slot] = _cursor.Document;
            if (Satisfies(candidate) && Matches(candidate, candidate[_slot]))
                continue;
            batch.Truncate(batch.Count - 1);
            Context.Statistics.Filtered++;
            if (Context.Statistics.ScannedFull % RowBatch.RowsMax == 0)
                Context.ThrowIfStopped();
        }
        return true;
    }

    protected override void CloseSource()
    {
        _cursor?.Dispose();
        _cursor = null;
        _block?.Dispose();
        _block = null;
        _next = JoinTable.End;
    }

    private IDocumentCursor Scan() => Context.Reader.ScanCollection(Context.Reader.Catalog.GetCollection(node.Collection.Name));

    private bool Satisfies(Span<Value> row)
    {
        foreach (var condition in node.Conditions)
        {
            if (!condition.IsTruthy(Context, row))
                return false;
        }
        return true;
    }

    private bool Matches(Span<Value> row, Value document)
    {
        row[_slot] = document;
        for (var i = 0; i < _key.Length; i++)
        {
            if (!ValueComparer.Equal(node.Keys[i].Inner.Evaluate(Context, row), _key[i]))
                return false;
        }
        return true;
    }

    /// <summary>
    /// The present row and those behind it, more of them each time: a LIMIT may want few. In a query that writes it is the present one alone, since what
    /// is written for one row may show to the next.
    /// </summary>
    private JoinBlock JoinTogether(ReadOnlySpan<Value> row)
    {
        var block = new JoinBlock(Context, _slot);
        // Known before anything can fail, so that its files are closed.
        _block = block;
        block.Add(_key, row);
        while (block.Rows < _blockRows && !block.IsFull && TryTakeNext(out var next))
        {
            var scratch = next.ToArray();
            for (var i = 0; i < _key.Length; i++)
                _key[i] = node.Keys[i].Outer.Evaluate(Context, scratch);
            block.Add(_key, scratch);
        }
        if (_blockRows > 1)
            _blockRows = Math.Min(16 * _blockRows, 1 << 24);
        var candidate = row.ToArray();
        using var cursor = Scan();
        while (cursor.MoveNext())
        {
            if (++Context.Statistics.ScannedFull % RowBatch.RowsMax == 0)
                Context.ThrowIfStopped();
            candidate[_slot] = cursor.Document;
            if (!Satisfies(candidate))
            {
                Context.Statistics.Filtered++;
                continue;
            }
            for (var i = 0; i < _key.Length; i++)
                _key[i] = node.Keys[i].Inner.Evaluate(Context, candidate);
            block.Match(_key, candidate[_slot]);
        }
        block.Finish();
        return block;
    }

    /// <returns>Null when it would take more than its share of the query's memory.</returns>
    private JoinTable? Build(ReadOnlySpan<Value> outer)
    {
        var table = new JoinTable();
        var row = outer.ToArray();
        var key = new Value[_key.Length];
        using var cursor = Scan();
        while (cursor.MoveNext())
        {
            if (++Context.Statistics.ScannedFull % RowBatch.RowsMax == 0)
                Context.ThrowIfStopped();
            row[_slot] = cursor.Document;
            if (!Satisfies(row))
            {
                Context.Statistics.Filtered++;
                continue;
            }
            for (var i = 0; i < key.Length; i++)
                key[i] = node.Keys[i].Inner.Evaluate(Context, row);
            if (!Context.TryReserveLasting(JoinTable.BytesPerDocument))
            {
                Context.ReleaseLasting(table.Bytes);
                return null;
            }
            table.Add(key, row[_slot]);
        }
        table.Seal();
        return table;
    }
}
