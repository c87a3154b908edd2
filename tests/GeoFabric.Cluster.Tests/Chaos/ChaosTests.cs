namespace GeoFabric.Cluster.Tests.Chaos;

/// <summary>One run of real processes. It takes the machine for itself: what is slow for want of a processor says nothing.</summary>
[Collection(nameof(ChaosTests))]
[CollectionDefinition(nameof(ChaosTests), DisableParallelization = true)]
public sealed class ChaosTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Nothing_acknowledged_is_lost_while_processes_links_disks_and_clocks_fail()
    {
        var run = new ChaosRun(ChaosSettings.FromEnvironment(), output.WriteLine);

        Assert.Null(await run.RunAsync(TestContext.Current.CancellationToken));
    }
}
