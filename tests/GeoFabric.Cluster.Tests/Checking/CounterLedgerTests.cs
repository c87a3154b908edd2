namespace GeoFabric.Cluster.Tests.Checking;

public sealed class CounterLedgerTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(11, true)]
    [InlineData(15, true)]
    [InlineData(10, false)]
    [InlineData(1, false)]
    [InlineData(12, false)]
    [InlineData(111, false)]
    [InlineData(19, false)]
    public void A_counter_holds_each_acknowledged_increment_and_any_of_the_unknown_ones_once(long value, bool isExact)
    {
        var ledger = new CounterLedger();
        ledger.Record("stock", "one", 1, TransactionOutcome.Ok);
        ledger.Record("stock", "ten", 10, TransactionOutcome.Ok);
        ledger.Record("stock", "four", 4, TransactionOutcome.Unknown);
        ledger.Record("stock", "hundred", 100, TransactionOutcome.Failed);

        var report = ledger.CheckValues(new Dictionary<string, long> { ["stock"] = value });

        output.WriteLine(report.ToString());
        Assert.Equal(isExact, report.IsClean);
    }

    [Fact]
    public void The_single_mistakes_that_explain_a_value_are_named()
    {
        var ledger = new CounterLedger();
        ledger.Record("stock", "one", 1, TransactionOutcome.Ok);
        ledger.Record("stock", "ten", 10, TransactionOutcome.Ok);
        ledger.Record("stock", "hundred", 100, TransactionOutcome.Failed);

        Assert.Contains("acknowledged request ten of 10 may be lost", Report(1), StringComparison.Ordinal);
        Assert.Contains("request ten of 10 may count twice", Report(21), StringComparison.Ordinal);
        Assert.Contains("refused request hundred of 100 may count", Report(111), StringComparison.Ordinal);

        string Report(long value) => ledger.CheckValues(new Dictionary<string, long> { ["stock"] = value }).ToString();
    }

    [Theory]
    [InlineData(TransactionOutcome.Unknown, TransactionOutcome.Ok, false)]
    [InlineData(TransactionOutcome.Ok, TransactionOutcome.Unknown, false)]
    [InlineData(TransactionOutcome.Unknown, TransactionOutcome.Failed, true)]
    [InlineData(TransactionOutcome.Failed, TransactionOutcome.Failed, true)]
    internal void Retries_of_a_request_are_one_increment(TransactionOutcome first, TransactionOutcome second, bool mayBeAbsent)
    {
        var ledger = new CounterLedger();
        ledger.Record("stock", "r", 5, first);
        ledger.Record("stock", "r", 5, second);

        Assert.False(ledger.CheckValues(new Dictionary<string, long> { ["stock"] = 10 }).IsClean);
        Assert.Equal(mayBeAbsent, ledger.CheckValues(new Dictionary<string, long> { ["stock"] = 0 }).IsClean);
    }

    [Fact]
    public void A_request_id_names_one_amount()
    {
        var ledger = new CounterLedger();
        ledger.Record("stock", "r", 5, TransactionOutcome.Unknown);

        Assert.Throws<ArgumentException>(() => ledger.Record("stock", "r", 6, TransactionOutcome.Ok));
    }

    [Fact]
    public void Recorded_operations_count_by_their_request_ids_and_refused_ones_do_not()
    {
        var ledger = new CounterLedger();
        var add = new ObjectOperation
        {
            Client = "c1",
            Key = "stock",
            Action = ObjectAction.Add,
            Argument = "5",
            Call = TimeSpan.Zero,
            Return = TimeSpan.Zero,
            Outcome = TransactionOutcome.Ok,
            RequestId = "r1",
        };
        ledger.Record(add);
        ledger.Record(add with { Client = "c2" });
        ledger.Record(add with { RequestId = "r2", Result = BoundedCounterModel.Refused });
        ledger.Record(add with { RequestId = null, Argument = "-1" });

        Assert.True(ledger.CheckValues(new Dictionary<string, long> { ["stock"] = 4 }).IsClean);
        Assert.Throws<ArgumentException>(() => ledger.Record(add with { Action = ObjectAction.Read, Argument = null }));
    }

    [Fact]
    public void Requests_that_were_applied_are_compared_one_by_one()
    {
        var ledger = new CounterLedger();
        ledger.Record("stock", "ok", 1, TransactionOutcome.Ok);
        ledger.Record("stock", "lost", 1, TransactionOutcome.Ok);
        ledger.Record("stock", "unknown", 1, TransactionOutcome.Unknown);
        ledger.Record("stock", "refused", 1, TransactionOutcome.Failed);

        Assert.True(ledger.CheckApplied("stock", ["ok", "lost"]).IsClean);
        Assert.True(ledger.CheckApplied("stock", ["ok", "lost", "unknown"]).IsClean);
        Assert.Equal(
            [
                "inexact counter: stock: request ok was applied 2 times",
                "inexact counter: stock: request refused was applied, though it was refused",
                "inexact counter: stock: request stranger was applied, but nobody sent it",
                "inexact counter: stock: request lost of 1 was acknowledged, but not applied",
            ],
            ledger.CheckApplied("stock", ["ok", "ok", "refused", "stranger"]).Anomalies.Select(anomaly => anomaly.ToString()));
    }

    [Fact]
    public void A_value_is_judged_as_trying_all_subsets_would()
    {
        for (var seed = 0; seed < SeedCount.Of(2000); seed++)
        {
            var random = new Random(seed);
            var ledger = new CounterLedger();
            var acknowledged = 0L;
            var unknown = new List<long>();
            for (var i = random.Next(8); i > 0; i--)
            {
                var amount = random.Next(-5, 12);
                var outcome = (TransactionOutcome)random.Next(3);
                ledger.Record("stock", $"r{i}", amount, outcome);
                acknowledged += outcome == TransactionOutcome.Ok ? amount : 0;
                if (outcome == TransactionOutcome.Unknown)
                    unknown.Add(amount);
            }
            var value = random.Next(-10, 40);
            var isPossible = Enumerable.Range(0, 1 << unknown.Count).Any(choice => acknowledged + unknown.Where((_, index) => (choice & (1 << index)) != 0).Sum() == value);

            Assert.Equal(isPossible, ledger.CheckValues(new Dictionary<string, long> { ["stock"] = value }).IsClean);
        }
    }

    [Fact]
    public void Many_unknown_increments_of_one_amount_are_exact_and_of_many_amounts_bounded()
    {
        var ledger = new CounterLedger();
        for (var i = 0; i < 1000; i++)
        {
            ledger.Record("same", $"{i}", 3, TransactionOutcome.Unknown);
            ledger.Record("many", $"{i}", 1L << (i % 50), TransactionOutcome.Unknown);
        }

        Assert.True(ledger.CheckValues(new Dictionary<string, long> { ["same"] = 2997 }).IsClean);
        Assert.False(ledger.CheckValues(new Dictionary<string, long> { ["same"] = 2998 }).IsClean);
        Assert.Equal(1, ledger.CheckValues(new Dictionary<string, long> { ["many"] = 12345 }).UndeterminedCount);
        Assert.False(ledger.CheckValues(new Dictionary<string, long> { ["many"] = -1 }).IsClean);
    }
}
