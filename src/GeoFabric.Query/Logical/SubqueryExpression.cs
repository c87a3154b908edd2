using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

/// <summary>Runs plans inside expressions; the context of every execution is one.</summary>
public interface IPlanRunner
{
    /// <summary>Runs a subquery on a copy of the row.</summary>
    /// <returns>The array of what it returned.</returns>
    Value Run(LogicalPlan plan, ReadOnlySpan<Value> row);

    /// <summary>Runs a subquery that depends on nothing: at its first call only, later ones get the same array.</summary>
    Value RunOnce(LogicalPlan plan, ReadOnlySpan<Value> row);
}

/// <summary>A subquery used as a value: the array of what it returns. It runs when it is evaluated, so not at all in a branch that is not taken.</summary>
public sealed class SubqueryExpression(LogicalPlan plan) : Expression
{
    private readonly Lazy<bool> _runsOnce = new(() => OwnPurityOf(plan) != FunctionPurity.Volatile && plan.FreeVariables().Count == 0);

    public LogicalPlan Plan => plan;

    public override FunctionPurity OwnPurity => OwnPurityOf(plan);

    public override void AddOwnVariables(ISet<Variable> variables) => variables.UnionWith(plan.FreeVariables());

    public override Value Evaluate(EvaluationContext context, Span<Value> row) => _runsOnce.Value
        ? ((IPlanRunner)context).RunOnce(plan, row)
        : ((IPlanRunner)context).Run(plan, row);

    public override string ToString() => $"( /* subquery of {plan.Nodes.Length - 1} steps */ )";

    private static FunctionPurity OwnPurityOf(LogicalPlan plan) =>
        plan.IsModification || plan.AllNodes().SelectMany(node => node.Expressions).Any(e => e.Purity() == FunctionPurity.Volatile)
            ? FunctionPurity.Volatile
            : FunctionPurity.Stable;
}
