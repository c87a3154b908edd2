using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Database.Merging;

/// <summary>The operations of a transaction of this region that is void, and what takes them back: amounts are subtracted, inserted elements removed.</summary>
/// <remarks>
/// Assignments, removals and extremes need nothing: the other region's transaction makes them too. An amount that a later assignment contains is gone with
/// it, an element or a document removed meanwhile as well.
/// </remarks>
/// <param name="stamp">The void transaction.</param>
/// <param name="stable">What was stable for its writer: documents it named by zero are that old.</param>
internal sealed class VoidOperations(RevisionStamp stamp, HybridTimestamp stable)
{
    /// <summary>Adds the inverse of one operation, unless there is nothing left to take back.</summary>
    /// <param name="meant">The generation of the document that the operation was made on.</param>
    public void AddInverse(MergingDocument document, Generation meant, ChangeKind kind, byte[] path, byte[] payload, Action<ChangeKind, byte[], byte[]> emit)
    {
        if (!document.IsPresent || !Means(meant.Stamp, document.Generation.Stamp, document.Stable) || Find(document.Root, MergePath.Read(path), document.Stable) is not { } slot)
            return;
        var reader = new MergeReader(payload);
        switch (kind)
        {
            case ChangeKind.Increment when slot.HoldsIncrement(stamp):
                emit(kind, path, new MergeBytes().Amount(CounterShares.Negate(reader.ReadAmount())).ToArray());
                break;
            case ChangeKind.ListInsert or ChangeKind.SetInsert:
                var named = reader.ReadStamp();
                reader.ReadPlace();
                var first = checked((uint)reader.ReadNumber());
                RemoveInserted(slot, named, first, reader.ReadCount(), document.Stable, inverse => emit(ChangeKind.ListRemove, path, inverse));
                break;
        }
    }

    private void RemoveInserted(Slot slot, RevisionStamp named, uint first, int count, HybridTimestamp stableNow, Action<byte[]> emit)
    {
        if (FindList(slot, named, stableNow) is not ({ } list, var present))
            return;
        var left = new List<ElementId>();
        for (var i = 0; i < count; i++)
        {
            var id = new ElementId(stamp, first + (uint)i);
            if (list.Find(id) is { RemovedAt: null })
                left.Add(id);
        }
        if (left.Count == 0)
            return;
        var payload = new MergeBytes().Stamp(present).Number((ulong)left.Count);
        foreach (var id in left)
            payload.Element(id);
        emit(payload.ToArray());
    }

    private Slot? Find(Slot slot, List<MergeStep> path, HybridTimestamp stableNow)
    {
        foreach (var step in path)
        {
            if (step.Name is { } name)
            {
                if (!slot.TryGetChild(name, out var child) || child is null)
                    return null;
                slot = child;
                continue;
            }
            if (FindList(slot, step.List, stableNow) is not ({ } list, _) || list.Find(step.Element) is not { RemovedAt: null } element)
                return null;
            slot = element.Slot;
        }
        return slot;
    }

    private (MergingList? List, RevisionStamp Stamp) FindList(Slot slot, RevisionStamp named, HybridTimestamp stableNow)
    {
        foreach (var entry in slot.Entries)
        {
            if ((entry.List is not null || entry.Value.IsArray) && Means(named, entry.Stamp, stableNow))
                return (entry.List ??= MergingList.Of(entry.Stamp, entry.Value), entry.Stamp);
        }
        return default;
    }

    /// <summary>Whether a generation or an array that was named when the transaction was written is the present one.</summary>
    private bool Means(RevisionStamp named, RevisionStamp present, HybridTimestamp stableNow) =>
        named == present
        || (named == default && present.Timestamp <= stable)
        || (present == default && named.Timestamp <= stableNow)
        // Made by the transaction itself: a new document, or an array in it.
        || present == stamp;
}
