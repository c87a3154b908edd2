using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Moves a LET behind the FILTERs and LIMITs that do not read it, so that it is computed for the rows that are left:
/// <c>LET orders = (FOR ..) SORT u.name LIMIT 10</c>. Must not fire for what may warn or fail or changes from call to call, nor into or across loops,
/// which would make more rows of it.
/// </summary>
internal sealed class MoveCalculationsDownRule : IPlanRule
{
    public string Name => "move-calculations-down";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        // From the end, so that those that have moved are not in the way of others.
        for (var i = plan.Nodes.Length - 2; i > 0; i--)
        {
            context.ThrowIfStopped();
            if (plan.Nodes[i] is not CalculationNode { Expression: not (ConstantExpression or VariableExpression or AttributeExpression) } calculation
                || calculation.Expression.MayWarn
                || calculation.Expression.Purity() == FunctionPurity.Volatile)
                continue;
            var target = i;
            for (var j = i + 1; CanCross(plan.Nodes[j]) && !plan.Nodes[j].Uses(calculation.Variable); j++)
            {
                if (plan.Nodes[j] is FilterNode or LimitNode)
                    target = j;
            }
            if (target > i)
                plan = plan with { Nodes = plan.Nodes.RemoveAt(i).Insert(target, calculation) };
        }
        return plan;
    }

    private static bool CanCross(LogicalNode node) => node is FilterNode or LimitNode or SortNode or CalculationNode;
}
