using System.Globalization;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>
/// The simulator from the command line: <c>sim --seeds N --seed S</c> runs N seeds from S on, without end when N is 0;
/// <c>sim --regions N --seed S</c> reports what replication between N cities costs.
/// </summary>
internal sealed class SimulationCommand(TextWriter output, TimeProvider clock)
{
    private const int SeedsPerReport = 500;

    /// <returns>0 when every property held, 1 when one did not, 2 for options that are not understood.</returns>
    public int Run(IReadOnlyList<string> arguments)
    {
        ulong? seed = null;
        int? seeds = null, regions = null;
        for (var i = 0; i < arguments.Count; i += 2)
        {
            var isNumber = i + 1 < arguments.Count && ulong.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out _);
            var number = isNumber ? ulong.Parse(arguments[i + 1], CultureInfo.InvariantCulture) : 0;
            switch (arguments[i])
            {
                case "--seed" when isNumber:
                    seed = number;
                    break;
                case "--seeds" when isNumber && number <= int.MaxValue:
                    seeds = (int)number;
                    break;
                case "--regions" when isNumber && number is >= 3 and <= 100:
                    regions = (int)number;
                    break;
                default:
                    output.WriteLine($"sim takes --seeds N, --seed S and --regions 3..100, not '{string.Join(' ', arguments.Skip(i).Take(2))}'");
                    return 2;
            }
        }
        var first = seed ?? (ulong)clock.GetUtcNow().ToUnixTimeMilliseconds() * 1000;
        return regions is { } count ? Report(count, first) : RunSeeds(first, seeds ?? 1000);
    }

    private int Report(int regions, ulong seed)
    {
        var figures = CityFigures.Measure(regions, seed);
        output.WriteLine(figures.ToString());
        return 0;
    }

    private int RunSeeds(ulong first, int count)
    {
        output.WriteLine(count == 0 ? $"seeds from {first} on, until interrupted" : $"{count} seeds from {first}");
        for (var done = 0; count == 0 || done < count;)
        {
            var next = count == 0 ? SeedsPerReport : Math.Min(SeedsPerReport, count - done);
            if (SimulationReport.RunSeeds(first + (ulong)done, next) is { } failure)
            {
                output.WriteLine(failure);
                return 1;
            }
            done += next;
            output.WriteLine($"{done} seeds, every property holds");
        }
        return 0;
    }
}
