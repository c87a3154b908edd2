using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Moves a FILTER in front of loops, calculations and sorts that it does not depend on, so fewer rows reach them.
/// Must not cross LIMIT or COLLECT, nor a modification, nor anything that may warn or fail: that would change what clients see.
/// </summary>
internal sealed class MoveFiltersUpRule : IPlanRule
{
    public string Name => "move-filters-up";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        var nodes = plan.Nodes.ToList();
        var isChanged = false;
        for (var i = 1; i < nodes.Count; i++)
        {
            if (nodes[i] is not FilterNode filter || OptimizerContext.MayWarn(filter.Condition) || filter.Condition.Purity() == FunctionPurity.Volatile)
                continue;
            var used = filter.Condition.Variables();
            var target = i;
            for (var j = i - 1; j > 0 && CanCross(nodes[j], used); j--)
            {
                // Filters keep their order among themselves; only crossing something else is worth a move.
                if (nodes[j] is not FilterNode)
                    target = j;
            }
            if (target == i)
                continue;
            nodes.RemoveAt(i);
            nodes.Insert(target, filter);
            isChanged = true;
        }
        return isChanged ? plan.With(nodes) : plan;
    }

    private static bool CanCross(LogicalNode node, HashSet<Variable> used)
    {
        if (node is not SortNode && !node.IsRowWise)
            return false;
        if (node.Produced.Any(used.Contains))
            return false;
        // What a walk starts from may be no vertex, which warns.
        if (node is PathNode)
            return false;
        // A loop over something that is no array is an error (1563), which a filter in front of it could hide.
        if (node is EnumerateListNode { Source: not ConstantExpression { Value.IsArray: true } })
            return false;
        return node.Expressions.All(expression => !OptimizerContext.MayWarn(expression) && expression.Purity() != FunctionPurity.Volatile);
    }
}
