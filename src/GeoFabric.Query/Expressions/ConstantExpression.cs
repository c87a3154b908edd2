using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>A value known when the plan is made.</summary>
public sealed class ConstantExpression(Value value) : Expression
{
    public static ConstantExpression Null { get; } = new(Value.Null);

    public static ConstantExpression True { get; } = new(Value.True);

    public Value Value { get; } = value;

    public override Value Evaluate(EvaluationContext context, Span<Value> row) => Value;

    public override string ToString() => Value.ToString();
}
