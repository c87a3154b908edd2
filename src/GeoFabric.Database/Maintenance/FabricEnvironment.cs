using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Maintenance;

/// <summary>Brings a fabric's environment into the shape this program works with.</summary>
internal static class FabricEnvironment
{
    private const int EntriesPerTurn = 20_000;
    private const string NoCollation = "";

    /// <summary>What index entries depend on besides the documents: the collation, and how entries are laid out.</summary>
    public static string IndexVersion { get; } = $"{StringCollation.VersionId}/3";

    /// <summary>Initialises an empty environment; checks one that is not.</summary>
    public static async Task PrepareAsync(IStorageEngine engine, uint fabricId)
    {
        using (var snapshot = engine.OpenSnapshot())
        {
            if (EnvironmentRecord.Read(snapshot, fabricId) is not null)
                return;
        }
        await engine.WriteAsync(storage =>
        {
            EnvironmentRecord.Write(storage, new EnvironmentRecord(fabricId, IndexVersion));
            Span<byte> state = stackalloc byte[FabricStateRecord.Size];
            FabricStateRecord.Initial.Write(state);
            storage.Put(KeyLayout.FabricStateKey, state);
        });
    }

    /// <summary>
    /// Index keys hold sort keys of the collation they were written under. When the system's collation or the layout of entries has changed, every
    /// secondary index is emptied and filled again before the fabric serves anything.
    /// </summary>
    /// <remarks>
    /// The indexes are marked as unfinished first, under a collation that matches none, so that a kill on the way, or an older program, starts over.
    /// </remarks>
    public static async Task RebuildStaleIndexesAsync(IMaintainedFabric fabric, string collation)
    {
        var fabricId = fabric.Id;
        using (var snapshot = fabric.OpenSnapshot())
        {
            if (EnvironmentRecord.Read(snapshot.Storage, fabricId) is not { } record || record.Collation == collation)
                return;
        }
        await fabric.RunAsync(transaction =>
        {
            foreach (var collection in transaction.Catalog.Collections.Values)
                MarkUnfinished(transaction, collection);
            EnvironmentRecord.Write(transaction.Storage, new EnvironmentRecord(fabricId, NoCollation));
            return true;
        });
        foreach (var collection in fabric.Catalog.Collections.Values)
        {
            var entries = KeyLayout.IndexEntriesOf(collection.ContentsId);
            while (!await fabric.RunAsync(transaction => transaction.Storage.DeleteRange(entries, EntriesPerTurn) < EntriesPerTurn))
            {
            }
        }
        await fabric.RunAsync(transaction =>
        {
            EnvironmentRecord.Write(transaction.Storage, new EnvironmentRecord(fabricId, collation));
            return true;
        });
        await FillAllAsync(fabric);
    }

    private static void MarkUnfinished(FabricTransaction transaction, CollectionDefinition collection)
    {
        if (collection.Indexes.Length == 1)
            return;
        transaction.Storage.DeleteRange(KeyLayout.IndexCountersOf(collection.ContentsId), EntriesPerTurn);
        var indexes = collection.Indexes.Select(index => index.Kind == IndexKind.Primary ? index : index with { IsBuilding = true });
        transaction.PutCollection(collection with { Indexes = [.. indexes] });
        foreach (var index in collection.Indexes.Where(index => index.Kind != IndexKind.Primary))
            transaction.Storage.Put(KeyLayout.BuildIndexKey(collection.Id, index.Id), [PendingWorkRecord.Version]);
    }

    private static async Task FillAllAsync(IMaintainedFabric fabric)
    {
        foreach (var collection in fabric.Catalog.Collections.Values)
        {
            foreach (var index in collection.Indexes.Where(index => index.IsBuilding))
            {
                while (!await fabric.RunAsync(transaction => IndexFiller.Advance(transaction, collection.Id, index.Id)))
                {
                }
            }
        }
    }
}
