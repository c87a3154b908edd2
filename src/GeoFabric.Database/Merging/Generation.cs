using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Database.Merging;

/// <summary>
/// What a key holds, decided between regions as one register: the larger wins. A document put by one region has its stamp; one that several regions may
/// create together is shared and has the stamp of the deletion it follows; a deletion has its own.
/// </summary>
/// <param name="Stamp">Zero when it is stable: older than all that can still arrive.</param>
internal readonly record struct Generation(RevisionStamp Stamp, GenerationKind Kind)
{
    public bool Beats(Generation other)
    {
        var order = Stamp.CompareTo(other.Stamp);
        return order > 0 || (order == 0 && Kind > other.Kind);
    }

    /// <summary>Whether an operation that names <paramref name="named"/> means this one.</summary>
    public bool IsMeantBy(Generation named, in MergeContext context)
    {
        if (Stamp == named.Stamp)
            return true;
        if (named.Stamp == default)
            return context.HasObserved(Stamp);
        return Stamp == default && named.Stamp.Timestamp <= context.Stable;
    }
}

/// <summary>Kinds of <see cref="Generation"/>, the later one winning among equal stamps.</summary>
internal enum GenerationKind : byte
{
    None = 0,
    Deletion = 1,
    Put = 2,
    Shared = 3,
}
