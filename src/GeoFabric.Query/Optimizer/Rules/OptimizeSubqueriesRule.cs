using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// A subquery of which only the first item is taken, or whose number of items is only compared with a small number, ends as soon as that is known:
/// <c>FIRST(FOR ..)</c>, <c>(FOR ..)[0]</c>, <c>LENGTH(FOR ..) &gt; 0</c>. Must not fire when the rows left out could have warned, failed or changed
/// something, nor on DISTINCT, which counts other rows.
/// </summary>
internal sealed class OptimizeSubqueriesRule : IPlanRule
{
    private const long CountMax = 1000;

    public string Name => "optimize-subqueries";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context) => plan.RewriteExpressions(Limit);

    private static Expression Limit(Expression expression) => expression switch
    {
        CallExpression { Function.Name: "FIRST", Children: [SubqueryExpression subquery] } call when Cut(subquery, 1) is { } cut => call.WithChildren([cut]),
        IndexExpression { Children: [SubqueryExpression subquery, ConstantExpression { Value: { IsInteger: true, Integer: 0 } } index] } access when Cut(subquery, 1) is { } cut =>
            access.WithChildren([cut, index]),
        ComparisonExpression { Left: CallExpression { Function.Name: "LENGTH" or "COUNT", Children: [SubqueryExpression subquery] } call, Right: ConstantExpression number } comparison
            when Cut(subquery, RowsThatDecide(comparison.Operator, number.Value)) is { } cut =>
            comparison.WithChildren([call.WithChildren([cut]), number]),
        _ => expression,
    };

    /// <returns>Rows after which the comparison of their number cannot change; 0 when there is no such number.</returns>
    private static long RowsThatDecide(BinaryOperator operation, Value number)
    {
        if (!number.IsInteger || number.Integer is < 0 or > CountMax)
            return 0;
        return operation switch
        {
            BinaryOperator.Greater or BinaryOperator.LessOrEqual or BinaryOperator.Equal or BinaryOperator.NotEqual => number.Integer + 1,
            BinaryOperator.Less or BinaryOperator.GreaterOrEqual => number.Integer,
            _ => 0,
        };
    }

    private static SubqueryExpression? Cut(SubqueryExpression subquery, long rows)
    {
        var plan = subquery.Plan;
        if (rows == 0 || plan.Return is not { IsDistinct: false } || plan.Nodes[^2] is LimitNode or SingletonNode || !plan.IsQuiet)
            return null;
        return subquery.With(plan with { Nodes = plan.Nodes.Insert(plan.Nodes.Length - 1, new LimitNode(null, new ConstantExpression(Value.FromInteger(rows)))) });
    }
}
