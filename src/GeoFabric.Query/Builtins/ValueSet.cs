using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Distinct values by the equality of the language; counts its memory against the query.</summary>
internal sealed class ValueSet(EvaluationContext context)
{
    /// <summary>The value, its hash and its share of the table.</summary>
    internal const int EntryBytes = 48;

    private const int StepMask = 0x3FF;
    private readonly HashSet<Value> _values = [];

    public int Count => _values.Count;

    public bool Contains(Value value) => _values.Contains(value);

    /// <returns><see langword="false"/> when an equal value is in the set already.</returns>
    public bool Add(Value value)
    {
        if (!_values.Add(value))
            return false;
        if ((_values.Count & StepMask) == 0)
        {
            context.ReserveMemory((StepMask + 1) * EntryBytes);
            context.ThrowIfStopped();
        }
        return true;
    }

    public void AddAll(ArrayView items)
    {
        foreach (var item in items)
            Add(item);
    }
}
