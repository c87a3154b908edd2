using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// <c>["a", "b"] ANY == d.x</c> becomes <c>d.x IN ["a", "b"]</c>, which an index can serve, and NONE likewise NOT IN. Must not fire for an attribute on the
/// left, which may be no array, nor for other comparisons.
/// </summary>
internal sealed class ReplaceAnyEqWithInRule : IPlanRule
{
    public string Name => "replace-any-eq-with-in";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context) => plan.RewriteExpressions(Replace);

    private static Expression Replace(Expression expression) => expression switch
    {
        ArrayComparisonExpression { Quantifier: QuantifierKind.Any, Operator: BinaryOperator.Equal } any when IsList(any.Left) => new ComparisonExpression(BinaryOperator.In, any.Right, any.Left),
        ArrayComparisonExpression { Quantifier: QuantifierKind.None, Operator: BinaryOperator.Equal } none when IsList(none.Left) => new ComparisonExpression(BinaryOperator.NotIn, none.Right, none.Left),
        _ => expression,
    };

    private static bool IsList(Expression left) => left is ConstantExpression { Value.IsArray: true } or ArrayExpression;
}
