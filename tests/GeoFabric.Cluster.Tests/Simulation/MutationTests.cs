namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>The proof that the checks check: each mistake made on purpose is noticed.</summary>
public sealed class MutationTests(ITestOutputHelper output)
{
    /// <summary>Of the mistakes the rarest to show, records of one incarnation taken for those of another, shows in one seed of two hundred.</summary>
    private const int SeedsMax = 2000;

    public static TheoryData<string> Names => [.. Mutation.All.Select(mutation => mutation.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_mistake_is_noticed(string name)
    {
        var mutation = Mutation.All.Single(mutation => mutation.Name == name);

        for (ulong seed = 1; seed <= SeedsMax; seed++)
        {
            if (SimulationReport.Run(PlanGenerator.Generate(seed), mutation) is not { } failure)
                continue;
            output.WriteLine($"seed {seed}: {failure.Message}");
            return;
        }
        Assert.Fail($"{SeedsMax} seeds did not notice a core that {name}");
    }

    [Fact]
    public void A_failing_plan_is_reduced_to_what_makes_it_fail()
    {
        var mutation = Mutation.All.Single(mutation => mutation.Name == "ignores dependencies");
        var plan = PlanGenerator.Generate(1);
        var failure = SimulationReport.Run(plan, mutation)!;

        var least = new PlanMinimizer(candidate => SimulationReport.Run(candidate, mutation)?.Property == failure.Property).Minimize(plan);

        Assert.Equal(failure.Property, SimulationReport.Run(least, mutation)?.Property);
        Assert.True(least.Operations.Count <= 4, SimulationReport.Describe(1, failure, mutation));
    }
}
