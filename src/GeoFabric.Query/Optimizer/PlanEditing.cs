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
        plan.Nodes.Skip(index + 1).Any(node => node.Expressions.Any(expression => expression.Uses(variable)));

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
        ReferenceEquals(left, right) || (left.GetType() == right.GetType() && left.Variables().SetEquals(right.Variables()) && left.ToString() == right.ToString() && !HasSubquery(left));

    /// <summary>The operands of a chain of ORs.</summary>
    public static IEnumerable<Expression> Disjuncts(Expression condition) => condition is LogicalExpression { IsAnd: false } or
        ? Disjuncts(or.Left).Concat(Disjuncts(or.Right))
        : [condition];

    /// <summary>The operands of a chain of ANDs.</summary>
    public static IEnumerable<Expression> Conjuncts(Expression condition) => condition is LogicalExpression { IsAnd: true } and
        ? Conjuncts(and.Left).Concat(Conjuncts(and.Right))
        : [condition];

    private static bool HasSubquery(Expression expression) => expression is SubqueryExpression || expression.Children.Any(HasSubquery);
}
