using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Logical;

/// <summary>MIN and MAX of a moving frame: keeps only values that no later one beats, so the front is the best and each value comes and goes once.</summary>
internal sealed class WindowExtremeAggregator(int sign) : Aggregator
{
    private readonly LinkedList<Value> _candidates = [];

    public override void Add(Value value, EvaluationContext context)
    {
        if (value.IsNull)
            return;
        while (_candidates.Last is { } last && ValueComparer.Compare(value, last.Value) * sign > 0)
            _candidates.RemoveLast();
        _candidates.AddLast(value);
    }

    public override bool TryRemove(Value oldest)
    {
        // A value that some later one beat is gone already; one that is still here came first and stands in front.
        if (!oldest.IsNull && _candidates.First is { } first && ValueComparer.Compare(oldest, first.Value) == 0)
            _candidates.RemoveFirst();
        return true;
    }

    public override Value Result(EvaluationContext context) => _candidates.First?.Value ?? default;
}
