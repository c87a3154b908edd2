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
/// <param name="isRepeated">Runs for each row even if it reads nothing of it.</param>
public sealed class SubqueryExpression(LogicalPlan plan, bool isRepeated = false) : Expression
{
    private readonly Lazy<FunctionPurity> _purity = new(() => PurityOf(plan));

    public LogicalPlan Plan => plan;

    /// <summary>Whether it runs once for the whole query, because it reads nothing of the row.</summary>
    public bool RunsOnce => !isRepeated && OwnPurity != FunctionPurity.Volatile && plan.FreeVariables().Count == 0;

    /// <summary>
    /// The subquery with a better plan. How often it runs stays as the query is written, though its plan may no longer read the row: that shows in
    /// the number of warnings.
    /// </summary>
    public SubqueryExpression With(LogicalPlan better) => new(better, isRepeated: !RunsOnce);

    public override FunctionPurity OwnPurity => _purity.Value;

    public override IReadOnlySet<Variable> OwnVariables => plan.FreeVariables();

    public override bool OwnMayWarn => !plan.IsQuiet;

    public override Value Evaluate(EvaluationContext context, Span<Value> row) => RunsOnce
        ? ((IPlanRunner)context).RunOnce(plan, row)
        : ((IPlanRunner)context).Run(plan, row);

    public override string ToString() => $"( /* subquery of {plan.Nodes.Length - 1} steps */ )";

    private static FunctionPurity PurityOf(LogicalPlan plan) =>
        // The subqueries inside answer for themselves: looking into them here as well would double the work with every level.
        plan.IsModification || plan.Nodes.SelectMany(node => node.Expressions).Any(e => e.Purity() == FunctionPurity.Volatile)
            ? FunctionPurity.Volatile
            : FunctionPurity.Stable;
}
