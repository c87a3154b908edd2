using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Passes the rows whose condition is truthy.</summary>
internal sealed class FilterOperator(QueryContext context, PhysicalOperator input, FilterNode node) : PhysicalOperator(context, input)
{
    protected override bool NextCore(RowBatch batch)
    {
        var limit = batch.RowLimit;
        while (Input!.Next(batch))
        {
            var kept = 0;
            for (var i = 0; i < batch.Count; i++)
            {
                var row = batch[i];
                var memoryBefore = Context.ReservedMemory;
                var isKept = node.Condition.IsTruthy(Context, row);
                // What the condition made of the row is garbage now.
                Context.ReleaseMemory(Context.ReservedMemory - memoryBefore);
                if (!isKept)
                    continue;
                if (kept != i)
                    row.CopyTo(batch[kept]);
                kept++;
            }
            var dropped = batch.Count - kept;
            Context.Statistics.Filtered += dropped;
            Metrics.Filtered += dropped;
            if (kept > 0)
            {
                batch.Truncate(kept);
                return true;
            }
            // Growing here keeps a selective filter from paying for tiny batches, unless the asker wants few rows.
            batch.Clear(limit == batch.Capacity ? RowBatch.RowsMax : limit);
        }
        return false;
    }
}
