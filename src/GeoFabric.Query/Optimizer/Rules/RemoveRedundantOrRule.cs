using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Syntax;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// <c>d.a &gt; 1 || d.a &gt; 2</c> becomes <c>d.a &gt; 1</c>: an alternative that holds only where another one does is left out, and what remains may
/// fit an index. Must not fire for different attributes, nor where an alternative is no comparison: OR gives the operand itself, not its truth.
/// </summary>
internal sealed class RemoveRedundantOrRule : IPlanRule
{
    public string Name => "remove-redundant-or";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context) => plan.RewriteExpressions(Reduce);

    private static Expression Reduce(Expression expression)
    {
        if (expression is not LogicalExpression { IsAnd: false })
            return expression;
        var alternatives = PlanEditing.Disjuncts(expression).ToList();
        if (!alternatives.All(alternative => alternative is ComparisonExpression && !alternative.MayWarn))
            return expression;
        var comparisons = alternatives.Cast<ComparisonExpression>().ToList();
        var attributes = new Dictionary<string, Limits>(StringComparer.Ordinal);
        var limits = comparisons.ConvertAll(comparison => LimitsOf(comparison, attributes));
        List<Expression> kept = [.. comparisons.Where((comparison, i) => limits[i] is not { } known || known.IsNeeded(comparison))];
        return kept.Count == alternatives.Count
            ? expression
            : kept.Skip(1).Aggregate(kept[0], (left, right) => new LogicalExpression(isAnd: false, left, right));
    }

    /// <summary>What the alternatives say of the same attribute, this one included; null when this one compares it with no constant.</summary>
    private static Limits? LimitsOf(ComparisonExpression comparison, Dictionary<string, Limits> attributes)
    {
        if (comparison.Right is not ConstantExpression || PlanEditing.KeyOf(comparison.Left) is not { } key)
            return null;
        if (!attributes.TryGetValue(key, out var limits))
            attributes.Add(key, limits = new Limits());
        limits.Add(comparison);
        return limits;
    }

    /// <summary>The widest limits that alternatives set to one attribute, and the values they name.</summary>
    private sealed class Limits
    {
        private readonly HashSet<Value> _values = [];
        private ComparisonExpression? _lower;
        private ComparisonExpression? _upper;

        public void Add(ComparisonExpression comparison)
        {
            if (comparison.Operator is BinaryOperator.Greater or BinaryOperator.GreaterOrEqual)
                _lower = _lower is null || !Follows(_lower, comparison) ? comparison : _lower;
            else if (comparison.Operator is BinaryOperator.Less or BinaryOperator.LessOrEqual)
                _upper = _upper is null || !Follows(_upper, comparison) ? comparison : _upper;
        }

        /// <summary>Whether nothing else holds wherever the comparison does. Asked once for each, in their order: of equal ones the first is needed.</summary>
        public bool IsNeeded(ComparisonExpression comparison) => comparison.Operator switch
        {
            BinaryOperator.Greater or BinaryOperator.GreaterOrEqual => ReferenceEquals(comparison, _lower),
            BinaryOperator.Less or BinaryOperator.LessOrEqual => ReferenceEquals(comparison, _upper),
            BinaryOperator.Equal => !IsWithin(_lower, comparison) && !IsWithin(_upper, comparison) && _values.Add(((ConstantExpression)comparison.Right).Value),
            _ => true,
        };

        private static bool IsWithin(ComparisonExpression? limit, ComparisonExpression comparison) => limit is not null && Follows(limit, comparison);
    }

    /// <summary>Whether a comparison holds wherever the narrower one of the same attribute does. All values have their place in one order, so only the limits count.</summary>
    private static bool Follows(ComparisonExpression wider, ComparisonExpression narrower)
    {
        if (wider.Right is not ConstantExpression limit || narrower.Right is not ConstantExpression value)
            return false;
        var order = ValueComparer.Compare(value.Value, limit.Value);
        return wider.Operator switch
        {
            BinaryOperator.Greater => narrower.Operator switch
            {
                BinaryOperator.Greater => order >= 0,
                BinaryOperator.GreaterOrEqual or BinaryOperator.Equal => order > 0,
                _ => false,
            },
            BinaryOperator.GreaterOrEqual => narrower.Operator is BinaryOperator.Greater or BinaryOperator.GreaterOrEqual or BinaryOperator.Equal && order >= 0,
            BinaryOperator.Less => narrower.Operator switch
            {
                BinaryOperator.Less => order <= 0,
                BinaryOperator.LessOrEqual or BinaryOperator.Equal => order < 0,
                _ => false,
            },
            BinaryOperator.LessOrEqual => narrower.Operator is BinaryOperator.Less or BinaryOperator.LessOrEqual or BinaryOperator.Equal && order <= 0,
            _ => false,
        };
    }
}
