using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// Computes what is constant: <c>1 + 2</c> becomes <c>3</c>, <c>true &amp;&amp; x</c> becomes <c>x</c>, an attribute of an object literal its member.
/// Does not fire on <c>1 / 0</c>: folding it would swallow the warning that each row adds; nor on calls that are not pure.
/// </summary>
internal sealed class SimplifyConditionsRule : IPlanRule
{
    public string Name => "simplify-conditions";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context) => plan.RewriteExpressions(Simplify);

    internal static Expression Simplify(Expression expression) => expression switch
    {
        ConstantExpression or SubqueryExpression => expression,
        LogicalExpression { Left: ConstantExpression left } logical => left.Value.IsTruthy == logical.IsAnd ? logical.Right : left,
        ConditionalExpression { Condition: ConstantExpression condition } conditional => condition.Value.IsTruthy
            ? conditional.WhenTrue ?? condition
            : conditional.WhenFalse,
        AttributeExpression { Target: ObjectExpression literal } attribute when IsQuiet(literal) => literal.Member(attribute.Name) ?? expression,
        RangeExpression => expression,
        CallExpression { Function.Name: "NOOPT" or "NOEVAL" } => expression,
        _ when expression.OwnPurity == FunctionPurity.Pure && expression.Children.Length > 0 && expression.Children.All(child => child is ConstantExpression)
            && FoldingContext.TryEvaluate(expression, out var value) => new ConstantExpression(value),
        _ => expression,
    };

    /// <summary>Members that are dropped must neither warn nor have effects.</summary>
    private static bool IsQuiet(ObjectExpression literal) => !literal.MayWarn && literal.Purity() == FunctionPurity.Pure;
}
