namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>A property does not hold.</summary>
/// <param name="property">The number it has in the design, P1 to P17, or what else went wrong.</param>
internal sealed class SimulationFailure(string property, string message) : Exception($"{property}: {message}")
{
    public string Property => property;
}
