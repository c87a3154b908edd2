using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Optimizer;

internal enum IndexConditionKind
{
    Equal,
    In,

    /// <summary>A value that an array attribute contains.</summary>
    Contained,
    Lower,
    Upper,

    /// <summary>A text with which the attribute starts; gives both bounds, and its filter has to stay.</summary>
    Prefix,
}

/// <summary>A condition on one attribute path of a loop variable, as an index could serve it.</summary>
/// <param name="Value">Expression of the other side; does not read the loop variable.</param>
/// <param name="Filter">The whole condition it came from.</param>
internal sealed record IndexCondition(IndexConditionKind Kind, AttributePath Path, Expression Value, bool IsInclusive, Expression Filter)
{
    /// <summary>Whether the condition warns about attributes that are no strings, as STARTS_WITH() does.</summary>
    public bool WarnsOfOtherTypes => Filter is CallExpression;

    /// <summary>Reads a filter condition; null when no index can serve it.</summary>
    public static IndexCondition? Read(Expression filter, Variable variable)
    {
        switch (filter)
        {
            case ComparisonExpression { Operator: BinaryOperator.In } membership:
                if (Make(IndexConditionKind.In, membership.Left, membership.Right, true, filter, variable) is { Path.ExpansionAt: < 0 } condition)
                    return condition;
                return Make(IndexConditionKind.Contained, membership.Right, membership.Left, true, filter, variable);
            case ComparisonExpression comparison:
                return ReadComparison(comparison, variable);
            case PatternExpression { Operator: BinaryOperator.Like } like:
                return Make(IndexConditionKind.Prefix, like.Left, like.Right, true, filter, variable);
            case CallExpression { Function.Name: "STARTS_WITH", Children: [var text, var prefix and not ConstantExpression { Value.IsString: false }] }:
                return Make(IndexConditionKind.Prefix, text, prefix, true, filter, variable);
            default:
                return null;
        }
    }

    private static IndexCondition? ReadComparison(ComparisonExpression comparison, Variable variable)
    {
        var operation = comparison.Operator;
        var (path, value) = (comparison.Left, comparison.Right);
        if (AttributePath.Of(path, variable) is null)
        {
            (path, value) = (value, path);
            operation = operation switch
            {
                BinaryOperator.Less => BinaryOperator.Greater,
                BinaryOperator.LessOrEqual => BinaryOperator.GreaterOrEqual,
                BinaryOperator.Greater => BinaryOperator.Less,
                BinaryOperator.GreaterOrEqual => BinaryOperator.LessOrEqual,
                _ => operation,
            };
        }
        var condition = operation switch
        {
            BinaryOperator.Equal => Make(IndexConditionKind.Equal, path, value, true, comparison, variable),
            BinaryOperator.Greater => Make(IndexConditionKind.Lower, path, value, false, comparison, variable),
            BinaryOperator.GreaterOrEqual => Make(IndexConditionKind.Lower, path, value, true, comparison, variable),
            BinaryOperator.Less => Make(IndexConditionKind.Upper, path, value, false, comparison, variable),
            BinaryOperator.LessOrEqual => Make(IndexConditionKind.Upper, path, value, true, comparison, variable),
            _ => null,
        };
        return condition is { Path.ExpansionAt: < 0 } ? condition : null;
    }

    private static IndexCondition? Make(IndexConditionKind kind, Expression path, Expression value, bool isInclusive, Expression filter, Variable variable) =>
        AttributePath.Of(path, variable) is { } attributes && !value.Uses(variable) && value.Purity() != FunctionPurity.Volatile
            ? new IndexCondition(kind, attributes, value, isInclusive, filter)
            : null;
}
