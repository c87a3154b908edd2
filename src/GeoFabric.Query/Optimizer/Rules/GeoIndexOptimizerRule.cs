using GeoFabric.Database.Catalog;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// A loop over a collection with a condition on distance, range, containment or intersection reads what a geo index has around the other shape; one
/// that is sorted by distance and limited reads rings around it until there is enough. Conditions and sort stay, so results are exact.
/// Must not fire when anything but that very call may warn about documents that are not read then, when another index serves an equality, or when the
/// other shape reads the same document or changes from call to call.
/// </summary>
internal sealed class GeoIndexOptimizerRule : IPlanRule
{
    public string Name => "geo-index-optimizer";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            if (plan.Nodes[i] is EnumerateCollectionNode { Hint.IsDisabled: false } scan && IndexesOf(plan, i, scan, context) is { Count: > 0 } indexes)
                plan = Use(plan, i, scan, indexes, context);
        }
        return plan;
    }

    /// <summary>The geo indexes that hints and better indexes leave.</summary>
    private static List<IndexDefinition> IndexesOf(LogicalPlan plan, int position, EnumerateCollectionNode scan, OptimizerContext context)
    {
        var all = scan.Collection.Indexes.Where(index => index is { Kind: IndexKind.Geo, IsBuilding: false }).ToList();
        var hinted = all.Where(index => scan.Hint.Names.Contains(index.Name)).OrderBy(index => scan.Hint.Names.IndexOf(index.Name)).ToList();
        if (hinted.Count > 0 || (scan.Hint.IsForced && scan.Hint.Names.Length > 0))
            return hinted;
        return all.Count > 0 && UseIndexesRule.Choose(plan, position, scan, context) is { } match && (match.Equalities.Length > 0 || scan.Hint.Names.Contains(match.Index.Name))
            ? []
            : all;
    }

    private static LogicalPlan Use(LogicalPlan plan, int position, EnumerateCollectionNode scan, List<IndexDefinition> indexes, OptimizerContext context)
    {
        var end = position + 1;
        while (end < plan.Nodes.Length && plan.Nodes[end] is FilterNode or CalculationNode)
            end++;
        var behind = new Loop(plan, position, end, scan.Variable, indexes);
        var within = behind.FindCondition();
        var nearest = behind.FindOrder();
        if (within is null && nearest is null)
            return plan;
        var call = within?.Call ?? nearest!;
        var node = new GeoIndexNode(scan.Variable, scan.Collection, call.Index, call.Target, call.Probe, within?.Radius);
        if (nearest is null || !nearest.IsSame(call.Call))
            return plan with { Nodes = plan.Nodes.SetItem(position, node) };
        var sort = (SortNode)plan.Nodes[end];
        var reached = context.NewVariable("metres reached");
        var limit = SortLimitRule.LimitBehind(plan, end);
        // Rows come in rings; ties are to come in the order of the collection.
        var inOrder = sort with
        {
            Items = sort.Items.Add(new SortItem(new AttributeExpression(new VariableExpression(scan.Variable), "_key"), IsDescending: false)),
            Limit = limit,
            Reached = reached,
        };
        return plan with { Nodes = plan.Nodes.SetItem(position, node with { Reached = reached, Limit = limit }).SetItem(end, inOrder) };
    }

    /// <summary>A loop and the filters and calculations behind it.</summary>
    private sealed class Loop(LogicalPlan plan, int position, int end, Variable variable, List<IndexDefinition> indexes)
    {
        private readonly HashSet<Variable> _later = [.. plan.Nodes.Skip(position).SelectMany(node => node.Produced)];

        /// <summary>Calls that calculations behind the loop give a name.</summary>
        private readonly Dictionary<Variable, Expression> _named = plan.Nodes.Take(end).Skip(position + 1).OfType<CalculationNode>()
            .Where(node => GeoCall.Read(node.Expression, variable, indexes) is not null)
            .ToDictionary(node => node.Variable, node => node.Expression);

        /// <summary>The first condition that the index can serve.</summary>
        public (GeoCall Call, Expression? Radius)? FindCondition()
        {
            for (var i = position + 1; i < end; i++)
            {
                if (plan.Nodes[i] is FilterNode filter && ReadCondition(Resolve(filter.Condition)) is { } found && IsQuiet(found.Call, i))
                    return found;
            }
            return null;
        }

        /// <summary>The distance by which the documents are sorted, nearest first, when only some of them are taken.</summary>
        public GeoCall? FindOrder()
        {
            if (end == plan.Nodes.Length || plan.Nodes[end] is not SortNode { Limit: null } sort || !plan.IsSingleRowBefore(position))
                return null;
            return !sort.Items[0].IsDescending
                && Read(Resolve(sort.Items[0].Expression)) is { IsDistance: true } call
                && IsQuiet(call, end)
                && sort.Items.All(item => call.IsOnlyWarningOf(Resolve(item.Expression)))
                && SortLimitRule.LimitBehind(plan, end) is not null
                ? call
                : null;
        }

        private (GeoCall Call, Expression? Radius)? ReadCondition(Expression condition)
        {
            if (Read(condition) is { IsCondition: true } call)
                return (call, call.Radius);
            if (condition is not ComparisonExpression comparison)
                return null;
            var (distance, radius) = comparison.Operator switch
            {
                BinaryOperator.Less or BinaryOperator.LessOrEqual => (comparison.Left, comparison.Right),
                BinaryOperator.Greater or BinaryOperator.GreaterOrEqual => (comparison.Right, comparison.Left),
                _ => (comparison, comparison),
            };
            return Read(distance) is { IsDistance: true } measured && IsKnownBefore(radius) ? (measured, radius) : null;
        }

        private GeoCall? Read(Expression expression) =>
            GeoCall.Read(expression, variable, indexes) is { } call && IsKnownBefore(call.Probe) && IsKnownBefore(call.Target) ? call : null;

        private bool IsKnownBefore(Expression expression) =>
            expression.Purity() != FunctionPurity.Volatile && !expression.Variables().Overlaps(_later);

        /// <summary>Whether what stands between the loop and a node says nothing about documents whose call is quiet.</summary>
        private bool IsQuiet(GeoCall call, int node) =>
            plan.Nodes.Take(node).Skip(position + 1).All(between => between.Expressions.All(expression => call.IsOnlyWarningOf(Resolve(expression))));

        private Expression Resolve(Expression expression) => expression.Rewrite(part =>
            part is VariableExpression reference && _named.TryGetValue(reference.Variable, out var named) ? named : part);
    }
}
