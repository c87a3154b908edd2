using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary><c>&amp;&amp;</c> and <c>||</c>: the right side runs only when the left does not decide, and the deciding operand itself is the result.</summary>
public sealed class LogicalExpression(bool isAnd, Expression left, Expression right) : Expression
{
    public bool IsAnd => isAnd;

    public Expression Left => left;

    public Expression Right => right;

    public override ImmutableArray<Expression> Children => [left, right];

    public override Expression WithChildren(ImmutableArray<Expression> children) => new LogicalExpression(isAnd, children[0], children[1]);

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var value = left.Evaluate(context, row);
        return value.IsTruthy == isAnd ? right.Evaluate(context, row) : value;
    }

    public override bool IsTruthy(EvaluationContext context, Span<Value> row) =>
        left.IsTruthy(context, row) == isAnd ? right.IsTruthy(context, row) : !isAnd;

    public override string ToString() => $"({left} {(isAnd ? "&&" : "||")} {right})";
}
