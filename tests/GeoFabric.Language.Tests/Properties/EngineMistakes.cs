using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;
using GeoFabric.Storage;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>Engines that are wrong on purpose, of which each has to be noticed.</summary>
internal static class EngineMistakes
{
    public static IReadOnlyList<EngineMistake> All { get; } =
    [
        // Operators: with every plan the same, so that only the reference can tell.
        EngineMistake.OfOperator("a filter forgets the second half of its condition", node =>
            node is FilterNode { Condition: LogicalExpression { IsAnd: true } both } ? new FilterNode(both.Left) : node),
        EngineMistake.OfOperator("a sort ignores directions", node =>
            node is SortNode sort && sort.Items.Any(item => item.IsDescending) ? sort with { Items = [.. sort.Items.Select(item => item with { IsDescending = false })] } : node),
        EngineMistake.OfOperator("a sort ignores all but its first item", node =>
            node is SortNode { Items.Length: > 1 } sort ? sort with { Items = [sort.Items[0]] } : node),
        EngineMistake.OfOperator("a limit passes one row too many", node =>
            node is LimitNode { Count: ConstantExpression { Value: { IsInteger: true } count } } limit ? limit with { Count = new ConstantExpression(Value.FromInteger(count.Integer + 1)) } : node),
        EngineMistake.OfOperator("a limit ignores its offset", node => node is LimitNode { Offset: not null } limit ? limit with { Offset = null } : node),
        EngineMistake.OfOperator("groups come out unsorted", node => node is CollectNode { IsSorted: true } collect ? collect with { IsSorted = false } : node),
        EngineMistake.OfOperator("a group misses its last value", node =>
            node is CollectNode { Groups.Length: > 1 } collect
                ? collect with { Groups = collect.Groups.SetItem(collect.Groups.Length - 1, collect.Groups[^1] with { Expression = ConstantExpression.Null }) }
                : node),
        EngineMistake.OfOperator("an aggregate counts without nulls", node => Aggregated(node, "COUNT", "LENGTH", () => new CountOfValues())),
        EngineMistake.OfOperator("a minimum takes nulls", node => Aggregated(node, "MIN", "MIN", () => new MinimumWithNulls())),
        EngineMistake.OfOperator("a frame ends at its own row", node =>
            node is WindowNode window && window.Frame.Following != WindowBound.Current ? window with { Frame = window.Frame with { Following = WindowBound.Current } } : node),
        EngineMistake.OfOperator("a frame of values counts rows", node => node is WindowNode { RangeValue: not null, Frame.IsDuration: false } window ? window with { RangeValue = null } : node),
        EngineMistake.OfOperator("a traversal prunes nothing", node => node is TraversalNode { Prune: not null } traversal ? traversal with { Prune = null } : node),
        EngineMistake.OfOperator("a traversal walks any direction outbound", node =>
            node is TraversalNode traversal && traversal.Graph.Edges.Any(edges => edges.Direction == EdgeDirection.Any)
                ? traversal with { Graph = traversal.Graph with { Edges = [.. traversal.Graph.Edges.Select(edges => edges with { Direction = EdgeDirection.Outbound })] } }
                : node),
        EngineMistake.OfOperator("DISTINCT keeps repetitions", node => node is ReturnNode { IsDistinct: true } result ? result with { IsDistinct = false } : node),
        EngineMistake.OfOperator("an update merges no objects", node =>
            node is UpdateNode { IsReplace: false, Options.MergeObjects: true } update ? update with { Options = update.Options with { MergeObjects = false } } : node) with { IsOfModification = true },
        EngineMistake.OfOperator("an update keeps nulls it was told to drop", node =>
            node is UpdateNode { Options.KeepNull: false } update ? update with { Options = update.Options with { KeepNull = true } } : node) with { IsOfModification = true },
        EngineMistake.OfOperator("a replace keeps attributes", node => node is UpdateNode { IsReplace: true } update ? update with { IsReplace = false } : node) with { IsOfModification = true },
        EngineMistake.OfOperator("errors are ignored", node =>
            node is UpdateNode { Options.IgnoreErrors: false } update ? update with { Options = update.Options with { IgnoreErrors = true } } : node) with { IsOfModification = true },
        EngineMistake.OfExpression("DOCUMENT ignores its collection", expression =>
            expression is CallExpression { Function.Name: "DOCUMENT", Children.Length: 2 } call ? new CallExpression(call.Function, [call.Children[1]]) : expression),
        EngineMistake.OfExpression("less means less or equal", expression =>
            expression is ComparisonExpression { Operator: BinaryOperator.Less } less ? new ComparisonExpression(BinaryOperator.LessOrEqual, less.Left, less.Right) : expression),
        EngineMistake.OfExpression("NOT IN means not equal", expression =>
            expression is ComparisonExpression { Operator: BinaryOperator.NotIn } not ? new ComparisonExpression(BinaryOperator.NotEqual, not.Left, not.Right) : expression),
        EngineMistake.OfExpression("NOT LIKE means LIKE", expression =>
            expression is PatternExpression { Operator: BinaryOperator.NotLike } pattern ? new PatternExpression(BinaryOperator.Like, pattern.Left, pattern.Right) : expression),
        EngineMistake.OfExpression("OR gives its right side", expression => expression is LogicalExpression { IsAnd: false } or ? new LogicalExpression(isAnd: false, or.Right, or.Left) : expression),
        EngineMistake.OfExpression("a condition takes only true for true", expression =>
            expression is ConditionalExpression { WhenTrue: not null } choice
                ? new ConditionalExpression(new ComparisonExpression(BinaryOperator.Equal, choice.Condition, ConstantExpression.True), choice.WhenTrue, choice.WhenFalse)
                : expression),
        EngineMistake.OfExpression("a remainder divides", expression =>
            expression is ArithmeticExpression { Operator: BinaryOperator.Modulo } modulo ? new ArithmeticExpression(BinaryOperator.Divide, modulo.Left, modulo.Right) : expression),
        // Rules: the plan without them is right.
        EngineMistake.OfRule("use-indexes", "an index reads an open range as a closed one", node =>
            node is IndexNode { Lower.IsInclusive: false } scan ? scan with { Lower = scan.Lower with { IsInclusive = true } } : node),
        EngineMistake.OfRule("use-indexes", "an index reads a closed range as an open one", node =>
            node is IndexNode { Upper.IsInclusive: true } scan ? scan with { Upper = scan.Upper with { IsInclusive = false } } : node),
        EngineMistake.OfRule("use-indexes", "an index forgets the upper bound", node => node is IndexNode { Upper: not null } scan ? scan with { Upper = null } : node),
        EngineMistake.OfRule("use-indexes", "an index reads only the first field", node =>
            node is IndexNode { Equalities.Length: > 1 } scan ? scan with { Equalities = [scan.Equalities[0]], Lower = null, Upper = null } : node),
        EngineMistake.OfRule("use-index-for-sort", "an index is always read forward", node =>
            node is IndexNode { Direction: ScanDirection.Backward } scan ? scan with { Direction = ScanDirection.Forward } : node),
        EngineMistake.OfRule("optimize-traversals", "a condition on one step holds for all", node =>
            node is TraversalNode traversal && traversal.Conditions.Any(condition => condition.Depth is not null) ? traversal with { Conditions = [.. traversal.Conditions.Select(condition => condition with { Depth = null })] } : node),
        EngineMistake.OfRule("remove-filter-covered-by-index", "all filters are gone with the covered one", node => node is FilterNode ? null : node),
        EngineMistake.OfRule("move-filters-up", "a filter that moves is lost", node => node is FilterNode { Condition: ComparisonExpression } ? null : node),
        EngineMistake.OfRule("remove-unnecessary-filters", "all filters are unnecessary", node => node is FilterNode ? null : node),
        EngineMistake.OfRule("remove-redundant-sorts", "all sorts are redundant", node => node is SortNode ? null : node),
        EngineMistake.OfRule("inline-subqueries", "a subquery loses its filters when it is inlined", node => node is FilterNode ? null : node),
        EngineMistake.OfRule("sort-limit", "a sort for a limit forgets the offset", node =>
            node is SortNode { Limit.Offset: not null } sort ? sort with { Limit = sort.Limit with { Offset = null } } : node),
        EngineMistake.OfRule("replace-or-with-in", "the last alternative of an OR is lost", node => node.MapExpressions(expression => expression.Rewrite(part =>
            part is ComparisonExpression { Operator: BinaryOperator.In, Right: ArrayExpression { Children.Length: > 1 } array } membership
                ? new ComparisonExpression(BinaryOperator.In, membership.Left, new ArrayExpression(array.Children[..^1]))
                : part))),
        EngineMistake.OfRule("optimize-count", "documents are not read at all", node => node is EnumerateCollectionNode { IsCountOnly: false } scan ? scan with { IsCountOnly = true } : node),
        EngineMistake.OfRule("remove-collect-variables", "used aggregates are removed as well", node => node is CollectNode { Aggregates.Length: > 0 } collect ? collect with { Aggregates = [] } : node),
        EngineMistake.OfRule("remove-unnecessary-calculations", "used calculations are removed as well", node => node is CalculationNode ? null : node),
        EngineMistake.OfRule("simplify-conditions", "a condition that is simplified turns around", node =>
            node is FilterNode { Condition: not ConstantExpression } filter ? new FilterNode(new UnaryExpression(UnaryOperator.Not, filter.Condition)) : node),
        EngineMistake.OfRule("split-filters", "the first part of a split filter is lost", node => node is FilterNode { Condition: ComparisonExpression { Operator: BinaryOperator.Greater or BinaryOperator.Less } } ? null : node),
    ];

    private static LogicalNode Aggregated(LogicalNode node, string name, string alias, Func<Aggregator> create)
    {
        if (node is not CollectNode collect || collect.Aggregates.All(aggregate => aggregate.Function.Name != name && aggregate.Function.Name != alias))
            return node;
        return collect with
        {
            Aggregates = [.. collect.Aggregates.Select(aggregate => aggregate.Function.Name == name || aggregate.Function.Name == alias ? aggregate with { Function = new AggregateDefinition(name, create) } : aggregate)],
        };
    }

    private sealed class CountOfValues : Aggregator
    {
        private long _count;

        public override Value ResultOfNothing => Value.FromInteger(0);

        public override void Add(Value value, EvaluationContext context) => _count += value.IsNull ? 0 : 1;

        public override Value Result(EvaluationContext context) => Value.FromInteger(_count);
    }

    private sealed class MinimumWithNulls : Aggregator
    {
        private Value? _least;

        public override void Add(Value value, EvaluationContext context) => _least = _least is { } least && ValueComparer.Compare(least, value) < 0 ? least : value;

        public override Value Result(EvaluationContext context) => _least ?? default;
    }
}
