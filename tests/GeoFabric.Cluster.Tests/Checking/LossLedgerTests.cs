using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Cluster.Tests.Checking;

public sealed class LossLedgerTests(ITestOutputHelper output)
{
    private static readonly int Seeds = SeedCount.Of(100);
    private static readonly HashSet<(string, string)> NoJournal = [];

    [Theory]
    [InlineData("present", "x=1", "a: w(x=1)")]
    [InlineData("overwritten by a causally later write", "x=2", "a: w(x=1)", "b: r(x=1) w(x=2)")]
    [InlineData("deleted", "", "a: w(x=1)", "b: w(x=none)")]
    [InlineData("deleted by a transaction of unknown outcome", "", "a: w(x=1)", "b unknown: w(x=none)")]
    [InlineData("an unknown write may be present", "x=1", "a unknown: w(x=1)")]
    [InlineData("an unknown write may be absent", "", "a unknown: w(x=1)")]
    [InlineData("a refused write is absent", "", "a failed: w(x=1)")]
    [InlineData("only the last write of a transaction counts", "x=2", "a: w(x=1) w(x=2)")]
    public void Accepts(string reason, string state, params string[] lines)
    {
        var report = LossLedger.Check(Histories.Of(lines), [State("eu", state)], NoJournal);

        Assert.True(report.IsClean, $"{reason}: {report}");
    }

    [Theory]
    [InlineData("lost write", "", "a: w(x=1)")]
    [InlineData("lost write", "x=1", "a: w(x=1)", "b: r(x=1) w(x=2)")]
    [InlineData("lost write", "", "a: w(x=none)", "a: w(x=1)")]
    [InlineData("lost write", "x=1", "a: w(x=1) w(y=1)")]
    [InlineData("unwritten value", "x=1", "a failed: w(x=1)")]
    [InlineData("unwritten value", "x=7")]
    [InlineData("unwritten value", "x=1", "a: w(x=1) w(x=2)", "a: w(x=none)")]
    public void Names(string anomaly, string state, params string[] lines)
    {
        var report = LossLedger.Check(Histories.Of(lines), [State("eu", state)], NoJournal);

        output.WriteLine(report.ToString());
        Assert.Equal(anomaly, Anomaly.NameOf(Assert.Single(report.Anomalies).Kind));
    }

    [Fact]
    public void Regions_that_differ_have_diverged()
    {
        var report = LossLedger.Check(Histories.Of("a: w(x=1)", "b: w(x=2)"), [State("eu", "x=1"), State("us", "x=2")], NoJournal);

        Assert.True(report.Has(AnomalyKind.Divergence), report.ToString());
    }

    [Fact]
    public void A_concurrent_loser_is_accounted_for_by_the_journal()
    {
        var history = Histories.Of("a: w(x=1)", "b: w(x=2)");

        Assert.Equal(1, LossLedger.Check(history, [State("eu", "x=2")], NoJournal).UndeterminedCount);
        Assert.Equal(0, LossLedger.Check(history, [State("eu", "x=2")], new HashSet<(string, string)> { ("x", "1") }).UndeterminedCount);
    }

    [Theory]
    [InlineData("x=1", false)]
    [InlineData("x=2", true)]
    public void Of_two_concurrent_writes_the_one_with_the_larger_stamp_has_to_stay(string state, bool isLost)
    {
        var larger = Histories.Transaction("a", 0, HistoryOperation.Write("x", "1")) with { Stamp = new RevisionStamp(new HybridTimestamp(9), 1) };
        var smaller = Histories.Transaction("b", 0, HistoryOperation.Write("x", "2")) with { Stamp = new RevisionStamp(new HybridTimestamp(8), 2) };

        var report = LossLedger.Check(new History([larger, smaller]), [State("eu", state)], NoJournal);

        Assert.Equal(isLost, report.Has(AnomalyKind.LostWrite));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Simulated_runs_lose_nothing(bool hasStamps)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var load = new SimulatedLoad { DeleteShare = seed % 3 * 0.1, UnknownShare = seed % 2 * 0.1 };
            var run = SimulatedStore.Run(seed, load);
            var history = hasStamps ? run.History : new History(run.History.Transactions.Select(transaction => transaction with { Stamp = null }));

            var report = LossLedger.Check(history, run.FinalStates, run.Journal);

            Assert.True(report.IsClean, $"seed {seed}: {report}");
            // A winner of unknown outcome has told nobody its stamp.
            Assert.True(report.UndeterminedCount == 0 || !hasStamps || load.UnknownShare > 0, $"seed {seed}: {report}");
        }
    }

    [Fact]
    public void A_value_taken_from_a_simulated_final_state_is_missed()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var run = SimulatedStore.Run(seed, new SimulatedLoad { UnknownShare = 0 });
            var key = run.FinalStates[0].Values.Keys.First();
            var spoiled = run.FinalStates.Select(state => state with { Values = state.Values.Where(value => value.Key != key).ToDictionary() }).ToList();

            var report = LossLedger.Check(run.History, spoiled, run.Journal);

            Assert.Equal(AnomalyKind.LostWrite, Assert.Single(report.Anomalies).Kind);
        }
    }

    [Theory]
    [InlineData(SimulatedFault.DropRecords, AnomalyKind.LostWrite)]
    [InlineData(SimulatedFault.DropRecords, AnomalyKind.Divergence)]
    [InlineData(SimulatedFault.ApplyByArrival, AnomalyKind.Divergence)]
    [InlineData(SimulatedFault.KeepRefused, AnomalyKind.UnwrittenValue)]
    internal void A_faulty_store_is_noticed(SimulatedFault fault, AnomalyKind kind)
    {
        var noticed = Enumerable.Range(0, Seeds).Select(seed => SimulatedStore.Run(seed, fault: fault)).Count(run => LossLedger.Check(run.History, run.FinalStates, run.Journal).Has(kind));

        output.WriteLine($"{fault}: {noticed} of {Seeds} runs have {Anomaly.NameOf(kind)}");
        Assert.True(noticed > Seeds / 10);
    }

    /// <summary>Reads <c>x=1 y=2</c>.</summary>
    private static FinalState State(string region, string text) =>
        new(region, text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1]));
}
