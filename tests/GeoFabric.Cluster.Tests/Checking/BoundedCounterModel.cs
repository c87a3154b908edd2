using System.Globalization;

namespace GeoFabric.Cluster.Tests.Checking;

/// <param name="Value">What a read found, or an addition left; <see langword="null"/> where the answer did not tell.</param>
internal readonly record struct CounterStep(bool IsAddition, long Amount, long? Value, bool IsRefused, bool IsKnown);

/// <summary>A counter that refuses what would take it out of its bounds. Answers: the value, also of additions that tell it, or <see cref="Refused"/>.</summary>
internal sealed class BoundedCounterModel(long minimum = 0, long maximum = long.MaxValue, long initial = 0) : ObjectModel<long, CounterStep>
{
    public const string Refused = "refused";

    public override long Initial => initial;

    public override CounterStep Parse(ObjectOperation operation)
    {
        var isKnown = operation.Outcome == TransactionOutcome.Ok;
        var isRefused = isKnown && operation.Result == Refused;
        long? value = isKnown && !isRefused && operation.Result is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;
        return operation switch
        {
            { Action: ObjectAction.Add, Argument: { } amount } => new CounterStep(true, long.Parse(amount, CultureInfo.InvariantCulture), value, isRefused, isKnown),
            { Action: ObjectAction.Read } => new CounterStep(false, 0, value, isRefused, isKnown),
            _ => throw NoSuchOperation(operation),
        };
    }

    public override bool TryApply(long state, CounterStep step, out long next)
    {
        var sum = checked(state + step.Amount);
        var isRefused = step.IsAddition && (sum < minimum || sum > maximum);
        next = isRefused ? state : sum;
        return !step.IsKnown || (isRefused == step.IsRefused && (isRefused || step.Value is null || step.Value == next));
    }
}
