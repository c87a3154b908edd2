namespace GeoFabric.Query.Logical;

/// <summary>An aggregate function of COLLECT and WINDOW.</summary>
/// <param name="Name">As written in queries, upper case.</param>
/// <param name="Create">Makes the running state of one group.</param>
public sealed record AggregateDefinition(string Name, Func<Aggregator> Create);
