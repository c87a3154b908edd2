using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// <c>p.vertices[-1]</c> and <c>p.edges[-1]</c> of a traversal become its vertex and edge variables, so that no path is made for them. Must not fire
/// for other positions.
/// </summary>
internal sealed class OptimizeTraversalLastElementAccessRule : IPlanRule
{
    public string Name => "optimize-traversal-last-element-access";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        foreach (var traversal in plan.Nodes.OfType<TraversalNode>().Where(node => node.DeclaredPath is not null && node.Edge is not null))
        {
            plan = plan.RewriteExpressions(part => PathElement.Of(part, traversal.DeclaredPath!) is { Position: -1 } last
                ? new VariableExpression(last.IsEdge ? traversal.Edge! : traversal.Vertex)
                : part);
        }
        return plan;
    }
}
