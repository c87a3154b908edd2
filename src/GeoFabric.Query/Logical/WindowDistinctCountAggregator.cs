using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Logical;

/// <summary>COUNT_DISTINCT of a moving frame: counts how often each value is in it.</summary>
internal sealed class WindowDistinctCountAggregator : Aggregator
{
    private readonly Dictionary<Value, long> _counts = [];

    public override void Add(Value value, EvaluationContext context)
    {
        if (!_counts.TryGetValue(value, out var count))
            context.ReserveMemory(64 + value.OwnedBytes);
        _counts[value] = count + 1;
    }

    public override bool TryRemove(Value oldest)
    {
        if (--_counts[oldest] == 0)
            _counts.Remove(oldest);
        return true;
    }

    public override Value Result(EvaluationContext context) => Value.FromInteger(_counts.Count);
}
