using System.Collections.Immutable;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// A loop over a collection that runs for each of many rows and keeps the documents that equal something of the row builds a hash table of the
/// documents once instead. With conditions on the documents alone the table is a list of those that meet them. Works for loops inside loops and for
/// subqueries that depend on the row around them. Must not fire where an index serves the condition, without any condition, where the loop runs only
/// once, nor over conditions that may warn or change from call to call.
/// </summary>
internal sealed class HashJoinRule : IPlanRule
{
    public string Name => "hash-join";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        for (var i = 0; i < plan.Nodes.Length; i++)
        {
            context.ThrowIfStopped();
            if (plan.Nodes[i] is not EnumerateCollectionNode { IsCountOnly: false } scan || (plan.IsSingleRowBefore(i) && plan.FreeVariables().Count == 0))
                continue;
            var keys = ImmutableArray.CreateBuilder<JoinKey>();
            var conditions = ImmutableArray.CreateBuilder<Expression>();
            var behind = i + 1;
            for (; behind < plan.Nodes.Length && plan.Nodes[behind] is FilterNode filter; behind++)
            {
                if (filter.Condition.MayWarn || filter.Condition.Purity() == FunctionPurity.Volatile)
                    break;
                if (KeyOf(filter.Condition, scan.Variable) is { } key)
                    keys.Add(key);
                else if (ReadsOnly(filter.Condition, scan.Variable))
                    conditions.Add(filter.Condition);
                else
                    break;
            }
            if (keys.Count + conditions.Count == 0)
                continue;
            var join = new HashJoinNode(scan.Variable, scan.Collection, keys.ToImmutable(), conditions.ToImmutable());
            plan = plan with { Nodes = plan.Nodes.RemoveRange(i, behind - i).Insert(i, join) };
        }
        return plan;
    }

    /// <summary>Whether a condition compares the loop's documents with the rows before it.</summary>
    internal static bool IsKey(Expression condition, Variable variable) => KeyOf(condition, variable) is not null;

    private static JoinKey? KeyOf(Expression condition, Variable variable)
    {
        if (condition is not ComparisonExpression { Operator: BinaryOperator.Equal } equality)
            return null;
        if (ReadsOnly(equality.Left, variable) && IsOuter(equality.Right, variable))
            return new JoinKey(equality.Left, equality.Right);
        return ReadsOnly(equality.Right, variable) && IsOuter(equality.Left, variable) ? new JoinKey(equality.Right, equality.Left) : null;
    }

    private static bool ReadsOnly(Expression expression, Variable variable) => expression.Variables() is { Count: 1 } variables && variables.Contains(variable);

    /// <summary>Constants are conditions, not keys: all documents of the table have the same.</summary>
    private static bool IsOuter(Expression expression, Variable variable) => expression.Variables() is { Count: > 0 } variables && !variables.Contains(variable);
}
