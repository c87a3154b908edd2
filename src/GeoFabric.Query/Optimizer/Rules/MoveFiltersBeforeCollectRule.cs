using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// <c>COLLECT city = u.city INTO g FILTER city == "Oslo"</c> becomes <c>FILTER u.city == "Oslo" COLLECT ..</c>: groups that would be thrown away are not made.
/// Must not fire for conditions on counts and members, for anything but comparisons with the group's value (one value stands for all equal ones), nor
/// where grouping may warn or fail.
/// </summary>
internal sealed class MoveFiltersBeforeCollectRule : IPlanRule
{
    public string Name => "move-filters-before-collect";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 1; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is not CollectNode collect || !CanSkipGroups(collect))
                continue;
            var behind = new HashSet<Variable>();
            for (var j = i + 1; j < plan.Nodes.Length - 1; j++)
            {
                if (plan.Nodes[j] is FilterNode filter && !filter.Condition.Variables().Overlaps(behind) && Rewrite(filter.Condition, collect) is { } condition)
                    return Apply(plan with { Nodes = plan.Nodes.RemoveAt(j).Insert(i, new FilterNode(condition)) }, context);
                if (!MoveFiltersUpRule.CanCross(plan, j, []))
                    break;
                behind.UnionWith(plan.Nodes[j].Produced);
            }
        }
        return plan;
    }

    private static bool CanSkipGroups(CollectNode collect) =>
        !collect.Aggregates.Any(aggregate => aggregate.Function.MayWarn)
        && collect.Expressions.All(expression => !OptimizerContext.MayWarn(expression) && expression.Purity() != FunctionPurity.Volatile);

    /// <summary>The condition on what is grouped; null when it reads anything else of the COLLECT.</summary>
    private static Expression? Rewrite(Expression condition, CollectNode collect)
    {
        var groups = collect.Groups.ToDictionary(group => group.Variable, group => group.Expression);
        if (!condition.Variables().Overlaps(groups.Keys) || !IsAskedByComparisons(condition, groups.ContainsKey))
            return null;
        var rewritten = condition.Rewrite(part => part is VariableExpression { Variable: var variable } && groups.TryGetValue(variable, out var grouped) ? grouped : part);
        return rewritten.Variables().Overlaps(collect.Produced) ? null : rewritten;
    }

    /// <summary>Whether the variables only stand as operands of comparisons, which cannot tell equal values apart.</summary>
    internal static bool IsAskedByComparisons(Expression condition, Func<Variable, bool> isMeant) => condition switch
    {
        LogicalExpression or UnaryExpression { Operator: UnaryOperator.Not } => condition.Children.All(child => IsAskedByComparisons(child, isMeant)),
        ComparisonExpression comparison => comparison.Children.All(side => side is VariableExpression || !side.Variables().Any(isMeant))
            && !OptimizerContext.MayWarn(comparison) && comparison.Purity() != FunctionPurity.Volatile,
        _ => false,
    };
}
