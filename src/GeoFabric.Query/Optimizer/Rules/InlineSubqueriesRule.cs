using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// <c>FOR x IN (FOR d IN c FILTER .. RETURN e)</c> becomes <c>FOR d IN c FILTER .. LET x = e</c>, so nothing is collected in between;
/// likewise a list that a LET in front of the loop has from a subquery and nothing else reads.
/// Must not fire on COLLECT, DISTINCT or a modification inside, nor when the loop runs more than once on SORT or LIMIT inside or, itself or its level, on a subquery that
/// runs once and may warn.
/// </summary>
internal sealed class InlineSubqueriesRule : IPlanRule
{
    public string Name => "inline-subqueries";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        // A loop that came in may run over a list of the level around it.
        for (var before = TakeFromLets(plan); ; before = TakeFromLets(plan))
        {
            plan = InlineLoops(before, context);
            if (ReferenceEquals(plan, before))
                return plan;
        }
    }

    private static LogicalPlan InlineLoops(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            context.ThrowIfStopped();
            if (plan.Nodes[i] is not EnumerateListNode { Source: SubqueryExpression subquery } loop || !CanInline(plan, i, subquery, context.RunsAgain))
                continue;
            var inner = subquery.Plan.Nodes;
            var nodes = plan.Nodes.Take(i)
                .Concat(inner.Skip(1).Take(inner.Length - 2))
                .Append(new CalculationNode(loop.Variable, subquery.Plan.Return!.Expression))
                .Concat(plan.Nodes.Skip(i + 1));
            plan = plan.With(nodes);
            // What came in may be such a loop again.
            i--;
        }
        return plan;
    }

    /// <summary><c>LET list = (FOR ..) FOR x IN list</c> is a loop over the subquery, when nothing else reads the list.</summary>
    private static LogicalPlan TakeFromLets(LogicalPlan plan)
    {
        for (var i = 2; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is EnumerateListNode { Source: VariableExpression { Variable: var list } } loop
                && plan.Nodes[i - 1] is CalculationNode { Expression: SubqueryExpression { Plan.IsModification: false } subquery } let
                && let.Variable.Equals(list)
                && !plan.IsUsedAfter(i, list))
                plan = plan with { Nodes = plan.Nodes.SetItem(i, loop with { Source = subquery }).RemoveAt(i - 1) };
        }
        return plan;
    }

    private static bool CanInline(LogicalPlan plan, int index, SubqueryExpression subquery, bool runsAgain)
    {
        var inner = subquery.Plan;
        if (inner.Return is null or { IsDistinct: true } || inner.IsModification)
            return false;
        // A modification further down must still see its whole input read first.
        if (plan.Nodes.Skip(index).Any(node => node.IsModification))
            return false;
        var runsOnce = plan.IsSingleRowBefore(index);
        if ((runsAgain || !runsOnce) && subquery.RunsOnce && inner.Nodes.SelectMany(node => node.Expressions).Any(expression => expression.MayWarn))
            return false;
        return inner.Nodes.All(node => node is SingletonNode or ReturnNode or NoResultsNode || node.IsRowWise || (runsOnce && (node is SortNode or LimitNode)));
    }
}
