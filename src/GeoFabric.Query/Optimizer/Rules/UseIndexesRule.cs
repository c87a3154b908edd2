using System.Collections.Immutable;
using GeoFabric.Primitives.Errors;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// A loop over a collection with filters behind it reads an index instead: equality, IN and ranges on the leading fields, prefixes of strings,
/// items of arrays. The index expected to read the fewest documents wins. Must not fire when the other side of the condition reads the same
/// document (<c>d.a == d.b</c>) or changes from call to call (<c>d.a == RAND()</c>). With <c>forceIndexHint</c> and no match it is error 1577.
/// </summary>
internal sealed class UseIndexesRule : IPlanRule
{
    /// <summary>The share of documents up to which it pays to look them up.</summary>
    private const double LookedUpShareMax = 0.5;

    /// <summary>The share up to which it pays to look up the same ones for each row of the loops around.</summary>
    private const double RepeatedShareMax = 0.1;

    /// <summary>Fewer documents are read in no time either way.</summary>
    private const int ScannedFrom = 1000;

    public string Name => "use-indexes";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        var nodes = plan.Nodes;
        for (var i = 0; i < nodes.Length; i++)
        {
            context.ThrowIfStopped();
            if (nodes[i] is not EnumerateCollectionNode { Hint.IsDisabled: false } scan)
                continue;
            var conditions = ConditionsBehind(plan, i, scan.Variable);
            var match = Choose(scan, conditions, context);
            if (match is null && scan.Hint.IsForced && scan.Hint.Names.Length > 0)
                throw ErrorCodes.ForcedIndexHintUnusable.With($"none of the indexes {string.Join(", ", scan.Hint.Names)} of '{scan.Collection.Name}' fits the conditions");
            if (match is null)
            {
                if (FindUnion(plan, i, scan, context) is { } union)
                    nodes = nodes.SetItem(i, union);
                continue;
            }
            if (IsScanCheaper(plan, i, scan, match, context))
                continue;
            var node = new IndexNode(scan.Variable, scan.Collection, match.Index, match.Equalities, match.Lower, match.Upper)
            {
                Guards = FindGuards(match, conditions),
                OtherTypes = match.Prefix switch
                {
                    null => OtherTypes.None,
                    { WarnsOfOtherTypes: true } => OtherTypes.All,
                    _ => OtherTypes.AllButNull,
                },
            };
            nodes = nodes.SetItem(i, node.Expressions.Any(expression => expression.MayWarn) ? node with { BoundsMayWarn = true } : node with { Covered = match.Covered });
        }
        return nodes == plan.Nodes ? plan : plan with { Nodes = nodes };
    }

    /// <summary>How an index would best serve the loop at a position of the plan; null when none does.</summary>
    internal static IndexMatch? Choose(LogicalPlan plan, int position, EnumerateCollectionNode scan, OptimizerContext context) =>
        Choose(scan, ConditionsBehind(plan, position, scan.Variable), context);

    /// <summary>Whether the loop is better off without the index it could use; never so when the index alone answers, or gives an order.</summary>
    private static bool IsScanCheaper(LogicalPlan plan, int position, EnumerateCollectionNode scan, IndexMatch match, OptimizerContext context) =>
        scan.Hint.Names.IsEmpty
        && ReadsTooMany(scan, match, isInner: !plan.IsSingleRowBefore(position) || plan.FreeVariables().Count > 0, context)
        && !plan.Nodes.Skip(position).Any(node => node is SortNode)
        && !(CoveringIndex.IsCovering(match.Index) && CoveringIndex.Covers(match.Index, scan.Variable, plan.Nodes.Skip(position).SelectMany(node => node.Expressions)));

    /// <summary>
    /// Looking up most of many documents one by one costs more than walking past all of them; and what an inner loop would look up each time anew, a hash
    /// join finds once.
    /// </summary>
    internal static bool ReadsTooMany(EnumerateCollectionNode scan, IndexMatch match, bool isInner, OptimizerContext context)
    {
        var documents = context.EstimateDocuments(scan.Collection);
        var isSameEachTime = isInner && match.Equalities.All(equality => equality.Value.Variables().Count == 0)
            && match.Lower?.Value.Variables().Count is null or 0 && match.Upper?.Value.Variables().Count is null or 0;
        return documents >= ScannedFrom && context.EstimateRows(scan.Collection, match) > documents * (isSameEachTime ? RepeatedShareMax : LookedUpShareMax);
    }

    /// <summary>Conditions of the filters right behind the loop, up to anything that may warn, limits, or multiplies rows.</summary>
    internal static List<IndexCondition> ConditionsBehind(LogicalPlan plan, int index, Variable variable)
    {
        var later = SetFrom(plan, index);
        var conditions = new List<IndexCondition>();
        for (var i = index + 1; i < plan.Nodes.Length && plan.Nodes[i] is FilterNode or CalculationNode; i++)
        {
            if (plan.Nodes[i] is FilterNode filter
                && IndexCondition.Read(filter.Condition, variable) is { } condition
                && !condition.Value.Variables().Overlaps(later))
            {
                conditions.Add(condition);
                // Conditions behind one that warns must not hide documents from it.
                if (condition.WarnsOfOtherTypes || IsExpectedToWarn(condition.Value))
                    break;
            }
            else if (plan.Nodes[i].Expressions.Any(expression => expression.MayWarn))
                break;
        }
        return conditions;
    }

    /// <summary>
    /// A value that may warn for some rows, or warns whenever it is taken: of constants, what does not warn has been folded. The time some days ago, say,
    /// is neither.
    /// </summary>
    private static bool IsExpectedToWarn(Expression value) =>
        value.MayWarn && (value.Variables().Count > 0 || (value.OwnMayWarn && value.Children.Length > 0 && value.Children.All(child => child is ConstantExpression)) || value.Children.Any(IsExpectedToWarn));

    /// <summary>
    /// Values that may warn of conditions in front of the last one that the index serves. Those it takes for its bounds are computed anyway, unless they come
    /// behind the items of a list, which may be empty.
    /// </summary>
    private static ImmutableArray<Expression> FindGuards(IndexMatch match, List<IndexCondition> conditions)
    {
        var bounds = match.Equalities.Select(equality => equality.Value).Append(match.Lower?.Value).Append(match.Upper?.Value).OfType<Expression>().ToList();
        var isComputed = match.Equalities.All(equality => !equality.IsIn || ReferenceEquals(equality.Value, bounds[^1]));
        var last = conditions.FindLastIndex(condition => IsBound(condition));
        return [.. conditions.Take(last).Where(condition => condition.Value.MayWarn && !(isComputed && IsBound(condition))).Select(condition => condition.Value)];

        bool IsBound(IndexCondition condition) => bounds.Exists(bound => IsPart(condition.Value, bound));

        static bool IsPart(Expression part, Expression whole) => ReferenceEquals(part, whole) || whole.Children.Any(child => IsPart(part, child));
    }

    /// <summary>Variables that are not known in front of the loop.</summary>
    private static HashSet<Variable> SetFrom(LogicalPlan plan, int index)
    {
        HashSet<Variable> later = [.. plan.Nodes.Skip(index).SelectMany(node => node.Produced)];
        later.ExceptWith(plan.SetBefore(index));
        return later;
    }

    /// <summary>Alternatives that different indexes serve: <c>d.a == 1 || d.b &gt; 2</c>. Their filter stays, as it says which documents they are.</summary>
    private static IndexUnionNode? FindUnion(LogicalPlan plan, int index, EnumerateCollectionNode scan, OptimizerContext context)
    {
        for (var i = index + 1; i < plan.Nodes.Length && plan.Nodes[i] is FilterNode filter; i++)
        {
            if (filter.Condition.MayWarn)
                return null;
            if (filter.Condition is LogicalExpression { IsAnd: false } or && FindBranches(plan, index, scan, or, context) is { } branches)
                return new IndexUnionNode(scan.Variable, scan.Collection, branches);
        }
        return null;
    }

    private static ImmutableArray<IndexNode>? FindBranches(LogicalPlan plan, int index, EnumerateCollectionNode scan, Expression condition, OptimizerContext context)
    {
        var branches = ImmutableArray.CreateBuilder<IndexNode>();
        var later = SetFrom(plan, index);
        var rows = 0.0;
        foreach (var alternative in PlanEditing.Disjuncts(condition))
        {
            context.ThrowIfStopped();
            var conditions = PlanEditing.Conjuncts(alternative).Select(part => IndexCondition.Read(part, scan.Variable)).OfType<IndexCondition>()
                .Where(part => part.Kind != IndexConditionKind.Prefix && !part.Value.Variables().Overlaps(later)).ToList();
            if (Choose(scan, conditions, context) is not { } match)
                return null;
            branches.Add(new IndexNode(scan.Variable, scan.Collection, match.Index, match.Equalities, match.Lower, match.Upper));
            rows += context.EstimateRows(scan.Collection, match);
        }
        return rows <= Math.Max(8, context.EstimateDocuments(scan.Collection) * LookedUpShareMax) ? branches.ToImmutable() : null;
    }

    internal static IndexMatch? Choose(EnumerateCollectionNode scan, IReadOnlyList<IndexCondition> conditions, OptimizerContext context)
    {
        IndexMatch? best = null;
        var bestRows = double.MaxValue;
        foreach (var index in PrimaryIndex.AllOf(scan.Collection))
        {
            var hinted = scan.Hint.Names.IndexOf(index.Name);
            if (scan.Hint.IsForced && scan.Hint.Names.Length > 0 && hinted < 0)
                continue;
            if (IndexMatch.Find(scan.Collection, index, conditions) is not { } match)
                continue;
            // A hinted index beats any other that fits; among several hints the first.
            var rows = hinted >= 0 ? hinted - scan.Hint.Names.Length : context.EstimateRows(scan.Collection, match) - (0.01 * match.Equalities.Length);
            if (rows >= bestRows)
                continue;
            best = match;
            bestRows = rows;
        }
        return best;
    }
}
