using System.Globalization;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>Generated queries from the command line: <c>./geofabric fuzz --help</c> says what it takes.</summary>
/// <param name="clock">Draws the first seed when none is given.</param>
internal sealed class FuzzCommand(TextWriter output, TimeProvider clock)
{
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(5);

    /// <returns>0 when all oracles agreed, 1 when one did not, 2 for options that are not understood.</returns>
    public async Task<int> RunAsync(IReadOnlyList<string> arguments)
    {
        int? seconds = null, seed = null, queries = null;
        for (var i = 0; i < arguments.Count; i += 2)
        {
            if (i + 1 == arguments.Count || !int.TryParse(arguments[i + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return Refuse(arguments.Skip(i));
            switch (arguments[i])
            {
                case "--seconds":
                    seconds = number;
                    break;
                case "--seed":
                    seed = number;
                    break;
                case "--queries":
                    queries = number;
                    break;
                default:
                    return Refuse(arguments.Skip(i).Take(2));
            }
        }
        var first = seed ?? (int)(clock.GetUtcNow().ToUnixTimeSeconds() % 20_000_000) * FuzzRun.QueriesPerBlock;
        var last = queries is { } count ? (int)Math.Min((long)first + count, int.MaxValue - FuzzRun.QueriesPerBlock) : int.MaxValue - FuzzRun.QueriesPerBlock;
        return await RunAsync(first, last, seconds is { } limit ? TimeSpan.FromSeconds(limit) : queries is null ? TimeSpan.FromSeconds(60) : TimeSpan.MaxValue);
    }

    private int Refuse(IEnumerable<string> arguments)
    {
        output.WriteLine($"geofabric: fuzz takes --seconds N, --seed S and --queries N, not '{string.Join(' ', arguments)}'");
        return 2;
    }

    private async Task<int> RunAsync(int first, int last, TimeSpan limit)
    {
        output.WriteLine($"Queries from seed {first} on ...");
        var run = new FuzzRun();
        var began = clock.GetTimestamp();
        var reported = began;
        var next = first;
        while (next < last && clock.GetElapsedTime(began) < limit)
        {
            // One block for each processor at a time; the failure with the least seed counts.
            var blocks = new List<int>();
            for (; blocks.Count < Environment.ProcessorCount && next < last; next = ((next / FuzzRun.QueriesPerBlock) + 1) * FuzzRun.QueriesPerBlock)
                blocks.Add(next);
            var failures = await Task.WhenAll(blocks.Select(block => Task.Run(() => run.RunBlockAsync(block, last))));
            if (failures.FirstOrDefault(failure => failure is not null) is { } failure)
                return await ReportAsync(failure);
            if (clock.GetElapsedTime(reported) < ReportInterval)
                continue;
            reported = clock.GetTimestamp();
            output.WriteLine($"{run.Figures}, {run.Queries / Math.Max(clock.GetElapsedTime(began).TotalSeconds, 0.001):0} a second");
        }
        output.WriteLine($"Verdict: all oracles agreed. {run.Figures}.");
        return 0;
    }

    private async Task<int> ReportAsync(FuzzFailure failure)
    {
        output.WriteLine($"Seed {failure.Query.Seed}, {failure.Oracle}: {failure.Difference}");
        output.WriteLine(failure.Query.Text);
        output.WriteLine(failure.Query.BindVars);
        output.WriteLine("Shrinking ...");
        var least = await new FailureShrinker().ShrinkAsync(failure);
        output.WriteLine();
        output.WriteLine(least.ToString());
        output.WriteLine($"Verdict: NOT SOUND. Again: ./geofabric fuzz --seed {failure.Query.Seed} --queries 1");
        return 1;
    }
}
