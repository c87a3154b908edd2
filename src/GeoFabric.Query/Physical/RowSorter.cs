using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Physical;

/// <summary>
/// Orders rows by keys, stably. When only the first rows are wanted it never keeps more than twice as many: it sorts and cuts whenever that many have come
/// together, which costs n log k like a heap and keeps ties in input order; from then on a row that sorts behind the last one kept is not even stored.
/// When all are wanted and they outgrow the memory of an operator, it writes sorted runs to files and merges them.
/// </summary>
/// <param name="isDescending">For each key.</param>
/// <param name="needed">How many of the first rows are wanted.</param>
/// <param name="spillAt">Bytes from which on it writes to files; null for what the query says.</param>
internal sealed class RowSorter(QueryContext context, int width, ImmutableArray<bool> isDescending, long needed, long? spillAt = null) : IDisposable
{
    /// <summary>More rows than this are not cut but written to files.</summary>
    private const long CutMax = 1 << 20;

    private readonly int _keyCount = isDescending.Length;
    private readonly List<Run> _runs = [];
    private RowStore _rows = new(width);
    private RowStore _keys = new(isDescending.Length);
    private PriorityQueue<Run, Run>? _merge;
    private int[] _order = [];
    private int _position;
    private long _handedOut;
    private Value[]? _lastKept;
    private Value _reached;

    /// <summary>What is counted against the query's memory now.</summary>
    public long Bytes => _rows.Bytes + _keys.Bytes;

    public void Add(ReadOnlySpan<Value> key, ReadOnlySpan<Value> row)
    {
        // Among equals the earlier row comes first, so one like the last kept is not needed either.
        if (_lastKept is not null && Compare(_lastKept, key) <= 0)
            return;
        _keys.Add(key, context);
        _rows.Add(row, context);
        if (needed <= CutMax)
        {
            if (_rows.Count > 2 * Math.Max(needed, 500))
                Cut((int)needed);
        }
        else if (_keys.Bytes + _rows.Bytes > (spillAt ?? context.Limits.SpillAtBytes))
        {
            WriteRun();
        }
    }

    /// <summary>Whether no row to come can be among the first ones, since the first key of none of them sorts before <paramref name="now"/>.</summary>
    public bool HasAll(Value now)
    {
        if (needed == 0 || needed > Math.Min(_rows.Count, CutMax) || ValueComparer.Equal(now, _reached))
            return false;
        _reached = now;
        Cut((int)needed);
        var order = ValueComparer.Compare(_lastKept![0], now);
        return isDescending[0] ? order > 0 : order < 0;
    }

    /// <summary>Ends the input.</summary>
    public void Finish()
    {
        _position = 0;
        _handedOut = 0;
        if (_runs.Count == 0)
        {
            _order = SortedOrder();
            return;
        }
        WriteRun();
        _merge = new PriorityQueue<Run, Run>(Comparer<Run>.Create((left, right) => Compare(left.Key, right.Key) is var order and not 0 ? order : left.Number - right.Number));
        foreach (var run in _runs)
        {
            run.File.Rewind();
            Requeue(run);
        }
    }

    /// <summary>The next row, valid until the next call.</summary>
    /// <returns>False behind the last one.</returns>
    public bool TryNext(out ReadOnlySpan<Value> row)
    {
        row = default;
        if (_handedOut++ >= needed)
            return false;
        if (_merge is null)
        {
            if (_position == _order.Length)
                return false;
            row = _rows[_order[_position++]];
            return true;
        }
        if (!_merge.TryDequeue(out var first, out _))
            return false;
        row = first.TakeRow();
        Requeue(first);
        return true;
    }

    public void Clear()
    {
        foreach (var run in _runs)
            run.File.Dispose();
        _runs.Clear();
        _merge = null;
        _rows.Clear();
        _keys.Clear();
        _order = [];
        _lastKept = null;
        _reached = default;
    }

    public void Dispose() => Clear();

    private void Cut(int count)
    {
        var order = SortedOrder();
        var rows = new RowStore(width);
        var keys = new RowStore(_keyCount);
        // What is dropped was counted when it came in, so the survivors are not counted again.
        context.ReleaseMemory(_rows.Bytes + _keys.Bytes);
        for (var i = 0; i < Math.Min(count, order.Length); i++)
        {
            rows.Add(_rows[order[i]], context);
            keys.Add(_keys[order[i]], context);
        }
        _rows = rows;
        _keys = keys;
        if (count > 0 && keys.Count == count)
            _lastKept = keys[count - 1].ToArray();
    }

    private void WriteRun()
    {
        if (_rows.Count == 0)
            return;
        var run = new Run(new RowFile(context), _runs.Count, _keyCount, width);
        _runs.Add(run);
        foreach (var position in SortedOrder())
        {
            run.File.Add(_keys[position]);
            run.File.Add(_rows[position]);
        }
        context.ReleaseMemory(_rows.Bytes + _keys.Bytes);
        _rows.Clear();
        _keys.Clear();
        context.ThrowIfStopped();
    }

    private void Requeue(Run run)
    {
        if (run.MoveNext())
            _merge!.Enqueue(run, run);
    }

    private int[] SortedOrder()
    {
        var order = new int[_rows.Count];
        for (var i = 0; i < order.Length; i++)
            order[i] = i;
        ValueSorting.Sort(order.AsSpan(), (left, right) => Compare(_keys[left], _keys[right]) is var result and not 0 ? result : left.CompareTo(right));
        return order;
    }

    private int Compare(ReadOnlySpan<Value> left, ReadOnlySpan<Value> right)
    {
        for (var i = 0; i < _keyCount; i++)
        {
            var order = ValueComparer.Compare(left[i], right[i]);
            if (order != 0)
                return isDescending[i] ? -order : order;
        }
        return 0;
    }

    /// <summary>A sorted file and the row it stands on. Of equal rows the one of the earlier run came first.</summary>
    private sealed class Run(RowFile file, int number, int keyCount, int width)
    {
        private readonly Value[] _taken = new Value[Math.Max(width, 1)];
        private readonly Value[] _row = new Value[Math.Max(width, 1)];

        public RowFile File => file;

        public int Number => number;

        public Value[] Key { get; } = new Value[keyCount];

        public bool MoveNext() => file.TryRead(Key) && file.TryRead(_row);

        /// <summary>The row it stands on, which stays while it moves on.</summary>
        public ReadOnlySpan<Value> TakeRow()
        {
            _row.CopyTo(_taken, 0);
            return _taken;
        }
    }
}
