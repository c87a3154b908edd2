using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Expressions;

/// <summary><c>target[? quantifier FILTER condition]</c>: whether the right number of elements meets the condition. What is no array counts as empty.</summary>
public sealed class QuestionMarkExpression(
    Expression target, QuantifierKind quantifier, Expression? count, Expression? upper, Variable element, Expression? condition) : Expression
{
    public override Variable? Element => element;

    /// <summary>Whether it cannot hold for an empty array, whatever the condition.</summary>
    public bool NeedsItems => quantifier is QuantifierKind.Any || (quantifier is QuantifierKind.AtLeast or QuantifierKind.Exactly && count is ConstantExpression { Value: { IsNumber: true, Number: >= 1 } });

    public override ImmutableArray<Expression> Children =>
        [.. new[] { target, count, upper, condition }.Where(e => e is not null).Select(e => e!)];

    public override Expression WithChildren(ImmutableArray<Expression> children)
    {
        var next = 1;
        return new QuestionMarkExpression(
            children[0],
            quantifier,
            count is null ? null : children[next++],
            upper is null ? null : children[next++],
            element,
            condition is null ? null : children[next]);
    }

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        var array = target.Evaluate(context, row);
        long matches = 0;
        long items = 0;
        if (array.IsArray)
        {
            items = array.Items.Count;
            foreach (var item in array.Items)
            {
                context.CountStep();
                row[element.Slot] = item;
                if (condition is null || condition.Evaluate(context, row).IsTruthy)
                    matches++;
            }
        }
        var bound = count is null ? 0 : Casts.ToInteger(count.Evaluate(context, row));
        return Value.FromBoolean(quantifier switch
        {
            QuantifierKind.Any => matches > 0,
            QuantifierKind.All => matches == items,
            QuantifierKind.None => matches == 0,
            QuantifierKind.AtLeast => matches >= bound,
            QuantifierKind.Exactly => matches == bound,
            _ => matches >= bound && matches <= Casts.ToInteger(upper!.Evaluate(context, row)),
        });
    }

    public override string ToString() => $"{target}[? {quantifier.ToString().ToUpperInvariant()}{(count is null ? "" : $" {count}")}{(upper is null ? "" : $"..{upper}")}"
        + (condition is null ? "]" : $" FILTER {condition}]");
}
