namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Which of two versions of a key replaced the other, as far as a history tells.</summary>
internal sealed class VersionOrder(ReadsFrom reads, CausalOrder order)
{
    /// <summary>Whether <paramref name="writer"/>'s version certainly lost to <paramref name="other"/>'s: by stamps where both are known, else because it happened before.</summary>
    public bool IsOlder(int writer, int other)
    {
        if (writer == other || other == ReadsFrom.Initial)
            return false;
        if (writer == ReadsFrom.Initial)
            return true;
        return reads.Transactions[writer].Stamp is { } stamp && reads.Transactions[other].Stamp is { } otherStamp
            ? stamp < otherStamp
            : order.HappenedBefore(writer, other);
    }
}
