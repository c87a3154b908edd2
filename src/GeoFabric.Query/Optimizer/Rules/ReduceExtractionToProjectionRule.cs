using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// An index scan or a search whose documents are only asked for attributes that the index holds, or for their key, takes them from the index and reads no
/// document; a loop over a graph whose vertices are only asked for <c>_id</c> and <c>_key</c> takes them from the edges. Must not fire when the document
/// as a whole, another attribute, or a subquery needs it.
/// </summary>
internal sealed class ReduceExtractionToProjectionRule : IPlanRule
{
    public string Name => "reduce-extraction-to-projection";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        if (plan.Nodes.Any(node => node.IsModification))
            return plan;
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            context.ThrowIfStopped();
            plan = plan.Nodes[i] switch
            {
                IndexNode { ReadsDocuments: true } scan when CoveringIndex.IsCovering(scan.Index) => Project(plan, i, scan, context),
                EnumerateViewNode { ReadsDocuments: true } search => Project(plan, i, search, context),
                TraversalNode { NeedsVertex: true } walk => ProjectVertex(
                    plan, i, walk.Vertex, (id, key) => walk with { NeedsVertex = false, VertexId = id, VertexKey = key }, context),
                PathSearchNode { NeedsVertex: true, Vertex: { } vertex } search => ProjectVertex(
                    plan, i, vertex, (id, key) => search with { NeedsVertex = false, VertexId = id, VertexKey = key }, context),
                _ => null,
            } ?? plan;
        }
        return plan;
    }

    private static LogicalPlan? Project(LogicalPlan plan, int position, ICoveringLoop loop, OptimizerContext context)
    {
        var behind = plan.Nodes.Skip(position + 1).ToList();
        if (!CoveringIndex.Covers(loop, behind.SelectMany(node => node.Expressions)))
            return null;
        var projections = new List<IndexProjection>();
        var nodes = behind.Select(node => Project(node, loop, projections, context)).ToList();
        return projections.Count == 0 && !loop.MayTellNothing ? null : plan.With([.. plan.Nodes.Take(position), loop.With([.. projections]), .. nodes]);
    }

    private static LogicalPlan? ProjectVertex(LogicalPlan plan, int position, Variable vertex, Func<Variable?, Variable?, LogicalNode> project, OptimizerContext context)
    {
        var names = new Dictionary<string, Variable>();
        var nodes = plan.Nodes.Skip(position + 1).Select(node => node.MapExpressions(expression => expression.Rewrite(part =>
        {
            if (part is not AttributeExpression { Name: "_id" or "_key", Target: VariableExpression target } attribute || !ReferenceEquals(target.Variable, vertex))
                return part;
            if (!names.TryGetValue(attribute.Name, out var variable))
                names.Add(attribute.Name, variable = context.NewVariable(part.ToString()));
            return new VariableExpression(variable);
        }))).ToList();
        return names.Count == 0 || nodes.Any(node => node.Used().Contains(vertex))
            ? null
            : plan.With([.. plan.Nodes.Take(position), project(names.GetValueOrDefault("_id"), names.GetValueOrDefault("_key")), .. nodes]);
    }

    /// <summary>The node with variables for what the index holds; adds those that are not yet among the projections.</summary>
    internal static LogicalNode Project(LogicalNode node, ICoveringLoop loop, List<IndexProjection> projections, OptimizerContext context) => !node.Uses(loop.Variable) ? node : node.MapExpressions(expression => expression.Rewrite(part =>
    {
        if (CoveringIndex.FieldOf(loop, part) is not { } field)
            return part;
        var known = projections.Find(projection => projection.Field == field);
        if (known is null)
            projections.Add(known = new IndexProjection(context.NewVariable(part.ToString()), field, part));
        return new VariableExpression(known.Variable);
    }));
}
