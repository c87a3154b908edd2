using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// <c>FILTER d.a &gt; 1 SORT d.b LIMIT 10 RETURN d</c> with an index on a and b, or a search with such stored values: filters and sorts what the index holds, and reads the documents of the ten
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
            if (LoopAt(plan, i) is { } loop && LimitBehind(plan, i, loop) is { } limit)
                plan = Postpone(plan, i, limit, loop, context);
        }
        return plan;
    }

    /// <summary>A loop that can do without its documents. A search that is after the best ones only reads no others anyway.</summary>
    private static ICoveringLoop? LoopAt(LogicalPlan plan, int position) => plan.Nodes[position] switch
    {
        IndexNode { ReadsDocuments: true } scan when CoveringIndex.IsCovering(scan.Index) => scan,
        EnumerateViewNode { ReadsDocuments: true, Top: null } search => search,
        _ => null,
    };

    /// <summary>Position of the last LIMIT that is come to with the index alone; null when there is none, or nothing to gain.</summary>
    private static int? LimitBehind(LogicalPlan plan, int position, ICoveringLoop loop)
    {
        int? limit = null;
        var isChosen = false;
        var i = position + 1;
        for (; plan.Nodes[i] is FilterNode or CalculationNode or SortNode or LimitNode && CoveringIndex.Covers(loop, plan.Nodes[i].Expressions); i++)
        {
            isChosen |= plan.Nodes[i] is FilterNode or SortNode;
            if (plan.Nodes[i] is LimitNode && isChosen)
                limit = i;
        }
        return limit is { } last && !CoveringIndex.Covers(loop, plan.Nodes.Skip(last + 1).SelectMany(node => node.Expressions)) ? limit : null;
    }

    private static LogicalPlan Postpone(LogicalPlan plan, int position, int limit, ICoveringLoop loop, OptimizerContext context)
    {
        var projections = new List<IndexProjection>();
        var early = plan.Nodes.Skip(position + 1).Take(limit - position)
            .Select(node => ReduceExtractionToProjectionRule.Project(node, loop, projections, context)).ToList();
        var path = new AttributeExpression(new VariableExpression(loop.Variable), loop.HasIds ? "_id" : "_key");
        var field = loop.HasIds ? IndexProjection.Id : IndexProjection.Key;
        var identity = projections.Find(projection => projection.Field == field);
        if (identity is null)
            projections.Add(identity = new IndexProjection(context.NewVariable(path.ToString()), field, path));
        var document = new CalculationNode(loop.Variable, loop.DocumentOf(new VariableExpression(identity.Variable)));
        return plan.With([.. plan.Nodes.Take(position), loop.With([.. projections]), .. early, document, .. plan.Nodes.Skip(limit + 1)]);
    }
}
