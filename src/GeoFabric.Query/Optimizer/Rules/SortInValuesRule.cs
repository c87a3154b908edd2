using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary><c>x IN [...]</c> over a long constant array looks values up in a hash set. Does not fire on short arrays, where walking is faster.</summary>
internal sealed class SortInValuesRule : IPlanRule
{
    /// <summary>Below this many items a walk beats hashing the operand.</summary>
    private const int ItemsMin = 8;

    public string Name => "sort-in-values";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context) => plan.RewriteExpressions(expression =>
        expression is ComparisonExpression { Operator: BinaryOperator.In or BinaryOperator.NotIn, Right: ConstantExpression { Value.IsArray: true } array } comparison
        && array.Value.Items.Count >= ItemsMin
            ? new InSetExpression(comparison.Left, array, comparison.Operator == BinaryOperator.NotIn)
            : expression);
}
