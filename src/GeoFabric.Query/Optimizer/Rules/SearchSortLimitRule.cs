using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// A search that is sorted by one of its scores, highest first, and then cut hands on no more documents than the LIMIT needs: those with the highest scores.
/// Must not fire when anything between the search and the SORT drops rows, makes more of them or may warn, or when the SORT has other items too.
/// </summary>
internal sealed class SearchSortLimitRule : IPlanRule
{
    public string Name => "arangosearch-constrained-sort";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is not EnumerateViewNode { Top: null } search)
                continue;
            var next = i + 1;
            while (next < plan.Nodes.Length && plan.Nodes[next] is CalculationNode calculation && !calculation.Expression.MayWarn)
                next++;
            if (next == plan.Nodes.Length
                || plan.Nodes[next] is not SortNode { Limit: { } limit, Items: [{ IsDescending: true, Expression: VariableExpression score }] })
                continue;
            for (var scorer = 0; scorer < search.Scorers.Items.Count; scorer++)
            {
                if (ReferenceEquals(search.Scorers.Items[scorer].Variable, score.Variable))
                    plan = plan with { Nodes = plan.Nodes.SetItem(i, search with { Top = limit, TopScorer = scorer }) };
            }
        }
        return plan;
    }
}
