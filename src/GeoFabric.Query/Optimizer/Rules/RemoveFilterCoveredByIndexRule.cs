using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Drops a FILTER whose condition the index in front of it already guarantees. Must not fire for sparse indexes, arrays and prefixes, which only
/// narrow the candidates down.
/// </summary>
internal sealed class RemoveFilterCoveredByIndexRule : IPlanRule
{
    public string Name => "remove-filter-covered-by-index";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        var covered = plan.Nodes.OfType<IndexNode>().SelectMany(node => node.Covered).ToHashSet(ReferenceEqualityComparer.Instance);
        var nodes = plan.Nodes.RemoveAll(node => node is FilterNode filter && covered.Contains(filter.Condition));
        return nodes.Length == plan.Nodes.Length ? plan : plan with { Nodes = nodes };
    }
}
