using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Counting without reading: a loop over a collection whose documents nothing looks at only repeats its row as often as there are documents, and
/// <c>LENGTH(FOR ..)</c> does not compute what it only counts. Does not fire when a filter or a projection reads the documents.
/// </summary>
internal sealed class OptimizeCountRule : IPlanRule
{
    public string Name => "optimize-count";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context) => CountOnly(plan.RewriteExpressions(ReplaceCountedResults));

    private static LogicalPlan CountOnly(LogicalPlan plan)
    {
        var nodes = plan.Nodes;
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i] is EnumerateCollectionNode { IsCountOnly: false } scan && !plan.IsUsedAfter(i, scan.Variable) && !nodes.Any(node => node.IsModification))
                nodes = nodes.SetItem(i, scan with { IsCountOnly = true });
        }
        return nodes == plan.Nodes ? plan : plan with { Nodes = nodes };
    }

    private static Expression ReplaceCountedResults(Expression expression)
    {
        if (expression is not CallExpression { Function.Name: "LENGTH" or "COUNT", Children: [SubqueryExpression { Plan: { IsModification: false, Return: { IsDistinct: false } result } counted } subquery] } call
            || result.Expression is ConstantExpression
            || result.Expression.MayWarn)
            return expression;
        var plan = counted with { Nodes = counted.Nodes.SetItem(counted.Nodes.Length - 1, new ReturnNode(ConstantExpression.Null, IsDistinct: false)) };
        return call.WithChildren([subquery.With(CountOnly(plan))]);
    }
}
