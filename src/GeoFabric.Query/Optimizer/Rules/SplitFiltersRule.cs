using System.Runtime.InteropServices;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// <c>FILTER a &amp;&amp; b</c> becomes <c>FILTER a FILTER b</c>, so that each part can move and find an index of its own.
/// Does not fire on OR. The order stays, so b still runs only where a holds.
/// </summary>
internal sealed class SplitFiltersRule : IPlanRule
{
    public string Name => "split-filters";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        var nodes = plan.Nodes.SelectMany(node => node is FilterNode filter ? Split(filter, context) : [node]).ToList();
        return nodes.Count == plan.Nodes.Length ? plan : plan.With(nodes);
    }

    /// <summary>As many filters as there may be; what is left of a longer chain stays one.</summary>
    private static IEnumerable<LogicalNode> Split(FilterNode filter, OptimizerContext context)
    {
        var conditions = PlanEditing.Conjuncts(filter.Condition);
        var alone = context.TakeSteps(conditions.Count - 1);
        if (alone == 0)
            return [filter];
        return conditions.Take(alone).Append(PlanEditing.Conjunction(CollectionsMarshal.AsSpan(conditions)[alone..])).Select(condition => new FilterNode(condition));
    }
}
