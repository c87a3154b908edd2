using System.Runtime.InteropServices;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Counts for each distinct value the rounds in which it occurred, and remembers the order in which values were first seen.</summary>
internal sealed class ValueTally(EvaluationContext context)
{
    private const int StepMask = 0x3FF;
    private readonly Dictionary<Value, int> _positions = [];
    private readonly List<Entry> _entries = [];
    private int _round;

    private record struct Entry(Value Value, int Rounds, int LastRound);

    public int Count => _entries.Count;

    public IEnumerable<(Value Value, int Rounds)> InOrder
    {
        get
        {
            foreach (var entry in _entries)
                yield return (entry.Value, entry.Rounds);
        }
    }

    public void BeginRound() => _round++;

    public void CountOncePerRound(Value value)
    {
        ref var position = ref CollectionsMarshal.GetValueRefOrAddDefault(_positions, value, out var isKnown);
        if (!isKnown)
        {
            position = _entries.Count;
            _entries.Add(new Entry(value, 1, _round));
            if ((_entries.Count & StepMask) == 0)
            {
                context.ReserveMemory((StepMask + 1) * (ValueSet.EntryBytes + 32));
                context.ThrowIfStopped();
            }
            return;
        }
        ref var entry = ref CollectionsMarshal.AsSpan(_entries)[position];
        if (entry.LastRound == _round)
            return;
        entry.Rounds++;
        entry.LastRound = _round;
    }
}
