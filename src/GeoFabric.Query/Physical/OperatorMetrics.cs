namespace GeoFabric.Query.Physical;

/// <summary>What one operator did during one execution, when profiling was asked for.</summary>
public sealed class OperatorMetrics
{
    /// <summary>Batches asked for.</summary>
    public long Calls { get; set; }

    /// <summary>Rows handed on.</summary>
    public long Rows { get; set; }

    /// <summary>Rows dropped by a filter.</summary>
    public long Filtered { get; set; }

    /// <summary>Time in this operator and those below it, in timestamp ticks of the context's clock.</summary>
    public long Ticks { get; set; }
}
