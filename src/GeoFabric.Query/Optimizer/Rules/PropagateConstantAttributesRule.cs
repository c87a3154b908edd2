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
        var nodes = plan.Nodes.ToBuilder();
        var joins = FindJoins(plan);
        var isChanged = false;
        // Filters that stand together hold together, if none of them warns.
        var firstOfRun = 0;
        for (var i = 0; i < nodes.Count && joins.Count > 0; i++)
        {
            context.ThrowIfStopped();
            if (i == 0 || nodes[i - 1] is not FilterNode before || before.Condition.MayWarn)
                firstOfRun = i;
            if (nodes[i] is not FilterNode { Condition: ComparisonExpression { Operator: BinaryOperator.Equal } fixing }
                || ReadFixed(fixing) is not var (path, constant)
                || PlanEditing.KeyOf(path) is not { } key
                || !joins.TryGetValue(key, out var positions))
                continue;
            foreach (var j in positions.Where(position => position >= firstOfRun))
            {
                if (nodes[j] is not FilterNode { Condition: ComparisonExpression equality } || Replace(equality, path, constant) is not { } replaced)
                    continue;
                nodes[j] = new FilterNode(replaced);
                isChanged = true;
            }
            positions.RemoveAll(position => position >= firstOfRun);
        }
        return isChanged ? plan with { Nodes = nodes.ToImmutable() } : plan;
    }

    /// <summary>By attribute, the positions of the filters that compare it with one of another variable.</summary>
    private static Dictionary<string, List<int>> FindJoins(LogicalPlan plan)
    {
        var joins = new Dictionary<string, List<int>>(StringComparer.Ordinal);
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is not FilterNode { Condition: ComparisonExpression { Operator: BinaryOperator.Equal } equality } || !IsJoin(equality))
                continue;
            foreach (var key in equality.Children.Select(PlanEditing.KeyOf).OfType<string>())
            {
                if (!joins.TryGetValue(key, out var positions))
                    joins.Add(key, positions = []);
                positions.Add(i);
            }
        }
        return joins;
    }

    private static (Expression Path, Expression Constant)? ReadFixed(ComparisonExpression equality) => (equality.Left, equality.Right) switch
    {
        (var path, ConstantExpression or ParameterExpression) when IsPath(path) => (path, equality.Right),
        (ConstantExpression or ParameterExpression, var path) when IsPath(path) => (path, equality.Left),
        _ => null,
    };

    private static ComparisonExpression? Replace(ComparisonExpression equality, Expression path, Expression constant)
    {
        if (!IsJoin(equality))
            return null;
        if (PlanEditing.IsSame(equality.Left, path))
            return new ComparisonExpression(BinaryOperator.Equal, constant, equality.Right);
        return PlanEditing.IsSame(equality.Right, path) ? new ComparisonExpression(BinaryOperator.Equal, equality.Left, constant) : null;
    }

    private static bool IsJoin(ComparisonExpression equality) =>
        IsPath(equality.Left) && IsPath(equality.Right) && !equality.Left.Variables().Overlaps(equality.Right.Variables());

    private static bool IsPath(Expression expression) => expression is AttributeExpression { Target: var target } && (target is VariableExpression || IsPath(target));
}
