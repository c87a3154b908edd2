using System.Collections.Immutable;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer;

/// <summary>Questions and small edits that several rules share.</summary>
internal static class PlanEditing
{
    public static LogicalPlan With(this LogicalPlan plan, IEnumerable<LogicalNode> nodes) => plan with { Nodes = [.. nodes] };

    /// <summary>Whether any node behind <paramref name="index"/> reads the variable.</summary>
    public static bool IsUsedAfter(this LogicalPlan plan, int index, Variable variable) =>
        plan.Nodes.AsSpan()[(index + 1)..].Uses(variable);

    private static bool Uses(this ReadOnlySpan<LogicalNode> nodes, Variable variable)
    {
        foreach (var node in nodes)
        {
            if (node.Uses(variable))
                return true;
        }
        return false;
    }

    /// <summary>Variables set by the nodes before <paramref name="index"/>.</summary>
    public static HashSet<Variable> SetBefore(this LogicalPlan plan, int index) => [.. plan.Nodes.Take(index).SelectMany(node => node.Produced)];

    /// <summary>Whether the nodes before <paramref name="index"/> hand on one row at most.</summary>
    public static bool IsSingleRowBefore(this LogicalPlan plan, int index) => plan.Nodes.Take(index).All(node => node is SingletonNode or CalculationNode);

    /// <summary>Rewrites every expression; the plan itself when none changed.</summary>
    public static LogicalPlan RewriteExpressions(this LogicalPlan plan, Func<Expression, Expression> change)
    {
        var isChanged = false;
        var nodes = plan.Nodes.Select(node =>
        {
            var nodeChanged = false;
            var mapped = node.MapExpressions(expression =>
            {
                var rewritten = expression.Rewrite(change);
                nodeChanged |= !ReferenceEquals(rewritten, expression) && rewritten is not SubqueryExpression;
                return rewritten;
            });
            isChanged |= nodeChanged;
            return nodeChanged ? mapped : node;
        }).ToImmutableArray();
        return isChanged ? new LogicalPlan(nodes) : plan;
    }

    /// <summary>Whether two expressions compute the same from the same variables. Subqueries are never the same: their text does not say what they do.</summary>
    public static bool IsSame(Expression left, Expression right) =>
        ReferenceEquals(left, right) || (left.Size == right.Size && left.GetType() == right.GetType() && left.Variables().SetEquals(right.Variables()) && left.ToString() == right.ToString() && !HasSubquery(left));

    /// <summary>The same text for expressions that are the same, to find them among many; null for those that are the same as nothing else.</summary>
    public static string? KeyOf(Expression expression) => HasSubquery(expression)
        ? null
        : $"{expression.GetType().Name} {string.Join(',', expression.Variables().Select(variable => variable.Slot).Order())} {expression}";

    /// <summary>The operands of a chain of ORs.</summary>
    public static List<Expression> Disjuncts(Expression condition) => Operands(condition, isAnd: false);

    /// <summary>The operands of a chain of ANDs.</summary>
    public static List<Expression> Conjuncts(Expression condition) => Operands(condition, isAnd: true);

    /// <summary>All of the conditions as one, as flat as can be: there may be thousands.</summary>
    public static Expression Conjunction(ReadOnlySpan<Expression> conditions)
    {
        var half = conditions.Length / 2;
        return half == 0 ? conditions[0] : new LogicalExpression(isAnd: true, Conjunction(conditions[..half]), Conjunction(conditions[half..]));
    }

    private static List<Expression> Operands(Expression condition, bool isAnd)
    {
        var operands = new List<Expression>();
        var pending = new Stack<Expression>([condition]);
        while (pending.TryPop(out var next))
        {
            if (next is not LogicalExpression both || both.IsAnd != isAnd)
            {
                operands.Add(next);
                continue;
            }
            pending.Push(both.Right);
            pending.Push(both.Left);
        }
        return operands;
    }

    private static bool HasSubquery(Expression expression) => expression is SubqueryExpression || expression.Children.Any(HasSubquery);
}
