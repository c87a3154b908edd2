using System.Collections.Immutable;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary><c>start..end</c>, both truncated to integers, both included, descending when start is the larger.</summary>
public sealed class RangeExpression(Expression start, Expression end) : Expression
{
    /// <summary>Longest range that becomes an array. FOR walks longer ones without building them.</summary>
    public const long LengthMax = 10_000_000;

    public override ImmutableArray<Expression> Children => [start, end];

    public override bool OwnMayWarn => true;

    public override Expression WithChildren(ImmutableArray<Expression> children) => new RangeExpression(children[0], children[1]);

    public (long First, long Last) Bounds(EvaluationContext context, Span<Value> row) =>
        (Casts.ToInteger(start.Evaluate(context, row)), Casts.ToInteger(end.Evaluate(context, row)));

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var (first, last) = Bounds(context, row);
        var length = first <= last ? unchecked((ulong)(last - first)) : unchecked((ulong)(first - last));
        if (length >= LengthMax)
            throw ErrorCodes.NumberOutOfRange.With($"the range {first}..{last} is longer than {LengthMax} items; use it directly in FOR, or a shorter one");
        var items = new Value[(int)length + 1];
        context.ReserveMemory(24L * items.Length);
        var step = first <= last ? 1 : -1;
        for (var i = 0; i < items.Length; i++)
            items[i] = Value.FromInteger(first + ((long)i * step));
        return Value.FromList(items, items.Length);
    }

    public override string ToString() => $"{start}..{end}";
}
