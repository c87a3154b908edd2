using BenchmarkDotNet.Running;
using GeoFabric.Benchmarks.Graphs;
using GeoFabric.Benchmarks.Query;
using GeoFabric.Benchmarks.Regions;
using GeoFabric.Benchmarks.Search;

namespace GeoFabric.Benchmarks;

/// <summary>Runs benchmarks, or with the word <c>regions</c>, <c>queries</c>, <c>graphs</c>, <c>scaling</c> or <c>search</c> the figures about them.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args)
    {
        if (args is ["regions", .. var names])
            return await RegionFigures.PrintAsync(Console.Out, names);
        if (args is ["queries", .. var queries])
            return await QueryFigures.PrintAsync(Console.Out, queries);
        if (args is ["scaling", .. var documents])
            return await ScalingFigures.PrintAsync(Console.Out, documents);
        if (args is ["graphs", .. var walks])
            return await GraphFigures.PrintAsync(Console.Out, walks);
        if (args is ["search", .. var sizes])
            return await SearchFigures.PrintAsync(Console.Out, sizes);
        BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
        return 0;
    }
}
