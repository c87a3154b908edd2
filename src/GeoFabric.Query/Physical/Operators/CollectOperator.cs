using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>
/// COLLECT with a hash table of groups. Without groups there is one row even for no input. When the groups outgrow the memory of an operator, rows of groups
/// that are not there yet go to files by their hash, and each file is grouped by itself afterwards.
/// </summary>
internal sealed class CollectOperator(QueryContext context, PhysicalOperator input, CollectNode node) : PhysicalOperator(context, input)
{
    private const int PartitionBits = 4;

    /// <summary>Levels for which a hash has bits; rows beyond have one hash, and no file would part them.</summary>
    private const int LevelMax = 64 / PartitionBits;

    private readonly GroupTable _groups = new(node.Groups.Length);
    private readonly List<Aggregator> _aggregators = [];
    private readonly List<List<Value>> _members = [];
    private readonly Value[] _template = new Value[Math.Max(context.RowWidth, 1)];
    private readonly Queue<(RowFile File, int Level)> _pending = [];
    private readonly Value[] _key = new Value[node.Groups.Length];
    private RowFile?[] _partitions = [];
    private RowSorter? _sorter;
    private int[]? _order;
    private int _position;
    private bool _hasRows;
    private int _level;
    private long _reserved;

    protected override void RestartCore(ReadOnlySpan<Value> outer)
    {
        ForgetGroups();
        DropFiles();
        _hasRows = false;
        _level = 0;
        outer.CopyTo(_template);
        base.RestartCore(outer);
    }

    protected override void DisposeCore()
    {
        DropFiles();
        base.DisposeCore();
    }

    protected override bool NextCore(RowBatch batch)
    {
        if (_order is null)
        {
            ReadInput();
            if (_pending.Count > 0 && node.IsSorted)
                SortAll();
        }
        if (_sorter is not null)
        {
            while (!batch.IsFull && _sorter.TryNext(out var row))
                batch.Append(row);
            return batch.Count > 0;
        }
        do
        {
            for (; _position < _order!.Length && !batch.IsFull; _position++)
                WriteGroup(batch.Append(_template), _order[_position]);
        }
        while (!batch.IsFull && ReadNextFile());
        return batch.Count > 0;
    }

    private void ReadInput()
    {
        using var batch = new RowBatch(Context.RowWidth);
        if (node.Groups.Length == 0)
            FindOrAddGroup(_key);
        for (; Input!.Next(batch); batch.Clear())
        {
            _hasRows = true;
            var before = Context.ReservedMemory;
            for (var i = 0; i < batch.Count; i++)
            {
                var row = batch[i];
                for (var j = 0; j < _key.Length; j++)
                    _key[j] = node.Groups[j].Expression.Evaluate(Context, row);
                Take(row);
            }
            _reserved += Context.ReservedMemory - before;
        }
        EndInput();
    }

    /// <summary>Groups the rows of the next file.</summary>
    /// <returns>False when there is none.</returns>
    private bool ReadNextFile()
    {
        if (!_pending.TryDequeue(out var next))
            return false;
        using var file = next.File;
        ForgetGroups();
        _level = next.Level;
        using var batch = new RowBatch(Context.RowWidth, rows: 1);
        batch.Append(_template);
        var row = batch[0];
        for (var read = 0L; file.TryRead(_key); read++)
        {
            file.TryRead(row);
            if (read % RowBatch.RowsMax == 0)
                Context.ThrowIfStopped();
            var before = Context.ReservedMemory;
            Take(row);
            _reserved += Context.ReservedMemory - before;
        }
        EndInput();
        return true;
    }

    private void EndInput()
    {
        foreach (var partition in _partitions)
        {
            if (partition is null)
                continue;
            partition.Rewind();
            _pending.Enqueue((partition, _level + 1));
        }
        _partitions = [];
        _order = [.. Enumerable.Range(0, _groups.Count)];
        if (node.IsSorted)
            ValueSorting.Sort(_order.AsSpan(), Compare);
        _position = 0;
    }

    /// <summary>The groups of all files in one order.</summary>
    private void SortAll()
    {
        _sorter = new RowSorter(Context, Context.RowWidth, [.. node.Groups.Select(_ => false)], long.MaxValue);
        var row = new Value[_template.Length];
        do
        {
            foreach (var group in _order!)
            {
                _template.CopyTo(row, 0);
                WriteGroup(row, group);
                _sorter.Add(_groups[group], row);
            }
        }
        while (ReadNextFile());
        ForgetGroups();
        _order = [];
        _sorter.Finish();
    }

    /// <summary>Adds a row to the group of the present key.</summary>
    private void Take(Span<Value> row)
    {
        var group = _reserved > Context.Limits.SpillAtBytes && _level < LevelMax && node.Groups.Length > 0 ? _groups.Find(_key) : FindOrAddGroup(_key);
        if (group < 0)
        {
            if (_partitions.Length == 0)
                _partitions = new RowFile?[1 << PartitionBits];
            var hash = GroupTable.Hash(_key);
            var partition = _partitions[(int)(hash >> (64 - (PartitionBits * (_level + 1)))) & ((1 << PartitionBits) - 1)] ??= new RowFile(Context);
            partition.Add(_key);
            partition.Add(row);
            return;
        }
        for (var j = 0; j < node.Aggregates.Length; j++)
            _aggregators[(group * node.Aggregates.Length) + j].Add(node.Aggregates[j].Argument.Evaluate(Context, row), Context);
        if (node.IntoExpression is null)
            return;
        var member = node.IntoExpression.Evaluate(Context, row);
        Context.ReserveMemory(24 + member.OwnedBytes);
        _members[group].Add(member);
    }

    private int FindOrAddGroup(ReadOnlySpan<Value> key)
    {
        var count = _groups.Count;
        var group = _groups.FindOrAdd(key, Context);
        if (group < count)
            return group;
        Context.ReserveMemory((long)Aggregator.EstimatedBytes * node.Aggregates.Length);
        foreach (var aggregate in node.Aggregates)
            _aggregators.Add(aggregate.Function.Create());
        if (node.IntoExpression is not null)
            _members.Add([]);
        return group;
    }

    private void ForgetGroups()
    {
        Context.ReleaseMemory(_reserved);
        _reserved = 0;
        _groups.Clear();
        _aggregators.Clear();
        _members.Clear();
        _order = null;
    }

    private void DropFiles()
    {
        foreach (var partition in _partitions)
            partition?.Dispose();
        _partitions = [];
        foreach (var (file, _) in _pending)
            file.Dispose();
        _pending.Clear();
        _sorter?.Dispose();
        _sorter = null;
    }

    private void WriteGroup(Span<Value> row, int group)
    {
        var key = _groups[group];
        for (var i = 0; i < key.Length; i++)
            row[node.Groups[i].Variable.Slot] = key[i];
        for (var i = 0; i < node.Aggregates.Length; i++)
        {
            var aggregator = _aggregators[(group * node.Aggregates.Length) + i];
            row[node.Aggregates[i].Variable.Slot] = _hasRows ? aggregator.Result(Context) : aggregator.ResultOfNothing;
        }
        if (node.Into is not null)
            row[node.Into.Slot] = Value.FromList(_members[group]);
    }

    private int Compare(int left, int right)
    {
        var a = _groups[left];
        var b = _groups[right];
        for (var i = 0; i < a.Length; i++)
        {
            var order = ValueComparer.Compare(a[i], b[i]);
            if (order != 0)
                return order;
        }
        return left.CompareTo(right);
    }
}
