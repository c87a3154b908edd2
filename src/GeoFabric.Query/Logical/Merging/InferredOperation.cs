using System.Collections.Immutable;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical.Merging;

/// <summary>An operation found in the text of a modification, to be given operands for each row.</summary>
/// <param name="Present">The attribute as the row has it.</param>
/// <param name="Operands">Cheap to evaluate: what is not was captured when the patch was.</param>
/// <param name="Reader">Makes the operation's operands of the evaluated ones.</param>
public sealed record InferredOperation(
    MergePath Path, AttributeOperationKind Kind, Expression Present, ImmutableArray<Expression> Operands, OperandReader Reader)
{
    /// <returns>Null when the operands of this row make it none.</returns>
    public AttributeOperation? Evaluate(EvaluationContext context, Span<Value> row)
    {
        if (Path.Evaluate(context, row) is not { } path)
            return null;
        var operands = Operands.Length == 0 ? [] : new Value[Operands.Length];
        for (var i = 0; i < operands.Length; i++)
            operands[i] = Operands[i].Evaluate(context, row);
        return Reader(operands, Present.Evaluate(context, row)) is { } pair ? new AttributeOperation(path, Kind, pair.Operand, pair.Second) : null;
    }
}

/// <summary>Makes the operands of an operation from those of an expression of the language.</summary>
/// <param name="present">The value that the operation changes.</param>
/// <returns>Null when these operands do not make such an operation.</returns>
public delegate OperandPair? OperandReader(ReadOnlySpan<Value> operands, Value present);

/// <param name="Operand">As the kind of the operation asks for.</param>
public readonly record struct OperandPair(Value Operand, Value Second = default);
