using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;
using GeoFabric.Storage;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>Rules of the optimizer that go wrong on purpose: the plan without them is right. Each rule has one at least.</summary>
internal static class RuleMistakes
{
    public static IReadOnlyList<EngineMistake> All { get; } =
    [
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
        // Sources.
        EngineMistake.OfRule("geo-index-optimizer", "an index of places looks half as far", node =>
            node is GeoIndexNode { Radius: { } radius } scan ? scan with { Radius = new ArithmeticExpression(BinaryOperator.Divide, radius, new ConstantExpression(Value.FromInteger(2))) } : node),
        EngineMistake.OfRule("use-multi-dimensional-index", "a box begins behind all numbers", node => node is BoxIndexNode scan
            ? scan with { Sides = [.. scan.Sides.Select(side => side.Lower is null ? side : side with { Lower = side.Lower with { Value = new ConstantExpression(Value.EmptyObject) }, IsPoint = false })] }
            : node),
        EngineMistake.OfRule("use-vector-index", "the nearest vectors are those near another one", node => node is VectorIndexNode scan
            ? scan with { Target = new ArrayExpression([new ConstantExpression(Value.FromInteger(-7)), new ConstantExpression(Value.FromInteger(9))]) }
            : node) with { ShowsIn = FuzzRun.Searches },
        EngineMistake.OfRule("use-inverted-index", "an inverted index finds only what is there exactly once", node =>
            node is EnumerateViewNode { FindsCandidates: true } search ? search with { FindsCandidates = false } : node) with { ShowsIn = FuzzRun.Searches },
        EngineMistake.OfRule("arangosearch-constrained-sort", "the best of a search is one", node =>
            node is EnumerateViewNode { Top: { } top } search ? search with { Top = top with { Offset = null, Count = new ConstantExpression(Value.FromInteger(1)) } } : node) with { ShowsIn = FuzzRun.Searches },
        EngineMistake.OfRule("hash-join", "a table of documents has no keys", node => node is HashJoinNode join ? join with { Keys = [], Conditions = [ConstantExpression.True] } : node),
        EngineMistake.OfRule("interchange-adjacent-enumerations", "loops that change places lose the filters", node => node is FilterNode ? null : node),
        EngineMistake.OfRule("use-index-for-collect", "groups from an index are all one", node => node is CollectNode collect
            ? collect with { Groups = [.. collect.Groups.Select(group => group with { Expression = ConstantExpression.Null })], Aggregates = [] }
            : node),
        EngineMistake.OfRule("late-document-materialization", "documents that come late do not come", node =>
            node is CalculationNode { Expression: DocumentByKeyExpression } late ? late with { Expression = ConstantExpression.Null } : node),
        EngineMistake.OfRule("reduce-extraction-to-projection", "what an index holds is not handed on", node => node is IndexNode { Projections.Length: > 0 } scan ? scan with { Projections = [] }
            : node is PathNode { VertexId: not null } walk ? walk with { VertexId = null } : node),
        // Filters.
        EngineMistake.OfRule("move-filters-before-collect", "a filter that moves in front of groups is lost", node => node is FilterNode ? null : node),
        EngineMistake.OfRule("move-filters-into-subqueries", "a filter that moves into a subquery is lost", node => InSubqueries(node, inner => inner is FilterNode ? null : inner)),
        EngineMistake.OfRule("propagate-constant-attributes", "a filter of a known value is lost", node => node is FilterNode { Condition: ComparisonExpression { Operator: BinaryOperator.Equal } } ? null : node),
        EngineMistake.OfRule("remove-redundant-or", "the last alternative of an OR goes with the redundant one", node =>
            node.MapExpressions(expression => expression.Rewrite(part => part is ComparisonExpression { Operator: BinaryOperator.Greater or BinaryOperator.GreaterOrEqual } ? ConstantExpression.True : part))),
        EngineMistake.OfRule("replace-any-eq-with-in", "ANY and NONE are the same", node => node.MapExpressions(expression => expression.Rewrite(part =>
            part is ComparisonExpression { Operator: BinaryOperator.In or BinaryOperator.NotIn } test
                ? new ComparisonExpression(test.Operator == BinaryOperator.In ? BinaryOperator.NotIn : BinaryOperator.In, test.Left, test.Right)
                : part))),
        EngineMistake.OfRule("sort-in-values", "a set of values has what it has not", node => node.MapExpressions(expression => expression.Rewrite(part =>
            part is InSetExpression set ? new InSetExpression(set.Operand, set.Array, !set.IsNegated) : part))),
        EngineMistake.OfRule("remove-filter-covered-by-traversal", "all filters are gone with those a walk covers", node => node is FilterNode ? null : node) with { ShowsIn = FuzzRun.Walks },
        // Calculations.
        EngineMistake.OfRule("move-calculations-down", "a calculation that moves down is lost", node => node is CalculationNode ? null : node),
        EngineMistake.OfRule("move-calculations-up", "a calculation that moves up is lost", node => node is CalculationNode ? null : node),
        EngineMistake.OfRule("remove-redundant-calculations", "a calculation made once is not made", node => node is CalculationNode ? null : node),
        EngineMistake.OfRule("remove-unnecessary-calculations-2", "a filter that a value is put into is lost", node => node is FilterNode ? null : node),
        EngineMistake.OfRule("optimize-subqueries", "a subquery of which one item is needed gives none", node => InSubqueries(node, inner =>
            inner is LimitNode limit ? limit with { Count = new ConstantExpression(Value.FromInteger(0)) } : inner)),
        EngineMistake.OfRule("remove-data-modification-out-variables", "OLD and NEW are left out though they are read", node =>
            node is ModificationNode change ? change with { Old = null, New = null } : node) with { ShowsIn = FuzzRun.Modifies },
        // Walks.
        EngineMistake.OfRule("optimize-paths", "a path has no vertices", node => node is PathNode { Path.Vertices: not null } walk ? walk with { Path = walk.Path with { Vertices = null } } : node) with { ShowsIn = FuzzRun.Walks },
        EngineMistake.OfRule("optimize-traversal-last-element-access", "the last vertex of a path is none", node =>
            node.MapExpressions(expression => expression.Rewrite(part => part is AttributeExpression { Target: VariableExpression } ? ConstantExpression.Null : part))) with { ShowsIn = FuzzRun.Walks },
        EngineMistake.OfRule("remove-redundant-path-var", "all of a walk is redundant", node =>
            node is TraversalNode traversal ? traversal with { NeedsVertex = false, NeedsEdge = false } : node is PathSearchNode search ? search with { Path = PathVariables.None } : node) with { ShowsIn = FuzzRun.Walks },
    ];

    /// <summary>Changes the steps of a node's subqueries.</summary>
    private static LogicalNode InSubqueries(LogicalNode node, Func<LogicalNode, LogicalNode?> change) => node.MapExpressions(expression => expression.Rewrite(part =>
        part is SubqueryExpression subquery && subquery.Plan.Nodes.Select(change).ToList() is var nodes && !nodes.SequenceEqual(subquery.Plan.Nodes)
            ? subquery.With(new LogicalPlan([.. nodes.OfType<LogicalNode>()]))
            : part));
}
