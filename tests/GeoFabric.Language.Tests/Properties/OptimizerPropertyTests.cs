using System.Globalization;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>
/// Generated queries over generated data: every plan and the reference agree on what they give and leave. LANGUAGE_QUERIES sets how many are tried,
/// LANGUAGE_SEED where they start; ./geofabric fuzz goes on from there.
/// </summary>
public sealed class OptimizerPropertyTests(ITestOutputHelper output)
{
    private const int FailuresMax = 3;

    private static readonly int Queries = Setting("LANGUAGE_QUERIES", 20_000);
    private static readonly int FirstSeed = Setting("LANGUAGE_SEED", 0);

    [Fact]
    public async Task Generated_queries_give_the_same_with_every_plan()
    {
        var run = new FuzzRun();
        var failures = new List<FuzzFailure>();
        await Parallel.ForEachAsync(
            Enumerable.Range(0, (Queries + FuzzRun.QueriesPerBlock - 1) / FuzzRun.QueriesPerBlock),
            new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount, CancellationToken = TestContext.Current.CancellationToken },
            async (block, _) =>
            {
                if (failures.Count >= FailuresMax || await run.RunBlockAsync(FirstSeed + (block * FuzzRun.QueriesPerBlock), int.MaxValue) is not { } failure)
                    return;
                lock (failures)
                    failures.Add(failure);
            });

        output.WriteLine(run.Figures);
        var least = new List<FuzzFailure>();
        foreach (var failure in failures)
            least.Add(await new FailureShrinker().ShrinkAsync(failure));
        Assert.True(least.Count == 0, string.Join("\n\n", least));
    }

    private static int Setting(string name, int defaultValue) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : defaultValue;
}
