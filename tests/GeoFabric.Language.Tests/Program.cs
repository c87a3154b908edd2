using GeoFabric.Language.Tests.Properties;

namespace GeoFabric.Language.Tests;

/// <summary>Runs the tests, or with the word <c>fuzz</c> before its options generated queries.</summary>
internal static class Program
{
    public static async Task<int> Main(string[] args) => args is ["fuzz", .. var options]
        ? await new FuzzCommand(Console.Out, TimeProvider.System).RunAsync(options)
        : await Xunit.Runner.InProc.SystemConsole.ConsoleRunner.Run(args);
}
