using GeoFabric.Database.Documents;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Maintenance;

/// <summary>Removes documents whose time has come, in the order of their times, a bounded number per transaction.</summary>
internal static class ExpirySweeper
{
    public const int DocumentsPerTurn = 500;

    public static bool HasExpired(IStorageReader storage, TtlIndex index, double now)
    {
        using var entries = storage.OpenCursor(ExpiredEntries(index, now));
        return entries.MoveNext();
    }

    /// <summary>Does one turn.</summary>
    /// <param name="now">Seconds since 1970.</param>
    /// <returns>Whether no expired document is left that can be removed.</returns>
    public static bool Advance(FabricTransaction transaction, uint collectionId, uint indexId, double now)
    {
        // Nothing is written while a snapshot is caught up with.
        if (transaction.Vector.Installed is not null)
            return true;
        if (!transaction.CatalogRuntime.TryGet(collectionId, out var collection) || collection.FindIndex(indexId) is not TtlIndex index)
            return true;
        var keys = ReadKeys(transaction.Storage, index, now);
        var removed = keys.Count(key => Remove(transaction, collection, index, key, now));
        return removed == 0 || keys.Count < DocumentsPerTurn;
    }

    private static bool Remove(FabricTransaction transaction, CollectionRuntime runtime, TtlIndex index, byte[] key, double now)
    {
        var collection = runtime.Definition;
        try
        {
            if (transaction.IsReplicated && !collection.IsLocal)
                return transaction.Merged.Expire(runtime, index, key, now);
            // The entry tells when, but the document is what counts: never a moment too early.
            if (!transaction.TryGetDocument(collection, key, out var document) || !index.IsExpired(document, now))
                return false;
            transaction.Remove(collection, key, RemoveOptions.Default);
            return true;
        }
        catch (GeoFabricException damaged) when (damaged.Code == ErrorCodes.CorruptedDocument)
        {
            // One damaged document must not keep the others alive; reading it reports the damage.
            return false;
        }
    }

    private static List<byte[]> ReadKeys(IStorageReader storage, TtlIndex index, double now)
    {
        var keys = new List<byte[]>();
        Span<byte> key = stackalloc byte[Primitives.Names.DocumentKey.LengthMax];
        using var entries = storage.OpenCursor(ExpiredEntries(index, now));
        while (keys.Count < DocumentsPerTurn && entries.MoveNext())
            keys.Add(key[..DocumentKeyCodec.Decode(IndexEntryRecord.DocumentKeyOf(entries.Key, entries.Value), key)].ToArray());
        return keys;
    }

    private static KeyRange ExpiredEntries(TtlIndex index, double now)
    {
        using var writer = new KeyWriter();
        writer.WriteRaw(index.Prefix);
        writer.Write(Value.FromDouble(now - index.Definition.ExpireAfterSeconds));
        return new KeyRange(index.Prefix.ToArray(), KeyRange.After(writer.Written));
    }
}
