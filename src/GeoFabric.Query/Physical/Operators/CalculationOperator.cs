using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>LET: computes a value for each row.</summary>
internal sealed class CalculationOperator(QueryContext context, PhysicalOperator input, CalculationNode node) : PhysicalOperator(context, input)
{
    private readonly int _slot = node.Variable.Slot;

    protected override bool NextCore(RowBatch batch)
    {
        if (!Input!.Next(batch))
            return false;
        for (var i = 0; i < batch.Count; i++)
        {
            var row = batch[i];
            row[_slot] = node.Expression.Evaluate(Context, row);
        }
        return true;
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
