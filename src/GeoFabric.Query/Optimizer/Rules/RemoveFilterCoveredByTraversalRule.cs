using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Drops a FILTER whose condition the traversal in front of it already guarantees. Must not fire for positions that shorter paths do not have: there
/// the filter still decides.
/// </summary>
internal sealed class RemoveFilterCoveredByTraversalRule : IPlanRule
{
    public string Name => "remove-filter-covered-by-traversal";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        var covered = plan.Nodes.OfType<TraversalNode>().SelectMany(node => node.Covered).ToHashSet(ReferenceEqualityComparer.Instance);
        var nodes = plan.Nodes.RemoveAll(node => node is FilterNode filter && covered.Contains(filter.Condition));
        return nodes.Length == plan.Nodes.Length ? plan : plan with { Nodes = nodes };
    }
}
