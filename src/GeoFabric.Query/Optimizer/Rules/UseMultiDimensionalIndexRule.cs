using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// A loop over a collection with ranges on two or more attributes reads the box that they make from a multi-dimensional index. Conditions stay, so results
/// are exact. Must not fire when another index is expected to read fewer documents, nor for one attribute alone unless a hint asks for it.
/// </summary>
internal sealed class UseMultiDimensionalIndexRule : IPlanRule
{
    private const int SidesMin = 2;

    public string Name => "use-multi-dimensional-index";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is EnumerateCollectionNode { Hint.IsDisabled: false } scan && Choose(plan, i, scan, context) is { } match)
                plan = plan with { Nodes = plan.Nodes.SetItem(i, new BoxIndexNode(scan.Variable, scan.Collection, match.Index, match.EqualTo, match.Sides) { Guards = match.Guards }) };
        }
        return plan;
    }

    private static BoxMatch? Choose(LogicalPlan plan, int position, EnumerateCollectionNode scan, OptimizerContext context)
    {
        context.ThrowIfStopped();
        if (!scan.Collection.Indexes.Any(index => index.Kind == IndexKind.MultiDimensional))
            return null;
        var hints = scan.Hint.Names;
        var conditions = UseIndexesRule.ConditionsBehind(plan, position, scan.Variable);
        // What warns of each document must do so also of those that a side behind it leaves out.
        ImmutableArray<Expression> guards = [.. conditions.Where(condition => condition.Value.MayWarn).Select(condition => condition.Value)];
        var matches = scan.Collection.Indexes.Select(index => BoxMatch.Find(index, conditions) is { } match ? match with { Guards = guards } : null).OfType<BoxMatch>().ToList();
        var hinted = matches.Where(match => hints.Contains(match.Index.Name)).MinBy(match => hints.IndexOf(match.Index.Name));
        var other = matches.Count == 0 ? null : UseIndexesRule.Choose(plan, position, scan, context);
        // The first of the hinted ones that fits.
        if (hinted is not null)
            return other is not null && hints.IndexOf(other.Index.Name) is >= 0 and var place && place < hints.IndexOf(hinted.Index.Name) ? null : hinted;
        if ((scan.Hint.IsForced && hints.Length > 0) || (other is not null && hints.Contains(other.Index.Name)))
            return null;
        double documents = context.EstimateDocuments(scan.Collection);
        var best = matches.Where(match => match.BoundedSides >= SidesMin || (match.EqualTo.Length > 0 && match.BoundedSides == 1)).MinBy(match => match.EstimateRows(documents));
        return best is null || (other is not null && context.EstimateRows(scan.Collection, other) <= best.EstimateRows(documents))
            ? null
            : best;
    }
}
