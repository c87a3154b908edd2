using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// A COLLECT over a whole collection that asks for nothing but fields of an index walks the index, which is much smaller than the documents, and in the
/// order of the groups when they are its leading fields. Must not fire for sparse indexes, which leave documents out, nor for aggregates whose result
/// depends on the order of the rows (sums of fractions round differently).
/// </summary>
internal sealed class UseIndexForCollectRule : IPlanRule
{
    public string Name => "use-index-for-collect";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 0; i + 1 < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is not EnumerateCollectionNode { Hint.IsDisabled: false, IsCountOnly: false } scan
                || plan.Nodes[i + 1] is not CollectNode { IntoExpression: null, IsSorted: true, Groups.Length: > 0 } collect
                || !collect.Aggregates.All(aggregate => aggregate.Function.IsOrderless)
                || !collect.Used().Contains(scan.Variable))
                continue;
            var index = scan.Collection.Indexes.FirstOrDefault(index => index is { IsSparse: false, IsBuilding: false }
                && CoveringIndex.IsCovering(index)
                && CoveringIndex.Covers(index, scan.Variable, collect.Expressions));
            if (index is not null)
                plan = plan with { Nodes = plan.Nodes.SetItem(i, new IndexNode(scan.Variable, scan.Collection, index, [], null, null)) };
        }
        return plan;
    }
}
