using System.Globalization;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>The simulator from the command line: <c>./geofabric sim --help</c> says what it takes.</summary>
/// <param name="clock">Draws the first seed when none is given.</param>
internal sealed class SimulationCommand(TextWriter output, TimeProvider clock)
{
    private const int RegionsMin = 3;
    private const int RegionsMax = 100;

    /// <returns>0 when every property held, 1 when one did not, 2 for options that are not understood.</returns>
    public int Run(IReadOnlyList<string> arguments)
    {
        ulong? seed = null;
        int? seeds = null, regions = null;
        var system = SimulatedSystem.Model;
        for (var i = 0; i < arguments.Count; i++)
        {
            if (arguments[i] == "--database")
            {
                system = SimulatedSystem.Database;
                continue;
            }
            if (i + 1 == arguments.Count || !ulong.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return Refuse(arguments.Skip(i).Take(2));
            switch (arguments[i++])
            {
                case "--seed":
                    seed = number;
                    break;
                case "--seeds" when number <= int.MaxValue:
                    seeds = (int)number;
                    break;
                case "--regions" when number is >= RegionsMin and <= RegionsMax:
                    regions = (int)number;
                    break;
                default:
                    return Refuse(arguments.Skip(i - 1).Take(2));
            }
        }
        if (regions is not null && (seeds is not null || system != SimulatedSystem.Model))
            return Refuse(["--regions", "together with --seeds or --database"]);
        var first = seed ?? (ulong)clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        return regions is { } count ? Report(count, first) : RunSeeds(first, seeds ?? 1000, system);
    }

    private int Refuse(IEnumerable<string> arguments)
    {
        output.WriteLine($"geofabric: sim takes --seeds N, --seed S, --database and --regions {RegionsMin} to {RegionsMax}, not '{string.Join(' ', arguments)}'");
        return 2;
    }

    private int Report(int regions, ulong seed)
    {
        var figures = CityFigures.Measure(regions, seed);
        output.WriteLine(figures.ToString());
        return 0;
    }

    private int RunSeeds(ulong first, int count, SimulatedSystem system)
    {
        output.WriteLine(count == 0 ? $"Seeds of the {system.Name} from {first} on, until interrupted ..." : $"{count} seeds of the {system.Name} from {first} ...");
        var began = clock.GetTimestamp();
        // Small steps at first, so that there is something to see soon; a seed that fails is found out by the end of its step.
        var step = Environment.ProcessorCount;
        for (var done = 0; count == 0 || done < count;)
        {
            var next = count == 0 ? step : Math.Min(step, count - done);
            var stepBegan = clock.GetTimestamp();
            if (SimulationReport.RunSeeds(first + (ulong)done, next, system) is { } failure)
            {
                output.WriteLine(failure);
                output.WriteLine("Verdict: NOT SOUND. The seed is named above; it gives the same run each time.");
                return 1;
            }
            done += next;
            var elapsed = clock.GetElapsedTime(began);
            output.WriteLine($"{done,10} seeds hold, {done / Math.Max(elapsed.TotalSeconds, 0.001):0} a second");
            if (clock.GetElapsedTime(stepBegan) < TimeSpan.FromSeconds(2))
                step *= 2;
        }
        output.WriteLine($"Verdict: every property held for {count} seeds.");
        return 0;
    }
}
