namespace GeoFabric.Cluster.Tests.Checking;

public sealed class StrictSerializabilityCheckerTests(ITestOutputHelper output)
{
    private static readonly int Seeds = SeedCount.Of(100);

    [Theory]
    [InlineData("lost update", "a: r(x=none) w(x=1)", "b: r(x=none) w(x=2)")]
    [InlineData("write skew", "a: r(x=none) w(y=1)", "b: r(y=none) w(x=1)")]
    [InlineData("long fork", "a: w(x=1)", "b: w(y=1)", "c: r(x=1) r(y=none)", "d: r(x=none) r(y=1)")]
    [InlineData("fractured read", "a: w(x=1) w(y=1)", "b: r(x=1) r(y=none)")]
    [InlineData("stale read", "a: w(x=1)", "a: r(p=none)", "b: r(p=none)", "b: r(x=none)")]
    public void Rejects(string reason, params string[] lines)
    {
        var report = StrictSerializabilityChecker.Check(Histories.Of(lines));

        output.WriteLine($"{reason}: {report}");
        Assert.Equal(AnomalyKind.NotLinearizable, Assert.Single(report.Anomalies).Kind);
    }

    [Theory]
    [InlineData("one after the other", "a: r(x=none) w(x=1)", "b: r(x=1) w(x=2)", "a: r(x=2)")]
    [InlineData("overlapping transactions come in any order", "a: r(x=2) w(x=1)", "b: r(x=none) w(x=2)")]
    [InlineData("unknown transactions come late or never", "a unknown: w(x=1) w(y=1)", "b unknown: w(x=2)", "c: r(x=none)", "c: r(x=1) r(y=1)")]
    [InlineData("own writes are read", "a: w(x=1) r(x=1) w(x=2) r(x=2)", "b: r(x=2)")]
    [InlineData("a deleted key is absent", "a: w(x=1)", "a: w(x=none)", "a: r(x=none)")]
    public void Accepts(string reason, params string[] lines)
    {
        var report = StrictSerializabilityChecker.Check(Histories.Of(lines));

        Assert.True(report.IsClean, $"{reason}: {report}");
    }

    [Fact]
    public void A_store_of_one_region_is_strictly_serializable_and_each_of_its_keys_a_linearizable_register()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var history = SimulatedStore.Run(seed, new SimulatedLoad { Regions = 1, DeliveryShare = 0, DeleteShare = seed % 2 * 0.1, Keys = 2 + (seed % 10) }).History;

            var report = StrictSerializabilityChecker.Check(history);
            var registers = LinearizabilityChecker.Check(new RegisterModel(), RegisterModel.OperationsOf(history));

            Assert.True(report is { IsClean: true, UndeterminedCount: 0 }, $"seed {seed}: {report}");
            Assert.True(registers is { IsClean: true, UndeterminedCount: 0 }, $"seed {seed}: {registers}");
        }
    }

    [Fact]
    public void A_causal_store_of_several_regions_is_not()
    {
        var runs = Enumerable.Range(0, Seeds).Select(seed => SimulatedStore.Run(seed).History).ToList();

        var serializable = runs.Count(history => StrictSerializabilityChecker.Check(history, statesMax: 100_000) is { IsClean: true, UndeterminedCount: 0 });
        var linearizable = runs.Count(history => LinearizabilityChecker.Check(new RegisterModel(), RegisterModel.OperationsOf(history)).IsClean);

        output.WriteLine($"of {Seeds} runs {serializable} are strictly serializable, {linearizable} linearizable");
        Assert.True(serializable < Seeds / 10);
        Assert.True(linearizable < Seeds / 10);
    }

    [Fact]
    public void Small_histories_are_judged_as_the_definition_says()
    {
        var histories = SeedCount.Of(3000);
        var accepted = 0;
        for (var seed = 0; seed < histories; seed++)
        {
            var history = SmallHistories.Draw(new Random(seed));

            var isSerializable = StrictSerializabilityChecker.Check(history).IsClean;

            var hasOrder = HasOrder([], [.. history.Transactions.Where(transaction => transaction.Outcome != TransactionOutcome.Failed)]);
            Assert.True(isSerializable == hasOrder, $"seed {seed}: the checker says {isSerializable}\n{string.Join('\n', history.Transactions)}");
            accepted += isSerializable ? 1 : 0;
        }
        output.WriteLine($"{accepted} of {histories} are strictly serializable");
        Assert.InRange(accepted, histories / 10, histories * 9 / 10);
    }

    [Fact]
    public void Two_thousand_transactions_are_judged_in_two_seconds()
    {
        var history = SimulatedStore.Run(1, new SimulatedLoad { Transactions = 2000, Regions = 1, DeliveryShare = 0, Sessions = 10, Keys = 20, UnknownShare = 0.01 }).History;

        var (report, elapsed) = BestTime.Of(() => StrictSerializabilityChecker.Check(history));

        output.WriteLine($"{history.Transactions.Count} transactions: {elapsed.TotalMilliseconds:0} ms");
        Assert.True(report is { IsClean: true, UndeterminedCount: 0 }, report.ToString());
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"{elapsed.TotalMilliseconds} ms");
    }

    private static bool HasOrder(Dictionary<string, string?> state, List<HistoryTransaction> left)
    {
        if (left.All(transaction => transaction.Outcome == TransactionOutcome.Unknown))
            return true;
        foreach (var next in left)
        {
            if (left.Any(other => other.Outcome == TransactionOutcome.Ok && (other.Return < next.Call || (next.Outcome == TransactionOutcome.Ok && other.Session == next.Session && other.Index < next.Index))))
                continue;
            var after = new Dictionary<string, string?>(state);
            var fits = true;
            foreach (var operation in next.Operations)
            {
                if (operation.IsWrite)
                    after[operation.Key] = operation.Value;
                else
                    fits &= next.Outcome == TransactionOutcome.Unknown || after.GetValueOrDefault(operation.Key) == operation.Value;
            }
            if (fits && HasOrder(after, [.. left.Where(other => other != next)]))
                return true;
        }
        return false;
    }
}
