using GeoFabric.Database.Changes;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Merging;
using GeoFabric.Database.Requests;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Database.Transactions;

/// <summary>Applies records of other regions inside one transaction: their effects, the records themselves, and how far each origin has come.</summary>
internal static class RecordApplier
{
    /// <summary>Applies records in the order given; those applied before are left out.</summary>
    /// <param name="records">Whole transactions: the parts of one that was cut stand together.</param>
    /// <exception cref="InvalidDataException">A record does not follow the one before it, or what it depends on has not been applied; nothing is stored.</exception>
    public static void Apply(FabricTransaction transaction, IReadOnlyList<ReceivedRecord> records)
    {
        var positions = new Dictionary<ChangeOrigin, AppliedPosition>();
        ChangeOrigin? unfinished = null;
        foreach (var (record, bytes) in records)
        {
            if (!positions.TryGetValue(record.Origin, out var position))
                position = transaction.Vector.PositionOf(record.Origin);
            if (record.LastSequence <= position.Sequence)
                continue;
            if (record.Sequence != position.Sequence + 1)
                throw new InvalidDataException($"record {record.Sequence} of region {record.Origin.Region} does not follow {position.Sequence}");
            DemandDependencies(transaction, positions, record);
            position = position.After(record.LastSequence, record.Timestamp, record.Dependencies);
            positions[record.Origin] = position;
            ApplyOperations(transaction, record, position);
            // Own records, replayed on a snapshot, are in the own log already, and their requests are known.
            if (record.Origin != transaction.Origin)
            {
                if (record.RequestId != 0 && RequestEntries.PutForeign(transaction.Storage, transaction.Origin, record))
                    transaction.HasMaintenanceWork = true;
                transaction.AppendForeign(record.Origin, record.LastSequence, bytes.Span);
            }
            unfinished = record.Flags.HasFlag(ChangeFlags.MoreFollows) ? record.Origin : null;
        }
        if (unfinished is { } origin)
            throw new InvalidDataException($"a transaction of region {origin.Region} is not whole");
        if (positions.Count > 0)
            transaction.AdvanceVector(positions.Values);
    }

    private static void DemandDependencies(FabricTransaction transaction, Dictionary<ChangeOrigin, AppliedPosition> positions, ChangeRecord record)
    {
        foreach (var dependency in record.Dependencies)
        {
            if (dependency.Region == transaction.Stamp.Origin || dependency.Region == record.Origin.Region)
                continue;
            var applied = transaction.Vector.Regions.GetValueOrDefault(dependency.Region);
            foreach (var position in positions.Values)
            {
                if (position.Origin.Region == dependency.Region && position.Timestamp > applied)
                    applied = position.Timestamp;
            }
            if (applied < dependency.Timestamp)
                throw new InvalidDataException($"record {record.Sequence} of region {record.Origin.Region} depends on what has not come from region {dependency.Region}");
        }
    }

    private static void ApplyOperations(FabricTransaction transaction, ChangeRecord record, AppliedPosition position)
    {
        var context = new MergeContext(new RevisionStamp(record.Timestamp, record.Origin.Region), transaction.Stable, position.HasObserved);
        var operations = record.Operations;
        var snapshot = transaction.Vector.Installed;
        for (var i = 0; i < operations.Count;)
        {
            var first = operations[i];
            var end = i + 1;
            // Operations on the catalog have no key, and each is one by itself.
            while (end < operations.Count && first.Key.Length > 0 && ReferenceEquals(operations[end].Key, first.Key))
                end++;
            if (snapshot is not null)
                context = context with { Stable = snapshot.StableOf(first, transaction.Stable) };
            if (first.IsLocal || snapshot?.Holds(record, first) == true)
            {
                // Another region's own, which its peers leave out; or it was read when this had been done.
            }
            else if (first.WireId == 0 || first.Kind >= ChangeKind.Truncate)
                SharedCatalog.Apply(transaction, record, first, context);
            else if (FindCollection(transaction, first.WireId) is { } collection)
                transaction.Merged.Apply(collection, first.Key, operations, i, end, context);
            i = end;
        }
    }

    /// <returns>Null when the collection was dropped: what others still wrote to it is gone with it.</returns>
    private static Indexes.CollectionRuntime? FindCollection(FabricTransaction transaction, ulong wireId)
    {
        if (transaction.CatalogRuntime.TryGetShared(wireId, out var collection))
            return collection;
        if (transaction.Storage.TryGet(KeyLayout.DroppedCollectionKey(wireId), out _))
            return null;
        throw new InvalidDataException($"the collection with wire id {wireId:x} is unknown");
    }
}
