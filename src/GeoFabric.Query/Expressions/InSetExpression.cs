using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>IN or NOT IN over a long constant array: a hash set instead of a walk. Rule sort-in-values makes it.</summary>
public sealed class InSetExpression(Expression operand, ConstantExpression array, bool isNegated) : Expression
{
    private readonly HashSet<Value> _values = Collect(array.Value);

    public Expression Operand => operand;

    public ConstantExpression Array => array;

    public bool IsNegated => isNegated;

    public override ImmutableArray<Expression> Children => [operand];

    public override Expression WithChildren(ImmutableArray<Expression> children) => new InSetExpression(children[0], array, isNegated);

    public override Value Evaluate(EvaluationContext context, Span<Value> row) =>
        Value.FromBoolean(_values.Contains(operand.Evaluate(context, row)) != isNegated);

    public override string ToString() => $"({operand} {(isNegated ? "NOT IN" : "IN")} {array})";

    private static HashSet<Value> Collect(Value array)
    {
        var values = new HashSet<Value>();
        foreach (var item in array.Items)
            values.Add(item);
        return values;
    }
}
