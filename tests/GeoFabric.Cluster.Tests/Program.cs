using GeoFabric.Cluster.Tests.Simulation;

namespace GeoFabric.Cluster.Tests;

/// <summary>Runs the tests, or with the word <c>sim</c> before its options the simulator.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) => args is ["sim", .. var options]
        ? new SimulationCommand(Console.Out, TimeProvider.System).Run(options)
        : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}
