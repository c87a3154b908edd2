using System.Globalization;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>The simulator over real fabrics. GEOFABRIC_SIM_DATABASE_SEEDS is the number of fresh seeds, GEOFABRIC_SIM_SEED the first.</summary>
public sealed class DatabaseSimulationTests(ITestOutputHelper output)
{
    private const int DefaultSeeds = 100;

    [Fact]
    public void Fresh_seeds_keep_every_property()
    {
        var count = (int)(FromEnvironment("GEOFABRIC_SIM_DATABASE_SEEDS") ?? DefaultSeeds);
        var first = FromEnvironment("GEOFABRIC_SIM_SEED") ?? (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        output.WriteLine($"{count} seeds from {first}; the same again: GEOFABRIC_SIM_SEED={first} GEOFABRIC_SIM_DATABASE_SEEDS={count}");

        var failure = SimulationReport.RunSeeds(first, count, SimulatedSystem.Database);

        Assert.True(failure is null, failure);
    }

    private static ulong? FromEnvironment(string name) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
