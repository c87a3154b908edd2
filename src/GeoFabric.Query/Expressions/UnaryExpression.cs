using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Expressions;

public sealed class UnaryExpression(UnaryOperator operation, Expression operand) : Expression
{
    public UnaryOperator Operator => operation;

    public Expression Operand => operand;

    public override ImmutableArray<Expression> Children => [operand];

    public override Expression WithChildren(ImmutableArray<Expression> children) => new UnaryExpression(operation, children[0]);

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var value = operand.Evaluate(context, row);
        return operation switch
        {
            UnaryOperator.Not => Value.FromBoolean(!value.IsTruthy),
            UnaryOperator.Plus => Casts.ToNumber(value),
            _ => Arithmetic.Negate(value),
        };
    }

    public override string ToString() => operation switch
    {
        UnaryOperator.Not => $"!{operand}",
        UnaryOperator.Plus => $"+{operand}",
        _ => $"-{operand}",
    };
}
