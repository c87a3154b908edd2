using GeoFabric.Database.Layout;
using GeoFabric.Database.Transactions;

namespace GeoFabric.Database.Maintenance;

/// <summary>Deletes what dropped and truncated collections and dropped indexes left behind, a stretch per transaction.</summary>
internal static class ContentsDeleter
{
    public const int EntriesPerTurn = 2000;

    /// <summary>Does one turn of deleting a collection's contents.</summary>
    /// <returns>Whether nothing is left.</returns>
    public static bool DeleteContents(FabricTransaction transaction, uint contentsId)
    {
        var storage = transaction.Storage;
        if (storage.DeleteRange(KeyLayout.DocumentsOf(contentsId), EntriesPerTurn) == EntriesPerTurn
            || storage.DeleteRange(KeyLayout.IndexEntriesOf(contentsId), EntriesPerTurn) == EntriesPerTurn
            || storage.DeleteRange(KeyLayout.MergeMetadataOf(contentsId), EntriesPerTurn) == EntriesPerTurn)
            return false;
        storage.DeleteRange(KeyLayout.IndexCountersOf(contentsId), EntriesPerTurn);
        storage.Delete(KeyLayout.CollectionCounterKey(contentsId));
        storage.Delete(KeyLayout.DeleteContentsKey(contentsId));
        return true;
    }

    /// <summary>Does one turn of deleting an index's entries.</summary>
    /// <returns>Whether nothing is left.</returns>
    public static bool DeleteIndex(FabricTransaction transaction, uint contentsId, uint indexId)
    {
        var storage = transaction.Storage;
        if (storage.DeleteRange(KeyLayout.EntriesOf(contentsId, indexId), EntriesPerTurn) == EntriesPerTurn)
            return false;
        storage.Delete(KeyLayout.IndexCounterKey(contentsId, indexId));
        storage.Delete(KeyLayout.DeleteIndexKey(contentsId, indexId));
        return true;
    }
}
