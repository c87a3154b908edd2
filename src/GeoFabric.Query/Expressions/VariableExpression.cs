using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Expressions;

public sealed class VariableExpression(Variable variable) : Expression
{
    public Variable Variable { get; } = variable;

    public override Value Evaluate(EvaluationContext context, Span<Value> row) => row[Variable.Slot];

    public override IReadOnlySet<Variable> OwnVariables { get; } = new HashSet<Variable> { variable };

    public override string ToString() => Variable.Name;
}
