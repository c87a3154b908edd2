using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Expressions;

/// <summary>The six comparisons, IN and NOT IN. They compare any two values by the total order and never warn.</summary>
public sealed class ComparisonExpression(BinaryOperator operation, Expression left, Expression right) : Expression
{
    private readonly Value _constant = right is ConstantExpression constant ? constant.Value : default;
    private readonly bool _isWithConstant = right is ConstantExpression;

    public BinaryOperator Operator => operation;

    public Expression Left => left;

    public Expression Right => right;

    public override ImmutableArray<Expression> Children => [left, right];

    public override Expression WithChildren(ImmutableArray<Expression> children) => new ComparisonExpression(operation, children[0], children[1]);

    public override Value Evaluate(EvaluationContext context, Span<Value> row) => Value.FromBoolean(IsTruthy(context, row));

    public override bool IsTruthy(EvaluationContext context, Span<Value> row)
    {
        var value = left.Evaluate(context, row);
        return Holds(operation, value, _isWithConstant ? _constant : right.Evaluate(context, row));
    }

    public static bool Holds(BinaryOperator operation, Value left, Value right) => operation switch
    {
        BinaryOperator.Equal => ValueComparer.Equal(left, right),
        BinaryOperator.NotEqual => !ValueComparer.Equal(left, right),
        BinaryOperator.Less => ValueComparer.Compare(left, right) < 0,
        BinaryOperator.LessOrEqual => ValueComparer.Compare(left, right) <= 0,
        BinaryOperator.Greater => ValueComparer.Compare(left, right) > 0,
        BinaryOperator.GreaterOrEqual => ValueComparer.Compare(left, right) >= 0,
        BinaryOperator.In => right.IsArray && ContainsItem(right, left),
        // The right side must be an array for NOT IN too: otherwise both are false.
        _ => right.IsArray && !ContainsItem(right, left),
    };

    private static bool ContainsItem(Value array, Value value)
    {
        foreach (var item in array.Items)
        {
            if (ValueComparer.Equal(item, value))
                return true;
        }
        return false;
    }

    public override string ToString() => $"({left} {OperatorTable.Symbol(operation)} {right})";
}
