using System.Collections.Immutable;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Cluster.Tests.Checking;

public sealed class SessionCheckerTests(ITestOutputHelper output)
{
    private static readonly int Seeds = SeedCount.Of(100);

    [Theory]
    [InlineData("read your writes", "a@eu: w(x=1)", "a@us: r(x=none)")]
    [InlineData("read your writes", "a@eu: w(x=0)", "a@eu: w(x=1)", "a@us: r(x=0)")]
    [InlineData("read your writes", "b: w(x=0)", "a@eu: r(x=0) w(x=1)", "a@us: r(x=0)")]
    [InlineData("monotonic reads", "a: w(x=1)", "b@eu: r(x=1)", "b@us: r(x=none)")]
    [InlineData("monotonic reads", "a: w(x=1)", "c: r(x=1) w(x=2)", "b@eu: r(x=2)", "b@us: r(x=1)")]
    [InlineData("monotonic reads", "a: w(x=1) w(y=1)", "b@eu: r(x=1)", "b@us: r(y=none)")]
    [InlineData("monotonic writes", "a@eu: w(x=1)", "a@us: w(y=1)", "b: r(y=1) r(x=none)")]
    [InlineData("monotonic writes", "a@eu: w(x=1)", "a@us: w(y=1)", "b@eu: r(y=1)", "b@us: r(x=none)")]
    [InlineData("writes follow reads", "a: w(x=1)", "b: r(x=1) w(y=1)", "c: r(y=1) r(x=none)")]
    [InlineData("writes follow reads", "a: w(x=1)", "b@eu: r(x=1)", "b@us: w(y=1)", "c: r(y=1)", "c: r(x=none)")]
    public void Names(string anomaly, params string[] lines)
    {
        var report = SessionChecker.Check(Histories.Of(lines));

        output.WriteLine(report.ToString());
        Assert.Contains(anomaly, report.Anomalies.Select(found => Anomaly.NameOf(found.Kind)));
    }

    [Theory]
    [InlineData("a concurrent write may have won", "a: w(x=1)", "b: w(x=2)", "a: r(x=2)", "a: r(x=2)")]
    [InlineData("an unknown write need not be seen", "a unknown: w(x=1)", "a: r(x=none)")]
    [InlineData("a refused write must not be seen", "a failed: w(x=1)", "a: r(x=none)")]
    [InlineData("what another session wrote later need not be seen", "a: w(y=1)", "a: w(x=1)", "b: r(y=1) r(x=none)")]
    [InlineData("two steps of causality are not a session's guarantee", "a: w(x=1)", "b: r(x=1) w(y=1)", "c: r(y=1) w(z=1)", "d: r(z=1) r(x=none)")]
    public void Accepts(string reason, params string[] lines)
    {
        var report = SessionChecker.Check(Histories.Of(lines));

        Assert.True(report.IsClean, $"{reason}: {report}");
    }

    [Theory]
    [InlineData(10, 20, false)]
    [InlineData(20, 10, true)]
    public void Stamps_tell_which_of_two_concurrent_writes_is_older(ulong ownStamp, ulong otherStamp, bool isAnomaly)
    {
        var own = Histories.Transaction("a", 0, HistoryOperation.Write("x", "own")) with { Stamp = Stamp(ownStamp, 1) };
        var other = Histories.Transaction("b", 0, HistoryOperation.Write("x", "other")) with { Stamp = Stamp(otherStamp, 2) };
        var read = Histories.Transaction("a", 1, HistoryOperation.Read("x", "other"));

        var report = SessionChecker.Check(new History([own, other, read]));

        Assert.Equal(isAnomaly, report.Has(AnomalyKind.ReadYourWrites));
        Assert.Equal(isAnomaly, !report.IsClean);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Histories_of_a_causal_store_are_accepted(bool hasStamps)
    {
        for (var seed = 0; seed < Seeds; seed++)
        {
            var history = SimulatedStore.Run(seed, new SimulatedLoad { DeleteShare = seed % 2 * 0.1 }).History;
            if (!hasStamps)
                history = new History(history.Transactions.Select(transaction => transaction with { Stamp = null }));

            Assert.True(SessionChecker.Check(history) is { IsClean: true }, $"seed {seed}: {SessionChecker.Check(history)}");
            Assert.True(TokenChecker.Check(history) is { IsClean: true }, $"seed {seed}: {TokenChecker.Check(history)}");
            Assert.True(StampChecker.Check(history) is { IsClean: true }, $"seed {seed}: {StampChecker.Check(history)}");
        }
    }

    [Fact]
    public void A_session_anomaly_without_stamps_is_a_causal_one_too()
    {
        var anomalies = 0;
        foreach (var fault in new[] { SimulatedFault.IgnoreTokens, SimulatedFault.IgnoreDependencies, SimulatedFault.ApplyByArrival })
        {
            for (var seed = 0; seed < Seeds; seed++)
            {
                var history = SimulatedStore.Run(seed, fault: fault).History;
                history = new History(history.Transactions.Select(transaction => transaction with { Stamp = null }));
                if (SessionChecker.Check(history).IsClean)
                    continue;
                anomalies++;

                Assert.False(CausalChecker.Check(history).IsClean, $"{fault}, seed {seed}: {SessionChecker.Check(history)}");
            }
        }
        Assert.True(anomalies > Seeds / 2);
    }

    [Theory]
    [InlineData(SimulatedFault.IgnoreTokens, AnomalyKind.ReadYourWrites)]
    [InlineData(SimulatedFault.IgnoreTokens, AnomalyKind.MonotonicReads)]
    [InlineData(SimulatedFault.IgnoreDependencies, AnomalyKind.WritesFollowReads)]
    [InlineData(SimulatedFault.IgnoreDependencies, AnomalyKind.MonotonicWrites)]
    [InlineData(SimulatedFault.ApplyByArrival, AnomalyKind.MonotonicReads)]
    internal void A_faulty_store_breaks_the_guarantees_that_the_fault_suggests(SimulatedFault fault, AnomalyKind kind) =>
        AssertNoticed(fault, kind, SessionChecker.Check);

    [Fact]
    public void A_store_that_ignores_tokens_is_noticed_by_them() =>
        AssertNoticed(SimulatedFault.IgnoreTokens, AnomalyKind.TokenIgnored, TokenChecker.Check);

    [Fact]
    public void A_store_whose_clocks_do_not_heed_stamps_is_noticed_by_them() =>
        AssertNoticed(SimulatedFault.ForgetClock, AnomalyKind.StampInversion, StampChecker.Check);

    [Fact]
    public void Each_fault_of_a_token_has_its_name()
    {
        var first = Histories.Transaction("a", 0, HistoryOperation.Write("x", "1")) with { Stamp = Stamp(10, 1), TokenSent = Token(5, 1), TokenReturned = Token(9, 1) };
        var second = Histories.Transaction("a", 1, HistoryOperation.Read("x", null)) with { TokenSent = Token(12, 1), TokenReturned = Token(11, 1) };
        var third = Histories.Transaction("a", 2, HistoryOperation.Read("x", "1")) with { TokenSent = Token(8, 1), TokenReturned = Token(8, 1) };

        var report = TokenChecker.Check(new History([first, second, third]));

        output.WriteLine(report.ToString());
        Assert.Equal(
            [AnomalyKind.TokenIncomplete, AnomalyKind.TokenShrank, AnomalyKind.TokenIgnored, AnomalyKind.TokenNotCarried, AnomalyKind.TokenIncomplete],
            report.Anomalies.Select(anomaly => anomaly.Kind));
    }

    [Fact]
    public void A_merged_token_covers_exactly_what_both_cover()
    {
        var left = new RecordedToken(10, ImmutableSortedDictionary<ushort, ulong>.Empty.Add(1, 30).Add(2, 15));
        var right = new RecordedToken(20, ImmutableSortedDictionary<ushort, ulong>.Empty.Add(1, 25));

        var merged = left.Merge(right);

        Assert.True(merged.Covers(left) && merged.Covers(right));
        Assert.Equal("floor 20, 1:30", merged.ToString());
    }

    private void AssertNoticed(SimulatedFault fault, AnomalyKind kind, Func<History, CheckReport> check)
    {
        var noticed = Enumerable.Range(0, Seeds).Count(seed => check(SimulatedStore.Run(seed, fault: fault).History).Has(kind));

        output.WriteLine($"{fault}: {noticed} of {Seeds} histories have {Anomaly.NameOf(kind)}");
        Assert.True(noticed > Seeds / 10);
    }

    private static RevisionStamp Stamp(ulong bits, ushort origin) => new(new HybridTimestamp(bits), origin);

    private static RecordedToken Token(ulong bits, ushort origin) => RecordedToken.Empty.With(Stamp(bits, origin));
}
