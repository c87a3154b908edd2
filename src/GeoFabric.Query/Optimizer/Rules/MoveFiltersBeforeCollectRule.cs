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
        // From the end, so that what comes before one COLLECT goes on to the one before it.
        for (var i = plan.Nodes.Length - 1; i > 0; i--)
        {
            if (plan.Nodes[i] is CollectNode collect && CanSkipGroups(collect))
                plan = Move(plan, i, collect, context);
        }
        return plan;
    }

    private static LogicalPlan Move(LogicalPlan plan, int position, CollectNode collect, OptimizerContext context)
    {
        var moved = new List<LogicalNode>();
        var behind = new List<LogicalNode>();
        var set = new HashSet<Variable>();
        for (var i = position + 1; i < plan.Nodes.Length; i++)
        {
            context.ThrowIfStopped();
            if (plan.Nodes[i] is FilterNode filter && !filter.Condition.Variables().Overlaps(set) && Rewrite(filter.Condition, collect) is { } condition)
            {
                moved.Add(new FilterNode(condition));
                continue;
            }
            if (!MoveFiltersUpRule.CanCross(plan, i, set))
            {
                behind.AddRange(plan.Nodes.Skip(i));
                break;
            }
            behind.Add(plan.Nodes[i]);
            set.UnionWith(plan.Nodes[i].Produced);
        }
        return moved.Count == 0 ? plan : plan.With([.. plan.Nodes.Take(position), .. moved, collect, .. behind]);
    }

    private static bool CanSkipGroups(CollectNode collect) =>
        !collect.Aggregates.Any(aggregate => aggregate.Function.MayWarn)
        && collect.Expressions.All(expression => !expression.MayWarn && expression.Purity() != FunctionPurity.Volatile);

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
            && !comparison.MayWarn && comparison.Purity() != FunctionPurity.Volatile,
        _ => false,
    };
}
