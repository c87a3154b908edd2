using System.Globalization;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>Random faults and workloads. Seeds are new with each run unless GEOFABRIC_SIM_SEED names the first; GEOFABRIC_SIM_SEEDS is their number.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int DefaultSeeds = 1000;

    [Fact]
    public void Fresh_seeds_keep_every_property()
    {
        var count = (int)(FromEnvironment("GEOFABRIC_SIM_SEEDS") ?? DefaultSeeds);
        var first = FromEnvironment("GEOFABRIC_SIM_SEED") ?? (ulong)TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        output.WriteLine($"{count} seeds from {first}; the same again: GEOFABRIC_SIM_SEED={first} GEOFABRIC_SIM_SEEDS={count}");

        var failure = SimulationReport.RunSeeds(first, count, SimulatedSystem.Model);

        Assert.True(failure is null, failure);
    }

    /// <summary>Every seed that ever found a mistake; never taken out.</summary>
    [Fact]
    public void Seeds_that_found_mistakes_keep_every_property()
    {
        var seeds = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "Simulation", "RegressionSeeds.txt"))
            .Select(line => line.Split('#')[0].Trim())
            .Where(line => line.Length > 0)
            .Select(line => ulong.Parse(line, CultureInfo.InvariantCulture));

        Assert.All(seeds, seed => Assert.Null(SimulationReport.Run(PlanGenerator.Generate(seed))?.Message));
    }

    [Fact]
    public void A_seed_gives_the_same_run_each_time()
    {
        for (ulong seed = 1; seed <= 10; seed++)
            Assert.Equal(Trace(seed), Trace(seed));
    }

    private static string Trace(ulong seed)
    {
        Assert.Null(SimulationReport.Run(PlanGenerator.Generate(seed), null, null, out var run));
        return $"{run.Events.Executed} {run.Network.FramesSent} {run.Network.BytesSent} {run.ConvergenceTime} {string.Join(' ', run.Regions.Select(region => region.Core!.Applied))} {string.Join('\n', run.Notes)}";
    }

    private static ulong? FromEnvironment(string name) =>
        ulong.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;
}
