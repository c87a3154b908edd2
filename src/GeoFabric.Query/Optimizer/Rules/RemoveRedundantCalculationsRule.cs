using GeoFabric.Query.Builtins;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer.Rules;

/// <summary>
/// A call that several steps make with the same arguments is made once, in a variable of its own or in that of the LET that has it already:
/// <c>FILTER UPPER(d.a) == "X" RETURN UPPER(d.a)</c>. Must not fire for what warns or changes from call to call, for a call that is only made in some
/// rows (behind <c>&amp;&amp;</c>, in a branch of <c>?:</c>), nor across COLLECT, which ends variables.
/// </summary>
internal sealed class RemoveRedundantCalculationsRule : IPlanRule
{
    /// <summary>More calls than people write; looking for repetitions among the many of generated queries costs more than it saves.</summary>
    private const int CallsMax = 256;

    public string Name => "remove-redundant-calculations";

    public LogicalPlan Apply(LogicalPlan plan, OptimizerContext context)
    {
        if (plan.Nodes.Any(node => node.IsModification) || plan.Nodes.SelectMany(node => node.Expressions).Sum(expression => Calls(expression, false).Count()) > CallsMax)
            return plan;
        for (var i = 1; i < plan.Nodes.Length; i++)
        {
            while (FindRepeated(plan, i, context) is { } repeated)
            {
                // A LET of just this is the variable; otherwise there is a new one in front.
                if (plan.Nodes[i] is CalculationNode { Variable: var known, Expression: CallExpression whole } && ReferenceEquals(whole, repeated))
                {
                    plan = Replace(plan, i + 1, repeated, known);
                    continue;
                }
                var variable = context.NewVariable(repeated.ToString());
                plan = Replace(plan with { Nodes = plan.Nodes.Insert(i, new CalculationNode(variable, repeated)) }, i + 1, repeated, variable);
            }
        }
        return plan;
    }

    /// <summary>A call that the node makes for every row, and that it or a later node makes again; the outermost one.</summary>
    private static CallExpression? FindRepeated(LogicalPlan plan, int index, OptimizerContext context)
    {
        if (!CanShare(plan.Nodes[index]))
            return null;
        foreach (var call in plan.Nodes[index].Expressions.SelectMany(expression => Calls(expression, onlyAlways: true)))
        {
            context.ThrowIfStopped();
            if (!call.MayWarn && call.Purity() != FunctionPurity.Volatile && IsComputableBefore(plan, index, call) && Count(plan, index, call) > 1)
                return call;
        }
        return null;
    }

    /// <summary>Not so inside of expansions, where it depends on the item.</summary>
    private static bool IsComputableBefore(LogicalPlan plan, int index, Expression call)
    {
        var known = plan.SetBefore(index);
        known.UnionWith(plan.FreeVariables());
        return call.Variables().IsSubsetOf(known);
    }

    private static int Count(LogicalPlan plan, int index, CallExpression call) =>
        Reach(plan, index).Sum(i => plan.Nodes[i].Expressions.Sum(expression => Calls(expression, onlyAlways: false).Count(other => PlanEditing.IsSame(other, call))));

    private static LogicalPlan Replace(LogicalPlan plan, int index, CallExpression call, Variable variable)
    {
        var nodes = plan.Nodes;
        foreach (var i in Reach(plan, index))
            nodes = nodes.SetItem(i, nodes[i].MapExpressions(expression => expression.Rewrite(part => part is CallExpression && PlanEditing.IsSame(part, call) ? new VariableExpression(variable) : part)));
        return plan with { Nodes = nodes };
    }

    /// <summary>Positions of the nodes that may take a value from the row instead, up to where variables end.</summary>
    private static IEnumerable<int> Reach(LogicalPlan plan, int index)
    {
        for (var i = index; i < plan.Nodes.Length; i++)
        {
            if (CanShare(plan.Nodes[i]))
                yield return i;
            if (plan.Nodes[i] is CollectNode)
                yield break;
        }
    }

    /// <summary>Nodes that evaluate all their expressions for each row as they stand.</summary>
    private static bool CanShare(LogicalNode node) => node is FilterNode or CalculationNode or SortNode or CollectNode or ReturnNode;

    /// <summary>The calls in an expression, outer ones first, without those of subqueries.</summary>
    /// <param name="onlyAlways">Only those that every evaluation makes.</param>
    private static IEnumerable<CallExpression> Calls(Expression expression, bool onlyAlways)
    {
        if (expression is CallExpression call)
            yield return call;
        var children = expression switch
        {
            LogicalExpression or ConditionalExpression or ExpansionExpression or QuestionMarkExpression when onlyAlways => expression.Children.Take(1),
            _ => expression.Children,
        };
        foreach (var inner in children.SelectMany(child => Calls(child, onlyAlways)))
            yield return inner;
    }
}
