namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>The causal checker against histories of a simulated store, sound and spoiled, and against the definition.</summary>
public sealed class CausalCheckerRandomTests(ITestOutputHelper output)
{
    private static readonly int Seeds = SeedCount.Of(100);

    [Fact]
    public void Histories_of_a_causal_store_are_accepted()
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var load = LoadOf(seed);

            var report = CausalChecker.Check(SimulatedStore.Run(seed, load).History);

            Assert.True(report.IsClean, $"seed {seed}, {load}: {report}");
        }
    }

    [Theory]
    [InlineData(SimulatedFault.IgnoreDependencies, AnomalyKind.CausalityViolation)]
    [InlineData(SimulatedFault.TearTransactions, AnomalyKind.FracturedRead)]
    [InlineData(SimulatedFault.IgnoreTokens, AnomalyKind.NonMonotonicRead)]
    [InlineData(SimulatedFault.ApplyByArrival, AnomalyKind.CausalityViolation)]
    [InlineData(SimulatedFault.KeepRefused, AnomalyKind.AbortedRead)]
    [InlineData(SimulatedFault.DropRecords, AnomalyKind.CausalityViolation)]
    [InlineData(SimulatedFault.ForgetClock, AnomalyKind.CausalityViolation)]
    internal void A_faulty_store_is_rejected(SimulatedFault fault, AnomalyKind kind)
    {
        var rejected = 0;
        var named = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var report = CausalChecker.Check(SimulatedStore.Run(seed, fault: fault).History);
            rejected += report.IsClean ? 0 : 1;
            named += report.Has(kind) ? 1 : 0;
        }

        output.WriteLine($"{fault}: {rejected} of {Seeds} histories rejected, {named} named {Anomaly.NameOf(kind)}");
        Assert.True(named > Seeds / 10);
    }

    [Theory]
    [InlineData(AnomalyKind.ThinAirRead)]
    [InlineData(AnomalyKind.AbortedRead)]
    [InlineData(AnomalyKind.IntermediateRead)]
    [InlineData(AnomalyKind.FutureRead)]
    [InlineData(AnomalyKind.OwnWriteMissed)]
    [InlineData(AnomalyKind.NonRepeatableRead)]
    internal void A_changed_read_is_named(AnomalyKind kind)
    {
        var changed = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var history = SimulatedStore.Run(seed).History;
            if (HistoryMutation.Apply(history, new Random(seed), (transaction, index) => Spoil(history, transaction, index, kind)) is not { } mutant)
                continue;
            changed++;

            var report = CausalChecker.Check(mutant);

            Assert.True(report.Has(kind), $"seed {seed}: {report}");
        }
        output.WriteLine($"{changed} histories changed");
        Assert.True(changed > Seeds / 10);
    }

    [Fact]
    public void A_read_of_a_version_older_than_one_it_had_seen_is_rejected()
    {
        var changed = 0;
        for (var seed = 0; seed < Seeds; seed++)
        {
            var history = SimulatedStore.Run(seed).History;
            var reads = new ReadsFrom(history, new CheckReport(), isClockGlobal: true);
            var order = new CausalOrder(reads);
            if (HistoryMutation.Apply(history, new Random(seed), (transaction, index) => Outdate(reads, order, transaction, index)) is not { } mutant)
                continue;
            changed++;

            var report = CausalChecker.Check(mutant);

            Assert.True(
                report.Anomalies.Any(anomaly => anomaly.Kind is AnomalyKind.FracturedRead or AnomalyKind.NonMonotonicRead or AnomalyKind.CausalityViolation),
                $"seed {seed}: {report}");
        }
        Assert.True(changed > Seeds / 2);
    }

    [Fact]
    public void Small_histories_are_judged_as_the_definition_says()
    {
        var accepted = 0;
        var histories = SeedCount.Of(6000);
        for (var seed = 0; seed < histories; seed++)
        {
            var history = SmallHistories.Draw(new Random(seed));

            var isConsistent = CausalChecker.Check(history, isClockGlobal: false).IsClean;

            Assert.True(isConsistent == BruteForceCausality.IsConsistent(history), $"seed {seed}: the checker says {isConsistent}\n{string.Join('\n', history.Transactions)}");
            accepted += isConsistent ? 1 : 0;
        }
        output.WriteLine($"{accepted} of {histories} are consistent");
        Assert.InRange(accepted, histories / 10, histories * 9 / 10);
    }

    [Theory]
    [InlineData(10, 100)]
    [InlineData(50, 1000)]
    public void Ten_thousand_transactions_are_judged_in_two_seconds(int sessions, int keys)
    {
        var load = new SimulatedLoad { Transactions = 10_000, Sessions = sessions, Regions = 5, Keys = keys, OperationsMax = 8 };
        var history = SimulatedStore.Run(1, load).History;

        var (report, elapsed) = BestTime.Of(() => CausalChecker.Check(history));

        var operations = history.Transactions.Sum(transaction => transaction.Operations.Count);
        output.WriteLine($"{history.Transactions.Count} transactions, {operations} operations, {sessions} sessions: {elapsed.TotalMilliseconds:0} ms");
        Assert.True(report.IsClean, report.ToString());
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"{elapsed.TotalMilliseconds} ms");
    }

    [Theory]
    [InlineData(SimulatedFault.IgnoreTokens)]
    [InlineData(SimulatedFault.ApplyByArrival)]
    internal void Ten_thousand_transactions_that_are_much_in_the_wrong_are_explained_in_two_seconds(SimulatedFault fault)
    {
        var history = SimulatedStore.Run(1, new SimulatedLoad { Transactions = 10_000, Sessions = 10, Regions = 5, Keys = 100, OperationsMax = 8 }, fault).History;

        var (report, elapsed) = BestTime.Of(() => CausalChecker.Check(history));

        output.WriteLine($"{report.Count} anomalies in {elapsed.TotalMilliseconds:0} ms, the last of them {report.Anomalies[^1]}");
        Assert.False(report.IsClean);
        Assert.True(elapsed < TimeSpan.FromSeconds(2), $"{elapsed.TotalMilliseconds} ms");
    }

    private static SimulatedLoad LoadOf(int seed)
    {
        var random = new Random(~seed);
        return new SimulatedLoad
        {
            Sessions = random.Next(1, 9),
            Regions = random.Next(1, 6),
            Keys = random.Next(1, 12),
            DeleteShare = random.Next(3) * 0.1,
            UnknownShare = random.Next(3) * 0.15,
            DeliveryShare = 0.2 + (random.NextDouble() * 0.7),
        };
    }

    private static IReadOnlyList<HistoryOperation>? Spoil(History history, HistoryTransaction transaction, int index, AnomalyKind kind)
    {
        var read = transaction.Operations[index];
        var writes = history.Transactions.SelectMany(other => other.Operations.Where(operation => operation.IsWrite && operation.Key == read.Key).Select(operation => (Writer: other, operation.Value)));
        switch (kind)
        {
            case AnomalyKind.ThinAirRead:
                return HistoryMutation.WithValue(transaction, index, "nowhere");
            case AnomalyKind.AbortedRead:
                return WithFirst(writes.Where(write => write.Writer.Outcome == TransactionOutcome.Failed && write.Writer != transaction));
            case AnomalyKind.IntermediateRead:
                return WithFirst(writes.Where(write => write.Writer.Outcome == TransactionOutcome.Ok && write.Writer != transaction && write.Writer.Call < transaction.Return
                    && write.Writer.Operations.Last(operation => operation.IsWrite && operation.Key == read.Key).Value != write.Value));
            case AnomalyKind.FutureRead:
                return WithFirst(writes.Where(write => write.Writer.Outcome == TransactionOutcome.Ok && write.Writer.Call > transaction.Return));
            case AnomalyKind.OwnWriteMissed:
                return [.. transaction.Operations, HistoryOperation.Write(read.Key, "own"), read];
            case AnomalyKind.NonRepeatableRead:
                return [.. transaction.Operations.Take(index + 1), HistoryOperation.Read(read.Key, "other"), .. transaction.Operations.Skip(index + 1)];
            default:
                throw new ArgumentOutOfRangeException(nameof(kind));
        }

        IReadOnlyList<HistoryOperation>? WithFirst(IEnumerable<(HistoryTransaction Writer, string? Value)> candidates) =>
            candidates.Select(write => write.Value).FirstOrDefault() is { } value ? HistoryMutation.WithValue(transaction, index, value) : null;
    }

    /// <summary>Makes a read return the version of a writer that happened before the one it returned.</summary>
    private static IReadOnlyList<HistoryOperation>? Outdate(ReadsFrom reads, CausalOrder order, HistoryTransaction transaction, int index)
    {
        var read = transaction.Operations[index];
        Assert.True(reads.TryGetKey(read.Key, out var key));
        if (read.Value is null)
            return null;
        Assert.True(reads.TryGetWriter(key, read.Value, out var newer));
        var reader = reads.Transactions.ToList().IndexOf(transaction);
        // The newer version has to stay in the reader's past without this read of it.
        if (!reads.Transactions.Select((_, other) => other).Any(other => other != reader && reads.IsPresent(other) && order.HappenedBefore(newer, other) && order.HappenedBefore(other, reader)))
            return null;
        var older = order.Order.FirstOrDefault(other => order.HappenedBefore(other, newer) && reads.Writes(other, key), -1);
        return older < 0 ? null : HistoryMutation.WithValue(transaction, index, reads.FinalValue(older, key));
    }
}
