namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Judges that a stamp is larger than those of all that happened before it, on which last-writer-wins rests.</summary>
internal static class StampChecker
{
    public static CheckReport Check(History history)
    {
        var report = new CheckReport();
        var reads = new ReadsFrom(history, new CheckReport(), isClockGlobal: false);
        var order = new CausalOrder(reads);

        // The largest stamp at or before a transaction, since some on the way, readers only, carry none.
        var newest = new int[reads.Transactions.Count];
        foreach (var transaction in order.Order)
        {
            var cause = -1;
            foreach (var predecessor in order.Predecessors(transaction))
            {
                if (newest[predecessor] is >= 0 and var candidate && (cause < 0 || reads.Transactions[cause].Stamp < reads.Transactions[candidate].Stamp))
                    cause = candidate;
            }
            newest[transaction] = cause;
            if (reads.Transactions[transaction].Stamp is not { } stamp)
                continue;
            if (cause >= 0 && !(reads.Transactions[cause].Stamp < stamp))
            {
                var earlier = reads.Transactions[cause].Stamp.GetValueOrDefault();
                report.Add(AnomalyKind.StampInversion, () =>
                    $"{reads.Transactions[transaction].Name} has {stamp.Timestamp.Bits} of {stamp.Origin}, but {earlier.Timestamp.Bits} of {earlier.Origin} came before it: "
                    + new CausalExplanation(reads, order).PathOf(cause, transaction));
            }
            else
                newest[transaction] = transaction;
        }
        return report;
    }
}
