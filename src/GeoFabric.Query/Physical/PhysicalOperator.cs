using System.Runtime.CompilerServices;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Physical;

/// <summary>
/// A step of a running query: pulls batches of rows from its input and fills the batch it is given. One object per execution, used by one thread.
/// </summary>
public abstract class PhysicalOperator(QueryContext context, PhysicalOperator? input) : IDisposable
{
    protected QueryContext Context { get; } = context;

    protected PhysicalOperator? Input { get; } = input;

    /// <summary>The plan node this operator runs, for profiles.</summary>
    public int NodeIndex { get; init; }

    public OperatorMetrics Metrics { get; } = new();

    /// <summary>Fills the empty batch with up to its row limit. False, with an empty batch, when there are no more rows.</summary>
    public bool Next(RowBatch batch)
    {
        Context.ThrowIfStopped();
        // Each step asks the one before it, and a query may have thousands.
        RuntimeHelpers.EnsureSufficientExecutionStack();
        if (!Context.IsProfiling)
            return NextCore(batch);
        var start = Context.Clock.GetTimestamp();
        var result = NextCore(batch);
        Metrics.Ticks += Context.Clock.GetTimestamp() - start;
        Metrics.Calls++;
        Metrics.Rows += batch.Count;
        return result;
    }

    /// <summary>Starts over for another row of the query around it.</summary>
    public void Restart(ReadOnlySpan<Value> outer)
    {
        for (var step = this; step is not null; step = step.Input)
            step.RestartCore(outer);
    }

    public void Dispose()
    {
        for (var step = this; step is not null; step = step.Input)
            step.DisposeCore();
    }

    /// <summary>Forgets the rows of this step; that of its input comes by itself.</summary>
    protected virtual void RestartCore(ReadOnlySpan<Value> outer)
    {
    }

    /// <summary>Gives back what this step holds; that of its input comes by itself.</summary>
    protected virtual void DisposeCore()
    {
    }

    protected abstract bool NextCore(RowBatch batch);
}
