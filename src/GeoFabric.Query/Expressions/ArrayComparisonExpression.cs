using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Expressions;

/// <summary><c>left ALL|ANY|NONE|AT LEAST (n) op right</c>. A left side that is no array makes every quantifier false.</summary>
public sealed class ArrayComparisonExpression(QuantifierKind quantifier, BinaryOperator operation, Expression left, Expression right, Expression? count) : Expression
{
    public QuantifierKind Quantifier => quantifier;

    public BinaryOperator Operator => operation;

    public Expression Left => left;

    public Expression Right => right;

    /// <summary>The number of AT LEAST; null for the others.</summary>
    public Expression? Count => count;

    public override ImmutableArray<Expression> Children => count is null ? [left, right] : [left, right, count];

    public override Expression WithChildren(ImmutableArray<Expression> children) =>
        new ArrayComparisonExpression(quantifier, operation, children[0], children[1], count is null ? null : children[2]);

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var array = left.Evaluate(context, row);
        var value = right.Evaluate(context, row);
        if (!array.IsArray || (operation is BinaryOperator.In or BinaryOperator.NotIn && !value.IsArray))
            return Value.False;
        var needed = count is null ? 0 : Casts.ToInteger(count.Evaluate(context, row));
        long matches = 0;
        foreach (var item in array.Items)
        {
            context.CountStep();
            var holds = ComparisonExpression.Holds(operation, item, value);
            if (quantifier == QuantifierKind.All && !holds)
                return Value.False;
            if (quantifier == QuantifierKind.None && holds)
                return Value.False;
            if (quantifier == QuantifierKind.Any && holds)
                return Value.True;
            matches += holds ? 1 : 0;
        }
        return Value.FromBoolean(quantifier switch
        {
            QuantifierKind.Any => false,
            QuantifierKind.AtLeast => matches >= needed,
            _ => true,
        });
    }

    public override string ToString() =>
        $"({left} {(count is null ? quantifier.ToString().ToUpperInvariant() : $"AT LEAST ({count})")} {OperatorTable.Symbol(operation)} {right})";
}
