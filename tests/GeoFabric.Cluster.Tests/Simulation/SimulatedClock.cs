namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>A region's clock as its database reads it: what it showed when the region last did something.</summary>
internal sealed class SimulatedClock : TimeProvider
{
    public DateTimeOffset Now { get; set; } = SimulationRun.Start;

    public override DateTimeOffset GetUtcNow() => Now;
}
