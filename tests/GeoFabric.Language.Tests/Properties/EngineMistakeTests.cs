using GeoFabric.Query.Optimizer;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>The proof that the oracles see: each engine that is wrong on purpose is noticed.</summary>
public sealed class EngineMistakeTests(ITestOutputHelper output)
{
    private const int BlocksMax = 150;

    public static TheoryData<string> Names => [.. EngineMistakes.All.Select(mistake => mistake.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public async Task A_mistake_is_noticed(string name)
    {
        var mistake = EngineMistakes.All.Single(mistake => mistake.Name == name);
        var run = new FuzzRun(mistake);

        foreach (var block in Enumerable.Range(0, int.MaxValue).Where(block => mistake.ShowsIn(block)).Take(BlocksMax))
        {
            if (await run.RunBlockAsync(block * FuzzRun.QueriesPerBlock, int.MaxValue) is not { } failure)
                continue;
            output.WriteLine($"after {run.Queries} queries, seed {failure.Query.Seed}, {failure.Oracle}: {failure.Difference}");
            return;
        }
        Assert.Fail($"{run.Queries} queries did not notice that {name}");
    }

    [Fact]
    public void Each_rule_goes_wrong_in_some_way()
    {
        var wrong = EngineMistakes.All.Select(mistake => mistake.Rule).ToHashSet();

        Assert.Equal([], RuleSchedule.Rules.Select(rule => rule.Name).Where(name => !wrong.Contains(name)));
    }

    [Fact]
    public async Task A_failure_is_reduced_to_what_makes_it_fail()
    {
        var mistake = EngineMistakes.All.Single(mistake => mistake.Name == "a sort ignores directions");
        FuzzFailure? failure = null;
        // The first failures sort paths, whose order takes five keys to say; nothing can be left out of those.
        for (var block = 2; failure is null; block++)
            failure = await new FuzzRun(mistake).RunBlockAsync(block * FuzzRun.QueriesPerBlock, int.MaxValue);

        var least = await new FailureShrinker(mistake).ShrinkAsync(failure);

        Assert.True(least.IsReproduced);
        Assert.Contains("SORT", least.Query.Text, StringComparison.Ordinal);
        Assert.True(least.Data.Collections.Sum(collection => collection.Documents.Count) <= 3 && least.Query.Text.Length < 120, least.ToString());
    }
}
