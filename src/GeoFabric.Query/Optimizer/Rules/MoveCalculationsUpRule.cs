using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Moves a LET in front of the loops it does not depend on, so that it is computed once instead of for each of their rows. Must not fire for what may
/// warn or fail, as a loop without rows would not have computed it, nor for subqueries, which may cost more than all those rows; nor across LIMIT,
/// COLLECT or a modification.
/// </summary>
internal sealed class MoveCalculationsUpRule : IPlanRule
{
    public string Name => "move-calculations-up";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 2; i < plan.Nodes.Length; i++)
        {
            context.ThrowIfStopped();
            if (plan.Nodes[i] is not CalculationNode { Expression: not (SubqueryExpression or ConstantExpression) } calculation
                || calculation.Expression.MayWarn
                || calculation.Expression.Purity() == FunctionPurity.Volatile)
                continue;
            var used = calculation.Expression.Variables();
            var target = i;
            for (var j = i - 1; j > 0 && plan.Nodes[j].IsRowWise && !plan.Nodes[j].Produced.Any(used.Contains); j--)
            {
                if (plan.Nodes[j] is EnumerateCollectionNode or EnumerateListNode or PathNode)
                    target = j;
            }
            if (target < i)
                plan = plan with { Nodes = plan.Nodes.RemoveAt(i).Insert(target, calculation) };
        }
        return plan;
    }
}
