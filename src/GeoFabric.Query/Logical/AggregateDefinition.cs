namespace GeoFabric.Query.Logical;

/// <summary>An aggregate function of COLLECT and WINDOW.</summary>
/// <param name="Name">As written in queries, upper case.</param>
/// <param name="Create">Makes the running state of one group.</param>
/// <param name="MayWarn">Whether some values make it warn.</param>
/// <param name="CreateMoving">Makes the state for frames whose oldest values leave again; null when <paramref name="Create"/> does for them as well.</param>
/// <param name="IsOrderless">Whether the order of the rows never shows in the result. Sums of fractions round differently in another one.</param>
public sealed record AggregateDefinition(string Name, Func<Aggregator> Create, bool MayWarn = false, Func<Aggregator>? CreateMoving = null, bool IsOrderless = false)
{
    /// <summary>Makes the state that puts the results of parts together to that of the whole; null when they do not say enough, or not exactly.</summary>
    public Func<Aggregator>? CreateMerging { get; init; }
}
