using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Expressions;

public sealed class ArithmeticExpression(BinaryOperator operation, Expression left, Expression right) : Expression
{
    public BinaryOperator Operator => operation;

    public Expression Left => left;

    public Expression Right => right;

    /// <summary>Division and modulo warn about zero.</summary>
    public override bool OwnMayWarn => operation is BinaryOperator.Divide or BinaryOperator.Modulo;

    public override ImmutableArray<Expression> Children => [left, right];

    public override Expression WithChildren(ImmutableArray<Expression> children) => new ArithmeticExpression(operation, children[0], children[1]);

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var a = left.Evaluate(context, row);
        var b = right.Evaluate(context, row);
        return operation switch
        {
            BinaryOperator.Add => Arithmetic.Add(a, b),
            BinaryOperator.Subtract => Arithmetic.Subtract(a, b),
            BinaryOperator.Multiply => Arithmetic.Multiply(a, b),
            BinaryOperator.Divide => Arithmetic.Divide(a, b, context),
            _ => Arithmetic.Modulo(a, b, context),
        };
    }

    public override string ToString() => $"({left} {OperatorTable.Symbol(operation)} {right})";
}
