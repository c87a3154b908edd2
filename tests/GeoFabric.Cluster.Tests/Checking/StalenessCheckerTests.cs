using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Cluster.Tests.Checking;

public sealed class StalenessCheckerTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData(49, true)]
    [InlineData(50, false)]
    public void A_read_that_misses_a_write_acknowledged_longer_ago_than_the_bound_is_stale(int boundMilliseconds, bool isStale)
    {
        var history = new History([At("a", 0, 0, 10, HistoryOperation.Write("x", "1")), At("b", 0, 60, 61, HistoryOperation.Read("x", null))]);

        var report = StalenessChecker.Check(history, TimeSpan.FromMilliseconds(boundMilliseconds));

        Assert.Equal(isStale, report.Anomalies.Has(AnomalyKind.StaleRead));
        Assert.Equal(TimeSpan.FromMilliseconds(50), report.AgeMax);
    }

    [Fact]
    public void The_age_counts_from_the_first_write_that_was_missed()
    {
        var history = new History([
            At("a", 0, 0, 10, HistoryOperation.Write("x", "1")),
            At("a", 1, 20, 30, HistoryOperation.Write("x", "2")),
            At("a", 2, 40, 50, HistoryOperation.Write("x", "3")),
            At("b", 0, 60, 61, HistoryOperation.Read("x", "1"))]);

        Assert.Equal(TimeSpan.FromMilliseconds(30), StalenessChecker.Check(history, TimeSpan.MaxValue).AgeMax);
    }

    [Fact]
    public void Without_stamps_real_time_orders_writes_of_different_sessions_beyond_the_clock_error()
    {
        var history = new History([
            At("a", 0, 0, 10, HistoryOperation.Write("x", "1")),
            At("b", 0, 20, 30, HistoryOperation.Write("x", "2")),
            At("c", 0, 60, 61, HistoryOperation.Read("x", "1"))]);

        Assert.Equal(TimeSpan.FromMilliseconds(30), StalenessChecker.Check(history, TimeSpan.MaxValue).AgeMax);
        Assert.Equal(TimeSpan.Zero, StalenessChecker.Check(history, TimeSpan.MaxValue, clockError: TimeSpan.FromMilliseconds(10)).AgeMax);
    }

    [Fact]
    public void A_version_that_won_by_its_stamp_is_not_stale_however_early_it_was_written()
    {
        var early = At("a", 0, 0, 10, HistoryOperation.Write("x", "1")) with { Stamp = new RevisionStamp(new HybridTimestamp(9), 1) };
        var late = At("b", 0, 20, 30, HistoryOperation.Write("x", "2")) with { Stamp = new RevisionStamp(new HybridTimestamp(8), 2) };
        var read = At("c", 0, 60, 61, HistoryOperation.Read("x", "1"));

        Assert.True(StalenessChecker.Check(new History([early, late, read]), TimeSpan.Zero).Anomalies.IsClean);
    }

    [Fact]
    public void Unknown_and_refused_writes_may_be_missed_for_ever()
    {
        var history = new History([
            At("a", 0, 0, 10, HistoryOperation.Write("x", "1")) with { Outcome = TransactionOutcome.Unknown },
            At("b", 0, 0, 10, HistoryOperation.Write("x", "2")) with { Outcome = TransactionOutcome.Failed },
            At("c", 0, 60, 61, HistoryOperation.Read("x", null))]);

        Assert.Equal(TimeSpan.Zero, StalenessChecker.Check(history, TimeSpan.Zero).AgeMax);
    }

    [Fact]
    public void Only_the_bounded_transactions_are_judged()
    {
        var history = new History([At("a", 0, 0, 10, HistoryOperation.Write("x", "1")), At("b", 0, 60, 61, HistoryOperation.Read("x", null))]);

        Assert.True(StalenessChecker.Check(history, TimeSpan.Zero, isBounded: transaction => transaction.Session != "b").Anomalies.IsClean);
    }

    [Fact]
    public void The_longest_age_of_a_simulated_run_is_the_least_bound_it_keeps()
    {
        for (var seed = 0; seed < SeedCount.Of(30); seed++)
        {
            // Versions of unknown outcome have no stamp, which the brute force goes by.
            var history = SimulatedStore.Run(seed, new SimulatedLoad { UnknownShare = 0 }).History;
            var age = StalenessChecker.Check(history, TimeSpan.MaxValue).AgeMax;
            if (seed == 0)
                output.WriteLine($"seed 0: {age.TotalMilliseconds} ms");

            Assert.Equal(BruteForceAge(history), age);
            Assert.True(StalenessChecker.Check(history, age).Anomalies.IsClean);
            Assert.False(StalenessChecker.Check(history, age - TimeSpan.FromTicks(1)).Anomalies.IsClean);
        }
    }

    /// <summary>By stamps, trying each write for each read.</summary>
    private static TimeSpan BruteForceAge(History history)
    {
        var age = TimeSpan.Zero;
        foreach (var reader in history.Transactions.Where(transaction => transaction.Outcome == TransactionOutcome.Ok))
        {
            foreach (var (index, read) in reader.Operations.Index().Where(operation => !operation.Item.IsWrite))
            {
                var version = history.Transactions.SingleOrDefault(writer => read.Value is not null && writer.Operations.Contains(read with { IsWrite = true }));
                if (version == reader || reader.Operations.Take(index).Any(earlier => earlier.Key == read.Key))
                    continue;
                foreach (var writer in history.Transactions.Where(writer => writer.Outcome == TransactionOutcome.Ok && writer != version))
                {
                    if (!writer.Operations.Any(operation => operation.IsWrite && operation.Key == read.Key) || (version is not null && writer.Stamp < version.Stamp))
                        continue;
                    age = TimeSpan.FromTicks(Math.Max(age.Ticks, (reader.Call - writer.Return).Ticks));
                }
            }
        }
        return age;
    }

    private static HistoryTransaction At(string session, int index, int call, int returned, params HistoryOperation[] operations) =>
        Histories.Transaction(session, index, operations) with { Call = TimeSpan.FromMilliseconds(call), Return = TimeSpan.FromMilliseconds(returned) };
}
