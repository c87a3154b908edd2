using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Drops INTO lists and aggregates of a COLLECT that nothing reads. Must not fire when computing them may warn, nor leave a COLLECT without any result.
/// </summary>
internal sealed class RemoveCollectVariablesRule : IPlanRule
{
    public string Name => "remove-collect-variables";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        var nodes = plan.Nodes;
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i] is not CollectNode collect)
                continue;
            var slim = collect;
            if (slim.Into is not null && !plan.IsUsedAfter(i, slim.Into) && !slim.IntoExpression!.MayWarn)
                slim = slim with { Into = null, IntoExpression = null };
            var aggregates = slim.Aggregates.RemoveAll(aggregate => !aggregate.Function.MayWarn
                && !plan.IsUsedAfter(i, aggregate.Variable) && !aggregate.Argument.MayWarn);
            if (aggregates.Length != slim.Aggregates.Length && (aggregates.Length > 0 || slim.Groups.Length > 0))
                slim = slim with { Aggregates = aggregates };
            if (!ReferenceEquals(slim, collect))
                nodes = nodes.SetItem(i, slim);
        }
        return nodes == plan.Nodes ? plan : plan with { Nodes = nodes };
    }
}
