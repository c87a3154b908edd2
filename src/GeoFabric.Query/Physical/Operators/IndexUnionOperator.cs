using System.Text;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Runs one index scan after another for each incoming row, and hands each document on once.</summary>
internal sealed class IndexUnionOperator(QueryContext context, PhysicalOperator input, IndexUnionNode node) : FanOutOperator(context, input)
{
    private readonly int _slot = node.Variable.Slot;
    private readonly IndexScanOperator[] _branches = [.. node.Branches.Select(branch => new IndexScanOperator(context, new SingletonOperator(context), branch))];
    private readonly RowBatch _found = new(context.RowWidth);
    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private int _branch;
    private int _position;

    protected override void DisposeCore()
    {
        foreach (var branch in _branches)
            branch.Dispose();
        _found.Dispose();
        base.DisposeCore();
    }

    protected override void OpenSource(Span<Value> row)
    {
        foreach (var branch in _branches)
            branch.Restart(row);
    }

    protected override bool Fill(RowBatch batch, Span<Value> row)
    {
        while (!batch.IsFull)
        {
            if (_position == _found.Count)
            {
                _position = 0;
                _found.Clear();
                while (_branch < _branches.Length && !_branches[_branch].Next(_found))
                    _branch++;
                if (_branch == _branches.Length)
                    return false;
            }
            var document = _found[_position++][_slot];
            if (!_seen.Add(Encoding.UTF8.GetString(document.GetAttribute("_key"u8).Utf8)))
                continue;
            Context.ReserveMemory(64);
            batch.Append(row)[_slot] = document;
        }
        return true;
    }

    protected override void CloseSource()
    {
        Context.ReleaseMemory(64L * _seen.Count);
        _seen.Clear();
        _found.Clear();
        _branch = 0;
        _position = 0;
    }
}
