namespace GeoFabric.Cluster.Tests.Checking;

public sealed class CausalCheckerTests(ITestOutputHelper output)
{
    [Theory]
    [InlineData("thin-air read", "a: r(x=9)")]
    [InlineData("aborted read", "a failed: w(x=1)", "b: r(x=1)")]
    [InlineData("intermediate read", "a: w(x=1) w(x=2)", "b: r(x=1)")]
    [InlineData("future read", "a: r(x=1) w(x=1)")]
    [InlineData("future read", "a: r(x=1)", "b: r(y=none)", "b: w(x=1)")]
    [InlineData("own write missed", "a: w(x=1) r(x=none)")]
    [InlineData("own write missed", "a: w(x=1) w(x=2) r(x=1)")]
    [InlineData("non-repeatable read", "a: w(x=1)", "b: r(x=none) r(x=1)")]
    [InlineData("fractured read", "a: w(x=1) w(y=1)", "b: r(x=1) r(y=none)")]
    [InlineData("fractured read", "a: w(x=0) w(y=0)", "a: w(x=1) w(y=1)", "b: r(p=none)", "b: r(x=0) r(y=1)")]
    [InlineData("fractured read", "a: w(x=1) w(y=1)", "b: w(x=2) w(y=2)", "c: r(x=1) r(y=2)")]
    [InlineData("non-monotonic read", "a: w(x=1)", "b: r(x=1)", "b: r(x=none)")]
    [InlineData("non-monotonic read", "a: w(x=1) w(y=1)", "b: r(x=1)", "b: r(y=none)")]
    [InlineData("non-monotonic read", "a: w(x=1)", "b: w(x=2)", "c: r(x=1)", "c: r(x=2)", "c: r(x=1)")]
    [InlineData("causality violation", "a: w(x=1)", "a: r(x=none)")]
    [InlineData("causality violation", "a: w(x=1)", "a: w(y=1)", "b: r(p=none)", "b: r(y=1) r(x=none)")]
    [InlineData("causality violation", "a: w(x=1)", "b: r(x=1) w(y=1)", "c: r(y=1) r(x=none)")]
    [InlineData("causality violation", "a: r(y=1) w(x=1)", "b: r(x=1) w(y=1)")]
    [InlineData("causality violation", "a: w(x=1)", "b: w(x=2)", "a: r(x=2)", "b: r(x=1)")]
    [InlineData("causality violation", "a: w(x=1)", "b: r(x=1) w(x=2)", "b: w(y=2)", "c: r(p=none)", "c: r(y=2) r(x=1)")]
    public void Names(string anomaly, params string[] lines)
    {
        var report = CausalChecker.Check(Histories.Of(lines));

        output.WriteLine(report.ToString());
        Assert.Equal([anomaly], report.Anomalies.Select(found => Anomaly.NameOf(found.Kind)).Distinct());
    }

    [Theory]
    [InlineData("the order of concurrent writes may be any", "a: w(x=1)", "b: w(x=2)", "a: r(x=2)", "b: r(x=2)")]
    [InlineData("lost update", "a: w(x=0)", "b: r(x=0) w(x=1)", "c: r(x=0) w(x=2)", "a: r(x=2)")]
    [InlineData("write skew", "a: r(x=none) w(y=1)", "b: r(y=none) w(x=1)", "a: r(x=1) r(y=1)")]
    [InlineData("long fork", "a: w(x=1)", "b: w(y=1)", "c: r(x=1) r(y=none)", "d: r(x=none) r(y=1)")]
    [InlineData("own writes are read", "a: w(x=1) r(x=1) w(x=2) r(x=2)", "b: r(x=2)")]
    [InlineData("an unknown write may come after its session has gone on", "a unknown: w(x=1)", "a: r(x=none)", "a: r(x=1)")]
    [InlineData("an unknown write may never come", "a unknown: w(x=1)", "a: r(x=none)", "b: r(x=none)")]
    [InlineData("what a deleted key lacks is not judged", "a: w(x=1)", "b: w(x=none)", "a: r(x=none)", "a: r(x=1)")]
    public void Accepts(string reason, params string[] lines)
    {
        var report = CausalChecker.Check(Histories.Of(lines));

        Assert.True(report.IsClean, $"{reason}: {report}");
    }

    [Fact]
    public void An_unknown_write_that_was_seen_counts_with_all_that_came_before_it()
    {
        var report = CausalChecker.Check(Histories.Of("a: w(x=1)", "a unknown: w(y=1)", "b: r(p=none)", "b: r(y=1) r(x=none)"));

        Assert.Equal(AnomalyKind.CausalityViolation, Assert.Single(report.Anomalies).Kind);
    }

    [Fact]
    public void Reads_before_an_absent_transaction_are_not_judged()
    {
        var report = CausalChecker.Check(Histories.Of("a failed: r(x=9)", "b unknown: r(x=9) w(y=1)"));

        Assert.True(report.IsClean, report.ToString());
    }

    [Fact]
    public void Without_a_global_clock_only_the_order_inside_a_transaction_tells_the_future()
    {
        var history = Histories.Of("a: r(x=1)", "b: r(y=none)", "b: w(x=1)");

        Assert.False(CausalChecker.Check(history, isClockGlobal: true).IsClean);
        Assert.True(CausalChecker.Check(history, isClockGlobal: false).IsClean);
    }

    [Fact]
    public void A_cycle_is_explained_by_its_transactions_and_the_reason_of_each_step()
    {
        var report = CausalChecker.Check(Histories.Of("a: w(x=1)", "b: r(x=1) w(x=2)", "b: r(p=none)", "b: r(q=none)", "b: w(y=2)", "c: r(p=none)", "c: r(p=none)", "c: r(q=none)", "c: r(y=2) r(x=1)"));

        Assert.Equal(
            """
            causality violation: 2 transactions would have to commit before each other
              a#0 -> b#0: b#0 reads x=1 of a#0
              b#0 -> a#0: c#3 reads x=1 of a#0, not x=2 of b#0, which it had to see: b#0 -> b#3 (session), b#3 -> c#3 (reads y)
                a#0@eu ok [0.000..0.001 s] w(x=1)
                b#0@eu ok [0.000..0.001 s] r(x=1) w(x=2)
                c#3@eu ok [0.006..0.007 s] r(y=2) r(x=1)
            """,
            Assert.Single(report.Anomalies).ToString());
    }
}
