using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Drops a SORT whose criteria begin the criteria of the next SORT: <c>SORT a SORT a, b</c> keeps the second.
/// Must not fire on <c>SORT b SORT a</c>: sorting is stable, so the first decides the order among equal a; nor across a LIMIT.
/// </summary>
internal sealed class RemoveRedundantSortsRule : IPlanRule
{
    public string Name => "remove-redundant-sorts";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is not SortNode first)
                continue;
            var next = i + 1;
            while (next < plan.Nodes.Length && plan.Nodes[next] is FilterNode or CalculationNode)
                next++;
            if (next < plan.Nodes.Length && plan.Nodes[next] is SortNode second && IsPrefix(first, second))
                return Apply(plan with { Nodes = plan.Nodes.RemoveAt(i) }, context);
        }
        return plan;
    }

    private static bool IsPrefix(SortNode first, SortNode second) =>
        first.Items.Length <= second.Items.Length
        && first.Items.Zip(second.Items).All(pair => pair.First.IsDescending == pair.Second.IsDescending
            && pair.First.Expression.ToString() == pair.Second.Expression.ToString()
            && !OptimizerContext.MayWarn(pair.First.Expression));
}
