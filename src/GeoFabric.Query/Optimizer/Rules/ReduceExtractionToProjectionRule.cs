using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// An index scan whose documents are only asked for attributes that the index holds, or for their key, takes them from the index and reads no
/// document. Must not fire when the document as a whole, another attribute, or a subquery needs it.
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
            if (plan.Nodes[i] is IndexNode { Projections.Length: 0 } scan && CoveringIndex.IsCovering(scan.Index))
                plan = Project(plan, i, scan, context) ?? plan;
        }
        return plan;
    }

    private static LogicalPlan? Project(LogicalPlan plan, int position, IndexNode scan, OptimizerContext context)
    {
        var behind = plan.Nodes.Skip(position + 1).ToList();
        if (!CoveringIndex.Covers(scan.Index, scan.Variable, behind.SelectMany(node => node.Expressions)))
            return null;
        var projections = new List<IndexProjection>();
        var nodes = behind.Select(node => node.MapExpressions(expression => expression.Rewrite(part =>
        {
            if (CoveringIndex.FieldOf(scan.Index, part, scan.Variable) is not { } field)
                return part;
            var known = projections.Find(projection => projection.Field == field);
            if (known is null)
                projections.Add(known = new IndexProjection(context.NewVariable(part.ToString()), field, part));
            return new VariableExpression(known.Variable);
        }))).ToList();
        return projections.Count == 0 ? null : plan.With([.. plan.Nodes.Take(position), scan with { Projections = [.. projections] }, .. nodes]);
    }
}
