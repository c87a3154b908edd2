using GeoFabric.Database.Analysis;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// A loop whose forced hint names an inverted index finds its documents there, by equalities behind it on attributes that are kept as they are. The filters
/// stay: a search knows no missing attributes, and finds items of arrays too.
/// Must not fire for values that may warn, which belong to each document.
/// </summary>
internal sealed class UseInvertedIndexRule : IPlanRule
{
    public string Name => "use-inverted-index";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        var nodes = plan.Nodes;
        for (var i = 0; i < nodes.Length; i++)
        {
            if (nodes[i] is not EnumerateCollectionNode { Hint: { IsForced: true, IsDisabled: false } } scan || FindHinted(scan) is not { } index)
                continue;
            var conditions = ConditionsBehind(plan, i, scan.Variable, index.Search!);
            if (conditions.Count == 0)
                continue;
            var condition = conditions.Aggregate((left, right) => new LogicalExpression(isAnd: true, left, right));
            var search = new EnumerateViewNode(scan.Variable, scan.Collection.Name, IsView: false, condition, new SearchScorers([]), Collections: null, index.Name);
            nodes = nodes.SetItem(i, search with { FindsCandidates = true, Held = index.Stored.Fields });
        }
        return nodes == plan.Nodes ? plan : plan with { Nodes = nodes };
    }

    private static IndexDefinition? FindHinted(EnumerateCollectionNode scan) => scan.Hint.Names
        .Select(scan.Collection.FindIndex)
        .FirstOrDefault(index => index is { Kind: IndexKind.Inverted, TypeName: "inverted", IsBuilding: false });

    private static List<Expression> ConditionsBehind(LogicalPlan plan, int index, Variable variable, SearchField search)
    {
        var conditions = new List<Expression>();
        var own = plan.Nodes.Skip(index).SelectMany(node => node.Produced).ToHashSet();
        for (var i = index + 1; i < plan.Nodes.Length && plan.Nodes[i] is FilterNode or CalculationNode; i++)
        {
            if (plan.Nodes[i] is FilterNode filter
                && IndexCondition.Read(filter.Condition, variable) is { Kind: IndexConditionKind.Equal or IndexConditionKind.In } condition
                && !condition.Value.Variables().Overlaps(own)
                && !condition.Value.MayWarn
                && KeepsAsIs(search, condition.Path))
                conditions.Add(filter.Condition);
            else if (plan.Nodes[i].Expressions.Any(expression => expression.MayWarn))
                break;
        }
        return conditions;
    }

    private static bool KeepsAsIs(SearchField search, AttributePath path) =>
        search.Find(path.Segments)?.Analyzers.Any(analyzer => analyzer.Name == AnalyzerDefinition.Identity.Name) == true && !(path.Segments is ["_id" or "_rev"]);
}
