using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Drops a FILTER that always passes and replaces one that never does by a node without rows.
/// Does not fire on conditions that depend on parameters: the plan is kept for other values.
/// </summary>
internal sealed class RemoveUnnecessaryFiltersRule : IPlanRule
{
    public string Name => "remove-unnecessary-filters";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        var nodes = new List<LogicalNode>();
        var isChanged = false;
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is FilterNode { Condition: ConstantExpression condition } && (condition.Value.IsTruthy || CanSkip(plan, i)))
            {
                isChanged = true;
                if (!condition.Value.IsTruthy)
                    nodes.Add(new NoResultsNode());
                continue;
            }
            nodes.Add(plan.Nodes[i]);
        }
        return isChanged ? plan.With(nodes) : plan;
    }

    /// <summary>What stands before the filter is skipped with it, so it must have neither effects nor warnings. What a walk starts from may be no vertex, which warns.</summary>
    private static bool CanSkip(LogicalPlan plan, int index) => plan.Nodes.Take(index).All(node =>
        !node.IsModification && node is not (WindowNode or PathNode or IndexNode { BoundsMayWarn: true } or LimitNode { CountsAll: true }) && node.Expressions.All(expression =>
            !expression.MayWarn && expression.Purity() != Builtins.FunctionPurity.Volatile)
        && !(node is CollectNode collect && collect.Aggregates.Any(aggregate => aggregate.Function.MayWarn))
        && !(node is LimitNode && node.Expressions.Any(number => number is not ConstantExpression))
        && node is not EnumerateListNode { Source: not (ConstantExpression { Value.IsArray: true } or RangeExpression) });
}
