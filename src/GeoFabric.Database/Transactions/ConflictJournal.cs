using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Documents;
using GeoFabric.Database.Merging;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Transactions;

/// <summary>
/// Keeps what concurrent writes of other regions lost: the system collection <c>_conflicts</c>, local to each region, a document per lost value,
/// thirty days long. Written in the transaction that decided.
/// </summary>
internal static class ConflictJournal
{
    public const string CollectionName = CollectionDefinition.JournalName;
    private const double KeptSeconds = 30 * 24 * 3600;

    /// <param name="isForced">Whether it is kept whatever the collection wants: where else should it be.</param>
    public static void Add(
        FabricTransaction transaction, CollectionDefinition collection, ReadOnlySpan<byte> key, IReadOnlyList<LostWrite> lost, RevisionStamp applied, bool isForced = false)
    {
        if (!collection.KeepsConflicts && !isForced)
            return;
        if (!transaction.Catalog.TryGetCollection(CollectionName, out var journal))
            journal = Create(transaction);
        using var builder = new ValueBuilder();
        foreach (var write in lost)
        {
            builder.Reset();
            builder.BeginObject();
            builder.WriteText("collection"u8, collection.DeclaredName);
            builder.WriteText("key"u8, Encoding.UTF8.GetString(key));
            builder.WriteText("document"u8, $"{collection.Name}/{Encoding.UTF8.GetString(key)}");
            builder.WriteText("path"u8, write.Path);
            builder.WriteText("rule"u8, write.Rule);
            builder.WriteAttribute("lost"u8, write.Value);
            builder.WriteText("lostRevision"u8, write.Lost.ToString());
            builder.WriteText("lostRegion"u8, transaction.NameOfRegion(write.Lost));
            builder.WriteText("winnerRevision"u8, write.Winner.ToString());
            builder.WriteText("winnerRegion"u8, transaction.NameOfRegion(write.Winner));
            builder.WriteName("at"u8);
            builder.WriteDouble(applied.Timestamp.UnixMilliseconds / 1000.0);
            builder.EndObject();
            transaction.Insert(journal, builder.Build(), InsertOptions.Default);
        }
    }

    private static CollectionDefinition Create(FabricTransaction transaction)
    {
        var settings = new CollectionSettings(CollectionName, CollectionType.Document) { IsSystem = true, IsLocal = true };
        var collection = CatalogOperations.CreateCollection(transaction, settings);
        var (indexed, index) = CatalogOperations.AddIndex(
            transaction, collection.Name, new IndexSettings("ttl", ["at"]) { ExpireAfterSeconds = KeptSeconds });
        CatalogOperations.FinishIndex(transaction, indexed, index.Definition.Id);
        return transaction.Catalog.GetCollection(CollectionName);
    }
}
