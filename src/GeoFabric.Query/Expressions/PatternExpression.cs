using System.Collections.Immutable;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Patterns;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Expressions;

/// <summary>LIKE, NOT LIKE, =~ and !~.</summary>
public sealed class PatternExpression(BinaryOperator operation, Expression left, Expression right) : Expression
{
    public BinaryOperator Operator => operation;

    public Expression Left => left;

    public Expression Right => right;

    public override ImmutableArray<Expression> Children => [left, right];

    public override bool OwnMayWarn => operation is BinaryOperator.Matches or BinaryOperator.NotMatches;

    public override Expression WithChildren(ImmutableArray<Expression> children) => new PatternExpression(operation, children[0], children[1]);

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var text = Casts.ToText(left.Evaluate(context, row));
        var pattern = Casts.ToText(right.Evaluate(context, row));
        if (operation is BinaryOperator.Like or BinaryOperator.NotLike)
            return Value.FromBoolean(TextPatterns.IsLike(text.Utf8, pattern.Utf8, ignoreCase: false) == (operation == BinaryOperator.Like));
        if (!RegexCache.TryMatch(text.Text, pattern.Text, ignoreCase: false, out var isMatch))
        {
            context.Warn(ErrorCodes.InvalidRegex, $"'{pattern.Text}'");
            return default;
        }
        return Value.FromBoolean(isMatch == (operation == BinaryOperator.Matches));
    }

    public override string ToString() => $"({left} {OperatorTable.Symbol(operation)} {right})";
}
