using BenchmarkDotNet.Running;
using GeoFabric.Benchmarks.Regions;

namespace GeoFabric.Benchmarks;

/// <summary>Runs benchmarks, or with the word <c>regions</c> before their names the figures about regions.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["regions", .. var names])
            return await RegionFigures.PrintAsync(Console.Out, names);
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
    }
}
