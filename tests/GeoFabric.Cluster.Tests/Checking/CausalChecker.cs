namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Judges whether a history is transactionally causally consistent: atomic, closed under what happened before, with one order of concurrent versions everywhere.</summary>
/// <remarks>
/// <para>The axiom (Biswas and Enea, "On the Complexity of Checking Transactional Consistency", 2019): there is an order of commits that contains the order
/// of sessions and of reads-from, and where a transaction that reads a version is preceded by no writer of the key that commits after that version's writer.
/// As in Plume and AWDIT, the order is not searched for. What the axiom forces is added to the relation; if that stays free of cycles, an order exists.
/// Of the writers of a key in one lane only the last that happened before a reader has to be looked at, so O(n k) edges suffice for n operations and k lanes.</para>
/// <para>Lost updates and write skew are not anomalies here: without coordination regions cannot prevent them.</para>
/// </remarks>
internal static class CausalChecker
{
    /// <remarks>Where causes and effects are a circle, only that is reported, beside single reads that are wrong by themselves.</remarks>
    /// <param name="isClockGlobal">Whether the times of different sessions come from one clock, so that a read from the future can be told by them.</param>
    public static CheckReport Check(History history, bool isClockGlobal = true)
    {
        var report = new CheckReport();
        var reads = new ReadsFrom(history, report, isClockGlobal);
        var order = new CausalOrder(reads);
        if (order.IsCircular)
            ReportCircles(reads, order, report);
        else
            new CommitSaturation(reads, order, report).Run();
        return report;
    }

    /// <summary>Who read from whom is a circle by itself; clocks, and so versions to compare, do not exist.</summary>
    private static void ReportCircles(ReadsFrom reads, CausalOrder order, CheckReport report)
    {
        var graph = new CommitGraph(reads.Transactions.Count, CommitSaturation.KnownEdges(reads, order));
        foreach (var component in graph.Components(CommitEdgeKind.ReadsFrom))
        {
            report.Add(AnomalyKind.CausalityViolation, () =>
                new CausalExplanation(reads, order).OfCycle(graph.ShortCycle(component, CommitEdgeKind.ReadsFrom)));
        }
    }
}
