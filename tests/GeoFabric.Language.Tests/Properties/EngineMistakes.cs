using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

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
        EngineMistake.OfOperator("DISTINCT keeps repetitions", node => node is ReturnNode { IsDistinct: true } result ? result with { IsDistinct = false } : node),
        EngineMistake.OfOperator("an update merges no objects", node =>
            node is UpdateNode { IsReplace: false, Options.MergeObjects: true } update ? update with { Options = update.Options with { MergeObjects = false } } : node) with { ShowsIn = FuzzRun.Modifies },
        EngineMistake.OfOperator("an update keeps nulls it was told to drop", node =>
            node is UpdateNode { Options.KeepNull: false } update ? update with { Options = update.Options with { KeepNull = true } } : node) with { ShowsIn = FuzzRun.Modifies },
        EngineMistake.OfOperator("changes in a subquery are forgotten", node =>
            node is CalculationNode { Expression: SubqueryExpression { Plan.IsModification: true } } let ? let with { Expression = new ConstantExpression(Value.EmptyArray) } : node) with { ShowsIn = FuzzRun.Modifies },
        EngineMistake.OfOperator("a replace keeps attributes", node => node is UpdateNode { IsReplace: true } update ? update with { IsReplace = false } : node) with { ShowsIn = FuzzRun.Modifies },
        EngineMistake.OfOperator("errors are ignored", node =>
            node is UpdateNode { Options.IgnoreErrors: false } update ? update with { Options = update.Options with { IgnoreErrors = true } } : node) with { ShowsIn = FuzzRun.Modifies },
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
        .. WalkMistakes.All.Select(mistake => mistake with { ShowsIn = FuzzRun.Walks }),
        .. SearchMistakes.All.Select(mistake => mistake with { ShowsIn = FuzzRun.Searches }),
        .. RuleMistakes.All,
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
