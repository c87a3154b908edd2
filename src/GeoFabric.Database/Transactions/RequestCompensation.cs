using GeoFabric.Database.Changes;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Merging;
using GeoFabric.Database.Requests;

namespace GeoFabric.Database.Transactions;

/// <summary>
/// Takes back what this region did for a request that another region had carried out before: in an ordinary transaction, together with the note that it
/// is to be done, so exactly once.
/// </summary>
internal static class RequestCompensation
{
    /// <summary>The requests whose effects are still to be taken back.</summary>
    public static List<UInt128> ListPending(Storage.IStorageReader storage)
    {
        var pending = new List<UInt128>();
        using var cursor = storage.OpenCursor(KeyLayout.AllVoidRequests);
        while (cursor.MoveNext())
            pending.Add(KeyLayout.ReadVoidRequest(cursor.Key));
        return pending;
    }

    public static void Run(FabricTransaction transaction, ChangeOrigin own, UInt128 id)
    {
        // What is to be taken back may be among the own records that are still to be replayed on a snapshot. The end of that wakes whoever does this.
        if (transaction.Vector.Installed is not null)
            return;
        var pendingKey = KeyLayout.VoidRequestKey(id);
        if (!transaction.Storage.TryGet(pendingKey, out _))
            return;
        transaction.Storage.Delete(pendingKey);
        var key = KeyLayout.RequestKey(id, own);
        if (!transaction.Storage.TryGet(key, out var stored))
            return;
        var entry = RequestEntry.Read(key, stored);
        // What one record holds was written at once, so it is read before anything is written.
        foreach (var record in ReadTransaction(transaction, entry))
            TakeBack(transaction, record, entry);
    }

    private static List<ChangeRecord> ReadTransaction(FabricTransaction transaction, RequestEntry entry)
    {
        var records = new List<ChangeRecord>();
        foreach (var record in ChangeLog.Read(transaction.Storage, entry.Origin, entry.Sequence))
        {
            if (record.Timestamp != entry.Timestamp)
                break;
            records.Add(record);
        }
        return records;
    }

    private static void TakeBack(FabricTransaction transaction, ChangeRecord record, RequestEntry entry)
    {
        var operations = record.Operations;
        for (var i = 0; i < operations.Count;)
        {
            var first = operations[i];
            var end = i + 1;
            while (end < operations.Count && ReferenceEquals(operations[end].Key, first.Key))
                end++;
            if (first.WireId != 0 && first.Kind < ChangeKind.Truncate && transaction.CatalogRuntime.TryGetShared(first.WireId, out var collection))
                transaction.Merged.TakeBack(collection, first.Key, operations, i, end, new VoidOperations(entry.Stamp, entry.Stable));
            i = end;
        }
    }
}
