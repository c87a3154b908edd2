using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>LET: computes a value for each row.</summary>
internal sealed class CalculationOperator(QueryContext context, PhysicalOperator input, CalculationNode node) : PhysicalOperator(context, input)
{
    private readonly int _slot = node.Variable.Slot;
    private long _batchBytes;

    protected override void RestartCore(ReadOnlySpan<Value> outer) => ForgetBatch();

    protected override bool NextCore(RowBatch batch)
    {
        ForgetBatch();
        if (!Input!.Next(batch))
            return false;
        var memoryBefore = Context.ReservedMemory;
        for (var i = 0; i < batch.Count; i++)
        {
            var row = batch[i];
            row[_slot] = node.Expression.Evaluate(Context, row);
        }
        _batchBytes = Context.ReservedMemory - memoryBefore;
        return true;
    }

    /// <summary>Whoever keeps rows counts them; what the rows before were made of is garbage once others are asked for.</summary>
    private void ForgetBatch()
    {
        Context.ReleaseMemory(_batchBytes);
        _batchBytes = 0;
    }
}

/// <summary>
/// LET whose value changes documents: reads its input to the end first, so that no row comes from what an earlier row wrote, and runs for every row
/// even if nobody reads the result.
/// </summary>
internal sealed class ModifyingCalculationOperator(QueryContext context, PhysicalOperator input, CalculationNode node) : BufferingOperator(context, input)
{
    protected override void Process(RowStore rows)
    {
        for (var i = 0; i < rows.Count; i++)
        {
            var row = rows[i];
            row[node.Variable.Slot] = node.Expression.Evaluate(Context, row);
        }
    }
}
