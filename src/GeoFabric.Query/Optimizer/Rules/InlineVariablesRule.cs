using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// <c>LET city = u.city FILTER city == "Oslo"</c> becomes <c>FILTER u.city == "Oslo"</c>, which an index can serve; likewise for another name of a variable
/// and for members of an object literal, as inlined subqueries leave them. Must not fire for anything that is computed, which would be computed twice,
/// nor in a RETURN, where the variable is as good.
/// </summary>
internal sealed class InlineVariablesRule : IPlanRule
{
    public string Name => "remove-unnecessary-calculations-2";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 1; i < plan.Nodes.Length; i++)
        {
            context.ThrowIfStopped();
            if (plan.Nodes[i] is not CalculationNode calculation || (!IsPath(calculation.Expression) && calculation.Expression is not ObjectExpression))
                continue;
            for (var j = i + 1; j < plan.Nodes.Length && plan.Nodes[j] is not CollectNode; j++)
            {
                if (plan.Nodes[j] is FilterNode or SortNode or CalculationNode && Inline(plan.Nodes[j], calculation) is { } inlined)
                    plan = plan with { Nodes = plan.Nodes.SetItem(j, inlined) };
            }
        }
        return plan;
    }

    /// <returns>Null when the node does not read the variable, or more of an object than paths.</returns>
    private static LogicalNode? Inline(LogicalNode node, CalculationNode calculation)
    {
        // Of calculations only those that hand a name on; others keep to the variable.
        if (!node.Uses(calculation.Variable) || (node is CalculationNode other && !IsPath(other.Expression)))
            return null;
        var isInlined = false;
        var inlined = node.MapExpressions(expression => expression.Rewrite(part =>
        {
            var replaced = part switch
            {
                VariableExpression { Variable: var read } when read.Equals(calculation.Variable) && IsPath(calculation.Expression) => calculation.Expression,
                AttributeExpression { Target: VariableExpression { Variable: var read } } member
                    when read.Equals(calculation.Variable) && calculation.Expression is ObjectExpression literal && literal.Member(member.Name) is { } found && IsPath(found) => found,
                _ => part,
            };
            isInlined |= !ReferenceEquals(replaced, part);
            return replaced;
        }));
        return isInlined ? inlined : null;
    }

    private static bool IsPath(Expression expression) => expression is VariableExpression || (expression is AttributeExpression { Target: var target } && IsPath(target));
}
