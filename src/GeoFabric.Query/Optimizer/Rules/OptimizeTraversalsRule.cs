using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Takes filters on edges and vertices of paths into the traversal in front of them, which then does not walk where they fail. Must not fire with
/// globally unique vertices, where a path that is not walked would let another one come to the same vertex, nor by weight, where errors of weights
/// could go unseen, nor past anything that may warn.
/// </summary>
internal sealed class OptimizeTraversalsRule : IPlanRule
{
    public string Name => "optimize-traversals";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is not TraversalNode { Conditions.IsEmpty: true } node || !CanSkipSteps(node))
                continue;
            var found = ConditionsBehind(plan, i, node);
            if (found.Count == 0)
                continue;
            var changed = node with
            {
                Conditions = [.. found.Select(condition => condition.Read.Step)],
                Covered = [.. found.Where(condition => condition.Read.IsExact).Select(condition => condition.Filter)],
            };
            plan = plan with { Nodes = plan.Nodes.SetItem(i, changed) };
        }
        return plan;
    }

    private static bool CanSkipSteps(TraversalNode node) =>
        node.Options.UniqueVertices != VertexUniqueness.Global
        && node.Options.Order != TraversalOrder.Weighted
        && (node.Prune is null || (!node.Prune.MayWarn && node.Prune.Purity() != FunctionPurity.Volatile));

    private static List<(Expression Filter, PathCondition Read)> ConditionsBehind(LogicalPlan plan, int index, TraversalNode node)
    {
        var conditions = new List<(Expression, PathCondition)>();
        var own = new HashSet<Variable>(new[] { node.Vertex, node.Edge, node.DeclaredPath }.OfType<Variable>());
        var setBehind = plan.Nodes.Skip(index).SelectMany(behind => behind.Produced).Where(variable => !own.Contains(variable)).ToHashSet();
        for (var i = index + 1; i < plan.Nodes.Length && plan.Nodes[i] is FilterNode or CalculationNode; i++)
        {
            if (plan.Nodes[i].Expressions.Any(expression => expression.MayWarn || expression.Purity() == FunctionPurity.Volatile))
                break;
            if (plan.Nodes[i] is FilterNode filter && !filter.Condition.Variables().Overlaps(setBehind) && PathCondition.Read(filter.Condition, node) is { } condition)
                conditions.Add((filter.Condition, condition));
        }
        return conditions;
    }
}
