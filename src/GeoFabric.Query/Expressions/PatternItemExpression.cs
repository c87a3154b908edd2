using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>The n-th item of an array pattern: null unless the value is an array that long.</summary>
public sealed class PatternItemExpression(Expression target, int index) : Expression
{
    public override ImmutableArray<Expression> Children => [target];

    public override Expression WithChildren(ImmutableArray<Expression> children) => new PatternItemExpression(children[0], index);

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var value = target.Evaluate(context, row);
        return value.IsArray && index < value.Items.Count ? value.Items[index] : default;
    }

    public override string ToString() => $"{target}[{index}]";
}
