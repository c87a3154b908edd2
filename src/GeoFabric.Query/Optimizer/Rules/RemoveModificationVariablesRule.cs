using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>Does not make OLD and NEW when nothing reads them.</summary>
internal sealed class RemoveModificationVariablesRule : IPlanRule
{
    public string Name => "remove-data-modification-out-variables";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        var nodes = plan.Nodes;
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i] is not ModificationNode node)
                continue;
            var old = node.Old is not null && plan.IsUsedAfter(i, node.Old) ? node.Old : null;
            var @new = node.New is not null && plan.IsUsedAfter(i, node.New) ? node.New : null;
            if (!ReferenceEquals(old, node.Old) || !ReferenceEquals(@new, node.New))
                nodes = nodes.SetItem(i, node with { Old = old, New = @new });
        }
        return nodes == plan.Nodes ? plan : plan with { Nodes = nodes };
    }
}
