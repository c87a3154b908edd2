using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Database.Merging;

/// <summary>What a transaction's operations are merged under.</summary>
/// <param name="Stamp">The transaction.</param>
/// <param name="Stable">Everything up to here has been applied everywhere: it is observed by whatever still comes.</param>
/// <param name="HasApplied">Whether the transaction's origin had applied what carries a stamp; null for this region, which has applied all there is here.</param>
internal readonly record struct MergeContext(RevisionStamp Stamp, HybridTimestamp Stable, Func<RevisionStamp, bool>? HasApplied)
{
    /// <summary>For a transaction of this region.</summary>
    public static MergeContext Local(RevisionStamp stamp, HybridTimestamp stable) => new(stamp, stable, null);

    /// <summary>Whether the transaction's writer knew of what carries a stamp; zero is a stamp that has been forgotten as stable.</summary>
    public bool HasObserved(RevisionStamp stamp) => stamp.Timestamp <= Stable || HasApplied is null || HasApplied(stamp);
}
