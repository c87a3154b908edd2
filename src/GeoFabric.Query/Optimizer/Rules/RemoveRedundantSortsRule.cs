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
        // From the end: what the second one of two sorts gives is what the one before them has to be compared with.
        for (var i = plan.Nodes.Length - 1; i > 0; i--)
        {
            context.ThrowIfStopped();
            if (plan.Nodes[i] is not SortNode first)
                continue;
            var next = i + 1;
            while (next < plan.Nodes.Length && plan.Nodes[next] is FilterNode or CalculationNode)
                next++;
            if (next < plan.Nodes.Length && plan.Nodes[next] is SortNode second && IsPrefix(first, second))
                plan = plan with { Nodes = plan.Nodes.RemoveAt(i) };
        }
        return plan;
    }

    private static bool IsPrefix(SortNode first, SortNode second) =>
        first.Items.Length <= second.Items.Length
        && first.Items.Zip(second.Items).All(pair => pair.First.IsDescending == pair.Second.IsDescending
            && pair.First.Expression.ToString() == pair.Second.Expression.ToString()
            && !pair.First.Expression.MayWarn);
}
