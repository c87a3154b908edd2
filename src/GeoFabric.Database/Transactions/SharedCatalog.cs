using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Merging;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Transactions;

/// <summary>Applies what other regions did to collections, indexes and saved queries. Of two regions' changes to one thing the later counts; a drop is for ever.</summary>
internal static class SharedCatalog
{
    public static void Apply(FabricTransaction transaction, ChangeRecord record, ChangeOperation operation, MergeContext context)
    {
        var payload = operation.Payload.Length == 0 ? Value.Null : Value.Decode(operation.Payload, 0);
        if (operation.WireId == 0)
        {
            ApplyStoredQuery(transaction, operation, payload, context.Stamp);
            return;
        }
        if (transaction.Storage.TryGet(KeyLayout.DroppedCollectionKey(operation.WireId), out _))
            return;
        var exists = transaction.CatalogRuntime.TryGetShared(operation.WireId, out var runtime);
        if (operation.Kind == ChangeKind.DefineCollection)
            Define(transaction, exists ? runtime!.Definition : null, operation.WireId, payload, context.Stamp);
        else if (!exists)
            throw new InvalidDataException($"the collection with wire id {operation.WireId:x} is unknown");
        else
            Change(transaction, runtime!, record, operation.Kind, payload, context);
    }

    private static void Change(
        FabricTransaction transaction, Indexes.CollectionRuntime runtime, ChangeRecord record, ChangeKind kind, Value payload, MergeContext context)
    {
        var collection = runtime.Definition;
        switch (kind)
        {
            case ChangeKind.DropCollection:
                CatalogOperations.Remove(transaction, collection);
                ShowNames(transaction, collection.DeclaredName);
                break;
            case ChangeKind.Truncate:
                transaction.Merged.Truncate(runtime, record, context);
                break;
            case ChangeKind.DefineIndex:
                DefineIndex(transaction, collection, DefinitionCodec.ReadIndexForRegions(payload) with { DefinedAt = context.Stamp });
                break;
            case ChangeKind.DropIndex:
                var dropped = DefinitionCodec.ReadIndexForRegions(payload);
                if (collection.Indexes.FirstOrDefault(index => index.HasSameShape(dropped)) is { } existing)
                    CatalogOperations.RemoveIndex(transaction, collection, existing);
                break;
            default:
                throw new InvalidDataException($"operation {(int)kind} is unknown");
        }
    }

    private static void Define(FabricTransaction transaction, CollectionDefinition? existing, ulong wireId, Value payload, RevisionStamp stamp)
    {
        if (existing is not null && existing.DefinedAt > stamp)
            return;
        var told = DefinitionCodec.ReadFromRegions(payload);
        var definition = existing is null
            ? CatalogOperations.Instantiate(transaction, told) with { WireId = wireId, DefinedAt = stamp }
            : told with
            {
                Id = existing.Id,
                ContentsId = existing.ContentsId,
                Indexes = existing.Indexes,
                WireId = wireId,
                DefinedAt = stamp,
                TruncatedAt = existing.TruncatedAt,
            };
        // Until the names are settled the collection stands under one that nobody else can have.
        transaction.PutCollection(definition.Shown(UniqueName(definition)));
        if (existing is not null && existing.DeclaredName != definition.DeclaredName)
            ShowNames(transaction, existing.DeclaredName);
        ShowNames(transaction, definition.DeclaredName);
    }

    /// <summary>Of all collections given this name the one with the smallest wire id shows it; the others show it with their id. So all regions agree.</summary>
    public static void ShowNames(FabricTransaction transaction, string declaredName)
    {
        var claimants = transaction.CatalogRuntime.Collections.Select(runtime => runtime.Definition)
            .Where(definition => definition.DeclaredName == declaredName).OrderBy(definition => definition.WireId).ToList();
        foreach (var loser in claimants.Skip(1).Where(loser => loser.Name != UniqueName(loser)))
            transaction.PutCollection(loser.Shown(UniqueName(loser)));
        if (claimants.Count > 0 && claimants[0].Name != declaredName)
            transaction.PutCollection(claimants[0].Shown(declaredName));
    }

    /// <summary>A name that no other collection can be given.</summary>
    public static string UniqueName(CollectionDefinition definition) => $"{definition.DeclaredName}~{definition.WireId:x16}";

    /// <summary>Adds an index that is filled in the background, unless the collection has one like it.</summary>
    public static void DefineIndex(FabricTransaction transaction, CollectionDefinition collection, IndexDefinition told)
    {
        if (collection.Indexes.Any(index => index.HasSameShape(told)))
            return;
        var name = collection.FindIndex(told.Name) is null ? told.Name : "";
        CatalogOperations.AddIndex(transaction, collection, told with { Name = name });
        transaction.HasMaintenanceWork = true;
    }

    private static void ApplyStoredQuery(FabricTransaction transaction, ChangeOperation operation, Value payload, RevisionStamp stamp)
    {
        var name = Encoding.UTF8.GetString(operation.Key);
        var key = KeyLayout.StoredQueryKey(name);
        if (transaction.Storage.TryGet(key, out var record) && DefinitionCodec.ReadSavedAt(CatalogRecord.Read(key, record)) > stamp)
            return;
        var content = operation.Kind switch
        {
            ChangeKind.DefineStoredQuery => payload,
            ChangeKind.DropStoredQuery => DefinitionCodec.WriteDroppedQuery(stamp),
            _ => throw new InvalidDataException($"operation {(int)operation.Kind} on the fabric is unknown"),
        };
        var views = transaction.Catalog.Views;
        transaction.Storage.Put(key, CatalogRecord.Write(key, content));
        if (!NamedDefinition.IsStoredQuery(name))
            SearchCatalog.Follow(transaction, name, views);
    }
}
