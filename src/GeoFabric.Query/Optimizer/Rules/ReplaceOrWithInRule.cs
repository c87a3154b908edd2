using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// <c>x.a == 1 || x.a == 2</c> becomes <c>x.a IN [1, 2]</c>, which one index can serve. Does not fire when the alternatives test different attributes,
/// or when an alternative may warn: OR would not always have evaluated it.
/// </summary>
internal sealed class ReplaceOrWithInRule : IPlanRule
{
    public string Name => "replace-or-with-in";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context) => plan.RewriteExpressions(Replace);

    private static Expression Replace(Expression expression)
    {
        if (expression is not LogicalExpression { IsAnd: false })
            return expression;
        var items = new List<Expression>();
        string? path = null;
        Expression? operand = null;
        foreach (var alternative in PlanEditing.Disjuncts(expression))
        {
            if (!TryReadEquality(alternative, out var attribute, out var values) || alternative.MayWarn)
                return expression;
            var text = attribute.ToString();
            if (path is not null && path != text)
                return expression;
            path = text;
            operand = attribute;
            items.AddRange(values);
        }
        return new ComparisonExpression(BinaryOperator.In, operand!, new ArrayExpression([.. items]));
    }

    private static bool TryReadEquality(Expression expression, out Expression attribute, out IEnumerable<Expression> values)
    {
        attribute = expression;
        values = [];
        switch (expression)
        {
            case ComparisonExpression { Operator: BinaryOperator.Equal } equality:
                var isFlipped = !IsPath(equality.Left);
                attribute = isFlipped ? equality.Right : equality.Left;
                values = [isFlipped ? equality.Left : equality.Right];
                return IsPath(attribute) && !IsPath(values.First());
            case ComparisonExpression { Operator: BinaryOperator.In, Right: ArrayExpression array } membership:
                attribute = membership.Left;
                values = array.Children;
                return IsPath(attribute);
            default:
                return false;
        }
    }

    private static bool IsPath(Expression expression) => expression is AttributeExpression { Target: var target } && (target is VariableExpression || IsPath(target));
}
