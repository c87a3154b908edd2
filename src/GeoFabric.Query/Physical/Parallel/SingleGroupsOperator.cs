using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Parallel;

/// <summary>Hands each row on as a group of its own, to be merged with the others behind: for parts in which next to nothing falls together.</summary>
internal sealed class SingleGroupsOperator(QueryContext context, PhysicalOperator input, CollectNode node) : PhysicalOperator(context, input)
{
    private readonly Value[] _values = new Value[node.Groups.Length + node.Aggregates.Length];

    protected override bool NextCore(RowBatch batch)
    {
        if (!Input!.Next(batch))
            return false;
        for (var i = 0; i < batch.Count; i++)
        {
            var row = batch[i];
            // All are read before one is written.
            var count = 0;
            foreach (var group in node.Groups)
                _values[count++] = group.Expression.Evaluate(Context, row);
            foreach (var aggregate in node.Aggregates)
            {
                var one = aggregate.Function.Create();
                one.Add(aggregate.Argument.Evaluate(Context, row), Context);
                _values[count++] = one.Result(Context);
            }
            count = 0;
            foreach (var group in node.Groups)
                row[group.Variable.Slot] = _values[count++];
            foreach (var aggregate in node.Aggregates)
                row[aggregate.Variable.Slot] = _values[count++];
        }
        return true;
    }
}
