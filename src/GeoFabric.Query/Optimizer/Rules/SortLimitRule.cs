using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// A SORT followed by LIMIT keeps only as many rows as the LIMIT needs. Calculations in between do not matter.
/// Must not fire when a FILTER stands between, which may need more rows; with fullCount every row still has to come by.
/// </summary>
internal sealed class SortLimitRule : IPlanRule
{
    public string Name => "sort-limit";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is not SortNode { Limit: null } sort)
                continue;
            if (LimitBehind(plan, i) is { } limit)
                plan = plan with { Nodes = plan.Nodes.SetItem(i, sort with { Limit = limit }) };
        }
        return plan;
    }

    /// <summary>The LIMIT that takes the first rows of a sort.</summary>
    internal static LimitNode? LimitBehind(LogicalPlan plan, int sort)
    {
        var next = sort + 1;
        while (next < plan.Nodes.Length && plan.Nodes[next] is CalculationNode calculation && !calculation.Expression.MayWarn)
            next++;
        return next < plan.Nodes.Length && plan.Nodes[next] is LimitNode { CountsAll: false } limit ? limit : null;
    }
}
