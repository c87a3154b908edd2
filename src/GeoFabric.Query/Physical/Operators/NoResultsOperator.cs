using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>Ends a pipeline without asking its input.</summary>
internal sealed class NoResultsOperator(QueryContext context, PhysicalOperator input) : PhysicalOperator(context, input)
{
    protected override void RestartCore(ReadOnlySpan<Value> outer)
    {
    }

    protected override bool NextCore(RowBatch batch) => false;
}
