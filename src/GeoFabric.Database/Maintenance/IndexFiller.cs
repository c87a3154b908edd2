using GeoFabric.Database.Catalog;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Jobs;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Storage;

namespace GeoFabric.Database.Maintenance;

/// <summary>
/// Fills an index with the documents that were there before it. Each turn is one transaction over a stretch of documents, which also stores how far
/// it got, so writers go on in between and a killed process continues where it stopped.
/// </summary>
internal static class IndexFiller
{
    public const int DocumentsPerTurn = 2000;
    private const long BytesPerTurn = 8 << 20;

    /// <summary>Counting them takes a second at most.</summary>
    private const int CountedMax = 5_000_000;

    /// <summary>Does one turn.</summary>
    /// <param name="job">Told of the documents done; null when nobody watches.</param>
    /// <returns>Whether the index is ready, or gone because it was dropped meanwhile.</returns>
    /// <exception cref="GeoFabricException">1210 when documents violate a unique index.</exception>
    public static bool Advance(FabricTransaction transaction, uint collectionId, uint indexId, FabricJob? job = null)
    {
        var storage = transaction.Storage;
        var workKey = KeyLayout.BuildIndexKey(collectionId, indexId);
        if (!transaction.CatalogRuntime.TryGet(collectionId, out var collection) || collection.Definition.FindIndex(indexId) is not { IsBuilding: true } index)
        {
            storage.Delete(workKey);
            return true;
        }
        byte[] from = storage.TryGet(workKey, out var record) ? [.. PendingWorkRecord.ReadBuild(record, collection.ContentsId)] : [];
        var last = Fill(transaction, collection, index, from, out var documents);
        job?.Advance(documents);
        if (last is null)
        {
            CatalogOperations.FinishIndex(transaction, collection.Definition, indexId);
            return true;
        }
        storage.Put(workKey, PendingWorkRecord.WriteBuild(collection.ContentsId, last));
        return false;
    }

    /// <summary>How many documents an index that is being filled has had; null when they are too many to count.</summary>
    public static long? CountDone(IStorageReader storage, CollectionRuntime collection, uint indexId)
    {
        if (!storage.TryGet(KeyLayout.BuildIndexKey(collection.Definition.Id, indexId), out var record) || PendingWorkRecord.ReadBuild(record, collection.ContentsId) is not { IsEmpty: false } last)
            return 0;
        var done = KeyRange.WithPrefix(collection.DocumentPrefix) with { End = [.. collection.DocumentPrefix, .. last, 0] };
        using var documents = storage.OpenCursor(done);
        var count = 0L;
        while (documents.MoveNext())
        {
            if (++count > CountedMax)
                return null;
        }
        return count;
    }

    /// <summary>Gives up: the index disappears.</summary>
    public static void Abandon(FabricTransaction transaction, uint collectionId, uint indexId)
    {
        if (transaction.CatalogRuntime.TryGet(collectionId, out var collection) && collection.Definition.FindIndex(indexId) is { } index)
            CatalogOperations.RemoveIndex(transaction, collection.Definition, index);
    }

    /// <returns>The key of the last document done when there may be more, else null.</returns>
    private static byte[]? Fill(FabricTransaction transaction, CollectionRuntime collection, IndexDefinition definition, ReadOnlySpan<byte> from, out int documents)
    {
        var keys = ReadKeys(transaction.Storage, collection, from, out var isLast);
        documents = keys.Count;
        var inverted = collection.FindInverted(definition.Id);
        var index = inverted is null ? collection.FindIndex(definition.Id)! : null;
        transaction.Scratch.Inverted.BeginFill();
        foreach (var key in keys)
        {
            if (!transaction.Reads.TryGetRecord(collection, key, out var document))
                continue;
            var encodedKey = key.AsSpan(KeyLayout.CollectionPrefixSize);
            if (inverted is not null)
                transaction.Scratch.Inverted.Fill(transaction.Storage, inverted, encodedKey, document);
            else
                transaction.Scratch.Indexes.Fill(transaction.Storage, collection, index!, encodedKey, document, transaction.Scratch.Counters);
        }
        if (inverted is not null)
            transaction.Scratch.Inverted.EndFill(transaction.Storage, inverted);
        return isLast ? null : keys[^1][KeyLayout.CollectionPrefixSize..];
    }

    /// <summary>The next keys, read before anything is written, so that the cursor walks a tree at rest.</summary>
    private static List<byte[]> ReadKeys(IWriteTransaction storage, CollectionRuntime collection, ReadOnlySpan<byte> from, out bool isLast)
    {
        var range = KeyRange.WithPrefix(collection.DocumentPrefix);
        // The byte 0 behind a key makes the smallest key after it.
        if (!from.IsEmpty)
            range = range with { Start = [.. collection.DocumentPrefix, .. from, 0] };
        using var documents = storage.OpenCursor(range);
        var keys = new List<byte[]>();
        long bytes = 0;
        while (documents.MoveNext())
        {
            keys.Add(documents.Key.ToArray());
            bytes += documents.Value.Length;
            if (keys.Count >= DocumentsPerTurn || bytes >= BytesPerTurn)
            {
                isLast = false;
                return keys;
            }
        }
        isLast = true;
        return keys;
    }
}
