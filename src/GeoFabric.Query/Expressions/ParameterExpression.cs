using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>A value parameter; plans are cached without its value.</summary>
public sealed class ParameterExpression(string name, int index) : Expression
{
    public string Name { get; } = name;

    public override Value Evaluate(EvaluationContext context, Span<Value> row) => context.GetParameter(index);

    public override string ToString() => "@" + Name;
}
