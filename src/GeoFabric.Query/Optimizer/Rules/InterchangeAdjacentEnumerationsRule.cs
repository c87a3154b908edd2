using GeoFabric.Query.Builtins;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Puts loops over collections and constant lists that stand inside each other into the order that looks at the fewest documents, with the filters between
/// them. Must not fire in front of a LIMIT without a SORT, which would give other rows, or of a modification, nor past what may warn; nor where the gain is
/// small, since people like the order of the rows to be that of their loops.
/// </summary>
/// <param name="savedMin">Documents that another order has to save, besides half of them.</param>
internal sealed class InterchangeAdjacentEnumerationsRule(double savedMin = 1000) : IPlanRule
{
    /// <summary>How often a level inside of another one may be expected to run.</summary>
    private const double RunsOfInner = 100;

    /// <summary>More loops than this stay as they are written: the search costs more than the square of their number.</summary>
    private const int LoopsMax = 16;

    public string Name => "interchange-adjacent-enumerations";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        if (plan.Nodes.Any(node => node.IsModification))
            return plan;
        for (var first = 1; first < plan.Nodes.Length; first++)
        {
            if (!IsLoop(plan.Nodes[first]))
                continue;
            var end = first + 1;
            while (IsLoop(plan.Nodes[end]) || IsBetween(plan.Nodes[end]))
                end++;
            if (!IsOrderFree(plan, end))
                return plan;
            plan = Reorder(plan, first, end, context);
            first = end;
        }
        return plan;
    }

    private LogicalPlan Reorder(LogicalPlan plan, int first, int end, OptimizerContext context)
    {
        var nodes = plan.Nodes.Skip(first).Take(end - first).ToList();
        var loops = nodes.Where(IsLoop).ToList();
        if (loops.Count is < 2 or > LoopsMax)
            return plan;
        var runs = plan.IsSingleRowBefore(first) && plan.FreeVariables().Count == 0 ? 1 : RunsOfInner;
        var join = new JoinOrder(loops, [.. nodes.Where(node => !IsLoop(node))], runs, context);
        var best = join.FindBest();
        var written = join.Cost([.. Enumerable.Range(0, loops.Count)]);
        var least = join.Cost(best);
        return least > written / 2 || least > written - savedMin || best.SequenceEqual(Enumerable.Range(0, loops.Count))
            ? plan
            : plan.With(plan.Nodes.Take(first).Concat(join.Arrange(best)).Concat(plan.Nodes.Skip(end)));
    }

    private static bool IsLoop(LogicalNode node) => node is EnumerateCollectionNode or EnumerateListNode { Source: Expressions.ConstantExpression { Value: { IsArray: true } } };

    /// <summary>Filters and calculations that may be done for other rows than before.</summary>
    private static bool IsBetween(LogicalNode node) => node is FilterNode or CalculationNode { Expression: not SubqueryExpression }
        && node.Expressions.All(expression => !expression.MayWarn && expression.Purity() != FunctionPurity.Volatile);

    /// <summary>Whether nothing behind cuts rows off in the order in which they come.</summary>
    private static bool IsOrderFree(LogicalPlan plan, int index)
    {
        for (; index < plan.Nodes.Length; index++)
        {
            if (plan.Nodes[index] is SortNode or CollectNode)
                return true;
            if (plan.Nodes[index] is LimitNode)
                return false;
        }
        return true;
    }
}
