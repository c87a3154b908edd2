using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// <c>FILTER a.x == 1 FILTER a.x == b.y</c> becomes <c>FILTER a.x == 1 FILTER 1 == b.y</c>: the other loop then finds its documents without the first one.
/// Must not fire inside anything but an equality, which is all that equal values are known to agree on, nor for a constant that is only known to hold
/// further down.
/// </summary>
internal sealed class PropagateConstantAttributesRule : IPlanRule
{
    public string Name => "propagate-constant-attributes";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        var nodes = plan.Nodes;
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i] is not FilterNode { Condition: ComparisonExpression { Operator: BinaryOperator.Equal } fixing } || ReadFixed(fixing) is not var (path, constant))
                continue;
            for (var j = FirstOfRun(nodes, i); j < nodes.Length; j++)
            {
                if (j != i && nodes[j] is FilterNode { Condition: ComparisonExpression { Operator: BinaryOperator.Equal } equality } && Replace(equality, path, constant) is { } replaced)
                    nodes = nodes.SetItem(j, new FilterNode(replaced));
            }
        }
        return nodes == plan.Nodes ? plan : plan with { Nodes = nodes };
    }

    /// <summary>Filters that stand together hold together, if none of them warns.</summary>
    private static int FirstOfRun(IReadOnlyList<LogicalNode> nodes, int index)
    {
        while (nodes[index - 1] is FilterNode filter && !OptimizerContext.MayWarn(filter.Condition))
            index--;
        return index;
    }

    private static (Expression Path, Expression Constant)? ReadFixed(ComparisonExpression equality) => (equality.Left, equality.Right) switch
    {
        (var path, ConstantExpression or ParameterExpression) when IsPath(path) => (path, equality.Right),
        (ConstantExpression or ParameterExpression, var path) when IsPath(path) => (path, equality.Left),
        _ => null,
    };

    private static ComparisonExpression? Replace(ComparisonExpression equality, Expression path, Expression constant)
    {
        if (!IsPath(equality.Left) || !IsPath(equality.Right) || equality.Left.Variables().Overlaps(equality.Right.Variables()))
            return null;
        if (PlanEditing.IsSame(equality.Left, path))
            return new ComparisonExpression(BinaryOperator.Equal, constant, equality.Right);
        return PlanEditing.IsSame(equality.Right, path) ? new ComparisonExpression(BinaryOperator.Equal, equality.Left, constant) : null;
    }

    private static bool IsPath(Expression expression) => expression is AttributeExpression { Target: var target } && (target is VariableExpression || IsPath(target));
}
