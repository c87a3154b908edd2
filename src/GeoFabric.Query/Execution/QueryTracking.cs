namespace GeoFabric.Query.Execution;

/// <summary>What a fabric keeps of its running and slow queries.</summary>
public sealed record QueryTracking
{
    /// <summary>Whether queries are listed while they run; they can be stopped only then.</summary>
    public bool IsEnabled { get; init; } = true;

    public bool TracksSlowQueries { get; init; } = true;

    /// <summary>Whether the values of bind parameters are shown with a query.</summary>
    public bool TracksBindVars { get; init; } = true;

    /// <summary>Slow queries that are kept; the oldest goes first.</summary>
    public int SlowQueriesMax { get; init; } = 64;

    /// <summary>A query that runs this long is slow.</summary>
    public TimeSpan SlowThreshold { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>The same for queries that are read as a stream.</summary>
    public TimeSpan SlowStreamingThreshold { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Characters of a query's text that are kept.</summary>
    public int TextLengthMax { get; init; } = 4096;
}
