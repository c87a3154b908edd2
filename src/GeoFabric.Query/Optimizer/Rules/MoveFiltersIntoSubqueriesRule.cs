using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// <c>FOR x IN (FOR d IN c COLLECT .. RETURN {city, n}) FILTER x.city == "Oslo"</c>: the filter moves into a subquery that stays one, in front of its RETURN,
/// and from there further up. Must not fire for conditions that read other rows, which would let a subquery run once for each of them, nor where the
/// condition or the result may warn or changes from call to call, nor for DISTINCT unless the condition compares the result as a whole.
/// </summary>
internal sealed class MoveFiltersIntoSubqueriesRule : IPlanRule
{
    private static readonly HashSet<Variable> s_nothing = [];

    public string Name => "move-filters-into-subqueries";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 1; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is not EnumerateListNode { Source: SubqueryExpression subquery } loop || !IsPlain(subquery.Plan))
                continue;
            var moved = new List<LogicalNode>();
            var behind = new List<LogicalNode>();
            for (var j = i + 1; j < plan.Nodes.Length; j++)
            {
                context.ThrowIfStopped();
                if (plan.Nodes[j] is FilterNode filter && Inside(filter.Condition, loop.Variable, subquery.Plan) is { } condition)
                {
                    moved.Add(new FilterNode(condition));
                    continue;
                }
                if (!MoveFiltersUpRule.CanCross(plan, j, s_nothing))
                {
                    behind.AddRange(plan.Nodes.Skip(j));
                    break;
                }
                behind.Add(plan.Nodes[j]);
            }
            if (moved.Count == 0)
                continue;
            var inner = subquery.Plan.With([.. subquery.Plan.Nodes.SkipLast(1), .. moved, subquery.Plan.Last]);
            plan = plan.With([.. plan.Nodes.Take(i), loop with { Source = subquery.With(inner) }, .. behind]);
        }
        return plan;
    }

    private static bool IsPlain(LogicalPlan inner) => inner is { IsModification: false, Return: { } result }
        && !result.Expression.MayWarn
        && result.Expression.Purity() != FunctionPurity.Volatile;

    /// <summary>The condition on what the subquery returns, before it returns it.</summary>
    private static Expression? Inside(Expression condition, Variable variable, LogicalPlan inner)
    {
        if (!condition.Variables().SetEquals([variable]) || condition.MayWarn || condition.Purity() == FunctionPurity.Volatile)
            return null;
        if (inner.Return!.IsDistinct && !MoveFiltersBeforeCollectRule.IsAskedByComparisons(condition, variable.Equals))
            return null;
        var result = inner.Return.Expression;
        var moved = condition.Rewrite(part => SimplifyConditionsRule.Simplify(part is VariableExpression { Variable: var read } && read.Equals(variable) ? result : part));
        return moved.Uses(variable) ? null : moved;
    }
}
