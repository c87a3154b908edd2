using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary><c>condition ? a : b</c>; without the middle part the condition's own value is the result when it is truthy.</summary>
public sealed class ConditionalExpression(Expression condition, Expression? whenTrue, Expression whenFalse) : Expression
{
    public Expression Condition => condition;

    public Expression? WhenTrue => whenTrue;

    public Expression WhenFalse => whenFalse;

    public override ImmutableArray<Expression> Children => whenTrue is null ? [condition, whenFalse] : [condition, whenTrue, whenFalse];

    public override Expression WithChildren(ImmutableArray<Expression> children) => whenTrue is null
        ? new ConditionalExpression(children[0], null, children[1])
        : new ConditionalExpression(children[0], children[1], children[2]);

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var value = condition.Evaluate(context, row);
        if (!value.IsTruthy)
            return whenFalse.Evaluate(context, row);
        return whenTrue is null ? value : whenTrue.Evaluate(context, row);
    }

    public override string ToString() => whenTrue is null ? $"({condition} ? : {whenFalse})" : $"({condition} ? {whenTrue} : {whenFalse})";
}
