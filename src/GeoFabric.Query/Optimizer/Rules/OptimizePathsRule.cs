using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// <c>p.vertices</c>, <c>p.edges</c> and weights of a path become values of their own: lists of documents, where the whole path would have to be
/// written out. Must not fire where the whole path is read as well, for then nothing is saved.
/// </summary>
internal sealed class OptimizePathsRule : IPlanRule
{
    public string Name => "optimize-paths";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is not PathNode { Path.Whole: { } whole } node)
                continue;
            var changed = plan.RewriteExpressions(part => Part(part, whole, node.Parts) is { } variable ? new VariableExpression(variable) : part);
            if (ReferenceEquals(changed, plan) || changed.IsUsedAfter(i, whole) || changed.Nodes[i].Used().Contains(whole))
                continue;
            plan = changed with { Nodes = changed.Nodes.SetItem(i, ((PathNode)changed.Nodes[i]) with { Path = node.Parts }) };
        }
        return plan;
    }

    private static Variable? Part(Expression expression, Variable whole, PathVariables parts)
    {
        if (expression is not AttributeExpression { Target: VariableExpression target } attribute || !ReferenceEquals(target.Variable, whole))
            return null;
        var part = attribute.Name == "vertices" ? parts.Vertices : attribute.Name == "edges" ? parts.Edges : parts.Weights;
        return part?.Name == $"{whole.Name}.{attribute.Name}" ? part : null;
    }
}
