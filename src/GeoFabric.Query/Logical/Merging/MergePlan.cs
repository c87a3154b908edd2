using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database.Documents;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Logical.Merging;

/// <summary>What the text of a modification tells about how its attributes merge with concurrent changes.</summary>
/// <param name="Effects">One for each attribute that is known to be written, in the order of the text.</param>
/// <param name="Created">UPSERT: paths that its update increments; the numbers that its insert puts there begin as increments.</param>
public sealed record MergePlan(ImmutableArray<MergeEffect> Effects, ImmutableArray<InferredOperation> Operations, ImmutableArray<MergePath> Created)
{
    /// <summary>The operations of a row. The patch or document must have been evaluated on the row before: operands are left there.</summary>
    public IReadOnlyList<AttributeOperation> Evaluate(EvaluationContext context, Span<Value> row)
    {
        if (Operations.Length == 0)
            return [];
        var operations = new List<AttributeOperation>(Operations.Length);
        foreach (var inferred in Operations)
        {
            if (inferred.Evaluate(context, row) is { } operation)
                operations.Add(operation);
        }
        return operations;
    }

    /// <summary>The increments from nothing of a document that UPSERT inserts.</summary>
    public IReadOnlyList<AttributeOperation> EvaluateCreated(EvaluationContext context, Span<Value> row, Value document)
    {
        if (Created.Length == 0)
            return [];
        var operations = new List<AttributeOperation>(Created.Length);
        foreach (var created in Created)
        {
            if (created.Evaluate(context, row) is not { } path)
                continue;
            var value = document;
            foreach (var name in path)
                value = value.GetAttribute(Encoding.UTF8.GetBytes(name));
            if (value.IsNumber)
                operations.Add(new AttributeOperation(path, AttributeOperationKind.Increment, value));
        }
        return operations;
    }
}
