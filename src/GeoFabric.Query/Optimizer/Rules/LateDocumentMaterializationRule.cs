using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// <c>FILTER d.a &gt; 1 SORT d.b LIMIT 10 RETURN d</c> with an index on a and b: filters and sorts what the index holds, and reads the documents of the ten
/// rows that are left. Must not fire when anything up to the LIMIT needs more of the documents, when nothing is thrown away or sorted before it, nor when
/// the documents are not needed at all.
/// </summary>
internal sealed class LateDocumentMaterializationRule : IPlanRule
{
    public string Name => "late-document-materialization";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        if (plan.Nodes.Any(node => node.IsModification))
            return plan;
        for (var i = 1; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is IndexNode { Projections.Length: 0 } scan && CoveringIndex.IsCovering(scan.Index) && LimitBehind(plan, i, scan) is { } limit)
                plan = Postpone(plan, i, limit, scan, context);
        }
        return plan;
    }

    /// <summary>Position of the last LIMIT that is come to with the index alone; null when there is none, or nothing to gain.</summary>
    private static int? LimitBehind(LogicalPlan plan, int position, IndexNode scan)
    {
        int? limit = null;
        var isChosen = false;
        var i = position + 1;
        for (; plan.Nodes[i] is FilterNode or CalculationNode or SortNode or LimitNode && CoveringIndex.Covers(scan.Index, scan.Variable, plan.Nodes[i].Expressions); i++)
        {
            isChosen |= plan.Nodes[i] is FilterNode or SortNode;
            if (plan.Nodes[i] is LimitNode && isChosen)
                limit = i;
        }
        return limit is { } last && !CoveringIndex.Covers(scan.Index, scan.Variable, plan.Nodes.Skip(last + 1).SelectMany(node => node.Expressions)) ? limit : null;
    }

    private static LogicalPlan Postpone(LogicalPlan plan, int position, int limit, IndexNode scan, OptimizerContext context)
    {
        var projections = new List<IndexProjection>();
        var early = plan.Nodes.Skip(position + 1).Take(limit - position)
            .Select(node => ReduceExtractionToProjectionRule.Project(node, scan, projections, context)).ToList();
        var path = new AttributeExpression(new VariableExpression(scan.Variable), "_key");
        var key = projections.Find(projection => projection.Field == IndexProjection.Key);
        if (key is null)
            projections.Add(key = new IndexProjection(context.NewVariable(path.ToString()), IndexProjection.Key, path));
        var document = new CalculationNode(scan.Variable, new DocumentByKeyExpression(scan.Collection, new VariableExpression(key.Variable)));
        return plan.With([.. plan.Nodes.Take(position), scan with { Projections = [.. projections] }, .. early, document, .. plan.Nodes.Skip(limit + 1)]);
    }
}
