using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Leaves out what nothing reads of a loop over a graph: the path or its parts, the edge, the vertex. Documents that nothing reads are not read
/// from storage either. Must not fire where a later step, a subquery in it, or a group reads the variable.
/// </summary>
internal sealed class RemoveRedundantPathVarRule : IPlanRule
{
    public string Name => "remove-redundant-path-var";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        var nodes = plan.Nodes;
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i] is not PathNode node)
                continue;
            var index = i;
            Variable? Kept(Variable? variable) => variable is not null && plan.IsUsedAfter(index, variable) ? variable : null;
            var path = new PathVariables(Kept(node.Path.Whole), Kept(node.Path.Vertices), Kept(node.Path.Edges), Kept(node.Path.Weights));
            LogicalNode changed = node switch
            {
                TraversalNode traversal => traversal with { Path = path, NeedsVertex = Kept(traversal.Vertex) is not null, NeedsEdge = Kept(traversal.Edge) is not null },
                PathSearchNode search => search with { Path = path, NeedsVertex = Kept(search.Vertex) is not null, NeedsEdge = Kept(search.Edge) is not null },
                _ => node,
            };
            if (!changed.Equals(node))
                nodes = nodes.SetItem(i, changed);
        }
        return nodes == plan.Nodes ? plan : plan with { Nodes = nodes };
    }
}
