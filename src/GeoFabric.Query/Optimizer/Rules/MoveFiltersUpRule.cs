using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Moves a FILTER in front of loops, walks over graphs, calculations and sorts that it does not depend on, so fewer rows reach them.
/// Must not cross LIMIT or COLLECT, nor a modification, nor anything that may warn or fail: that would change what clients see.
/// </summary>
internal sealed class MoveFiltersUpRule : IPlanRule
{
    public string Name => "move-filters-up";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 1; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is not FilterNode filter || OptimizerContext.MayWarn(filter.Condition) || filter.Condition.Purity() == FunctionPurity.Volatile)
                continue;
            var used = filter.Condition.Variables();
            var target = i;
            for (var j = i - 1; j > 0 && CanCross(plan, j, used); j--)
            {
                // Filters keep their order among themselves; only crossing something else is worth a move.
                if (plan.Nodes[j] is not FilterNode)
                    target = j;
            }
            if (target < i)
                plan = plan with { Nodes = plan.Nodes.RemoveAt(i).Insert(target, filter) };
        }
        return plan;
    }

    /// <summary>Whether a filter that reads <paramref name="used"/> may stand on either side of a node without anybody noticing.</summary>
    internal static bool CanCross(LogicalPlan plan, int index, HashSet<Variable> used)
    {
        var node = plan.Nodes[index];
        if (node is not SortNode && !node.IsRowWise)
            return false;
        if (node.Produced.Any(used.Contains))
            return false;
        if (node is PathNode && !(node is TraversalNode walk && IsQuiet(plan, index, walk)))
            return false;
        // A loop over something that is no array is an error (1563), which a filter in front of it could hide.
        if (node is EnumerateListNode { Source: not (ConstantExpression { Value.IsArray: true } or ArrayExpression or SubqueryExpression) })
            return false;
        return node.Expressions.All(expression => !OptimizerContext.MayWarn(expression) && expression.Purity() != FunctionPurity.Volatile);
    }

    /// <summary>A walk warns of a start that is no vertex, fails at depths that are none, and by weight at weights below 0.</summary>
    private static bool IsQuiet(LogicalPlan plan, int index, TraversalNode walk) =>
        walk is { Options.Order: not TraversalOrder.Weighted, Least: ConstantExpression, Most: ConstantExpression } && IsVertex(plan, index, walk.Start);

    /// <summary>Whether an expression is an id, or a document that comes straight from a collection and so has one.</summary>
    private static bool IsVertex(LogicalPlan plan, int index, Expression start) => start switch
    {
        ConstantExpression { Value: { IsString: true } id } => id.Text.Contains('/', StringComparison.Ordinal),
        AttributeExpression { Name: "_id", Target: VariableExpression document } => IsVertex(plan, index, document),
        VariableExpression { Variable: var variable } => plan.Nodes.Take(index).OfType<EnumerateCollectionNode>().Any(loop => loop.Variable.Equals(variable)),
        _ => false,
    };
}
