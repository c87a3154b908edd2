using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

/// <summary>A part of an expression whose value is wanted elsewhere too: it is left in a slot of the row, so that it is computed once.</summary>
/// <param name="variable">Holds the value from the evaluation of the expression on.</param>
public sealed class CapturedExpression(Expression value, Variable variable) : Expression
{
    public override ImmutableArray<Expression> Children => [value];

    /// <summary>Not pure: folding a constant would leave the slot empty.</summary>
    public override FunctionPurity OwnPurity => FunctionPurity.Stable;

    public override Expression WithChildren(ImmutableArray<Expression> children) => new CapturedExpression(children[0], variable);

    public override Value Evaluate(EvaluationContext context, Span<Value> row)
    {
        // The value may write slots of its own, this one never.
        var result = value.Evaluate(context, row);
        row[variable.Slot] = result;
        return result;
    }

    public override string ToString() => value.ToString();
}
