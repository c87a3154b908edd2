using GeoFabric.Query.Builtins;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Drops a LET that nothing reads. Must not fire when computing it may warn, fail, or change something: <c>LET x = (INSERT ..)</c> stays.
/// </summary>
internal sealed class RemoveUnnecessaryCalculationsRule : IPlanRule
{
    public string Name => "remove-unnecessary-calculations";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = plan.Nodes.Length - 1; i > 0; i--)
        {
            context.ThrowIfStopped();
            if (plan.Nodes[i] is CalculationNode calculation
                && !calculation.Expression.MayWarn
                && calculation.Expression.Purity() != FunctionPurity.Volatile
                && !plan.IsUsedAfter(i, calculation.Variable))
                plan = plan with { Nodes = plan.Nodes.RemoveAt(i) };
        }
        return plan;
    }
}
