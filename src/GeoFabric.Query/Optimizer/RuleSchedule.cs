using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Optimizer.Rules;

namespace GeoFabric.Query.Optimizer;

/// <summary>All rules in the order they run. Each runs once over every plan level, innermost subqueries first.</summary>
public static class RuleSchedule
{
    public static IReadOnlyList<IPlanRule> Rules { get; } =
    [
        new SimplifyConditionsRule(),
        new RemoveRedundantOrRule(),
        // Before filters move: a subquery taken into its loop offers more to move across.
        new InlineSubqueriesRule(),
        new OptimizeSubqueriesRule(),
        new SplitFiltersRule(),
        new InlineVariablesRule(),
        new ReplaceOrWithInRule(),
        new ReplaceAnyEqWithInRule(),
        new PropagateConstantAttributesRule(),
        // Before filters move, so that they go on from where these two have put them.
        new MoveFiltersIntoSubqueriesRule(),
        new MoveFiltersBeforeCollectRule(),
        new MoveCalculationsUpRule(),
        new MoveFiltersUpRule(),
        // After the filters that decide: what they throw away is not computed.
        new MoveCalculationsDownRule(),
        new RemoveUnnecessaryFiltersRule(),
        // Before loops choose their indexes, which depend on what is known by then.
        new InterchangeAdjacentEnumerationsRule(),
        // After the filters stand right behind their loops.
        new UseVectorIndexRule(),
        new GeoIndexOptimizerRule(),
        new UseInvertedIndexRule(),
        // Takes the loops for which it is better than any index of the next rule.
        new UseMultiDimensionalIndexRule(),
        new UseIndexesRule(),
        new RemoveFilterCoveredByIndexRule(),
        // Where no index serves.
        new HashJoinRule(),
        new OptimizeTraversalLastElementAccessRule(),
        new OptimizeTraversalsRule(),
        new RemoveFilterCoveredByTraversalRule(),
        // After the conditions on paths, which are found by how they are written.
        new OptimizePathsRule(),
        new UseIndexForSortRule(),
        new RemoveRedundantSortsRule(),
        new SortLimitRule(),
        // After sorts know their limits.
        new SearchSortLimitRule(),
        new RemoveCollectVariablesRule(),
        new RemoveModificationVariablesRule(),
        // Late: conditions that indexes and walks serve are found by how they are written.
        new RemoveRedundantCalculationsRule(),
        // Late: what earlier rules left unused goes now.
        new RemoveUnnecessaryCalculationsRule(),
        new RemoveRedundantPathVarRule(),
        new OptimizeCountRule(),
        new UseIndexForCollectRule(),
        new LateDocumentMaterializationRule(),
        // Last of those that look at attributes: they are plain variables behind it.
        new ReduceExtractionToProjectionRule(),
        new SortInValuesRule(),
    ];

    /// <summary>Applies those of the rules that <paramref name="selection"/> leaves on.</summary>
    public static OptimizedPlan Optimize(LogicalPlan plan, OptimizerContext context, IReadOnlyList<IPlanRule> rules, RuleSelection selection)
    {
        var applied = new List<string>();
        var skipped = 0;
        foreach (var rule in rules)
        {
            if (!rule.IsMandatory && !selection.IsOn(rule.Name))
            {
                skipped++;
                continue;
            }
            var changed = ApplyEverywhere(plan, rule, context, runsAgain: false);
            if (ReferenceEquals(changed, plan))
                continue;
            plan = changed;
            applied.Add(rule.Name);
        }
        return new OptimizedPlan(plan, context.SlotCount, applied, rules.Count - skipped, skipped) { Sizes = context.Sizes };
    }

    private static LogicalPlan ApplyEverywhere(LogicalPlan plan, IPlanRule rule, OptimizerContext context, bool runsAgain)
    {
        context.ThrowIfStopped();
        var isChanged = false;
        var nodes = plan.Nodes.Select(node =>
        {
            var nodeChanged = false;
            var mapped = node.MapExpressions(expression => expression.Rewrite(part =>
            {
                if (part is not SubqueryExpression subquery)
                    return part;
                var inner = ApplyEverywhere(subquery.Plan, rule, context, runsAgain: !subquery.RunsOnce);
                if (ReferenceEquals(inner, subquery.Plan))
                    return part;
                nodeChanged = true;
                return subquery.With(inner);
            }));
            isChanged |= nodeChanged;
            return nodeChanged ? mapped : node;
        }).ToList();
        context.RunsAgain = runsAgain;
        return rule.Apply(isChanged ? new LogicalPlan([.. nodes]) : plan, context);
    }
}

/// <param name="SlotCount">Width of the rows.</param>
/// <param name="Applied">Names of the rules that changed the plan, in order.</param>
public sealed record OptimizedPlan(LogicalPlan Plan, int SlotCount, IReadOnlyList<string> Applied, int RulesExecuted, int RulesSkipped)
{
    /// <summary>How many documents the collections had whose number the rules asked for.</summary>
    public ImmutableArray<(CollectionDefinition Collection, long Documents)> Sizes { get; init; } = [];
}
