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
        var nodes = plan.Nodes.SelectMany(node => node is FilterNode filter
            ? PlanEditing.Conjuncts(filter.Condition).Select(condition => (LogicalNode)new FilterNode(condition))
            : [node]).ToList();
        return nodes.Count == plan.Nodes.Length ? plan : plan.With(nodes);
    }
}
