using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Syntax;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// <c>d.a &gt; 1 || d.a &gt; 2</c> becomes <c>d.a &gt; 1</c>: an alternative that holds only where another one does is left out, and what remains may
/// fit an index. Must not fire for different attributes, nor where an alternative is no comparison: OR gives the operand itself, not its truth.
/// </summary>
internal sealed class RemoveRedundantOrRule : IPlanRule
{
    public string Name => "remove-redundant-or";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context) => plan.RewriteExpressions(Reduce);

    private static Expression Reduce(Expression expression)
    {
        if (expression is not LogicalExpression { IsAnd: false })
            return expression;
        var alternatives = PlanEditing.Disjuncts(expression).ToList();
        if (!alternatives.All(alternative => alternative is ComparisonExpression && !OptimizerContext.MayWarn(alternative)))
            return expression;
        var kept = new List<ComparisonExpression>();
        foreach (var alternative in alternatives.Cast<ComparisonExpression>())
        {
            if (kept.Exists(other => Follows(other, alternative)))
                continue;
            kept.RemoveAll(other => Follows(alternative, other));
            kept.Add(alternative);
        }
        return kept.Count == alternatives.Count
            ? expression
            : kept.Skip(1).Aggregate((Expression)kept[0], (left, right) => new LogicalExpression(isAnd: false, left, right));
    }

    /// <summary>Whether a comparison holds wherever the narrower one does. All values have their place in one order, so only the limits count.</summary>
    private static bool Follows(ComparisonExpression wider, ComparisonExpression narrower)
    {
        if (wider.Right is not ConstantExpression limit || narrower.Right is not ConstantExpression value || !PlanEditing.IsSame(wider.Left, narrower.Left))
            return false;
        var order = ValueComparer.Compare(value.Value, limit.Value);
        return wider.Operator switch
        {
            BinaryOperator.Greater => narrower.Operator switch
            {
                BinaryOperator.Greater => order >= 0,
                BinaryOperator.GreaterOrEqual or BinaryOperator.Equal => order > 0,
                _ => false,
            },
            BinaryOperator.GreaterOrEqual => narrower.Operator is BinaryOperator.Greater or BinaryOperator.GreaterOrEqual or BinaryOperator.Equal && order >= 0,
            BinaryOperator.Less => narrower.Operator switch
            {
                BinaryOperator.Less => order <= 0,
                BinaryOperator.LessOrEqual or BinaryOperator.Equal => order < 0,
                _ => false,
            },
            BinaryOperator.LessOrEqual => narrower.Operator is BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Equal && order <= 0,
            BinaryOperator.Equal => narrower.Operator == BinaryOperator.Equal && order == 0,
            _ => false,
        };
    }
}
