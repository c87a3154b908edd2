using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Merging;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Names;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Transactions;

/// <summary>Changes of definitions, each inside the transaction that also changes the data it concerns.</summary>
internal static class CatalogOperations
{
    /// <summary>Ids of the two edge indexes, the same in every edge collection.</summary>
    private const uint FromIndexId = 1;
    private const uint ToIndexId = 2;

    public static CollectionDefinition CreateCollection(FabricTransaction transaction, CollectionSettings settings)
    {
        CollectionName.Check(settings.Name, settings.IsSystem);
        CheckKeyOptions(settings.KeyOptions);
        MergeDeclarations.Check(settings.MergeDeclarations);
        if (settings.Type is not (CollectionType.Document or CollectionType.Edge))
            throw ErrorCodes.CollectionTypeInvalid.With($"{(int)settings.Type}; 2 makes a document collection, 3 an edge collection");
        CheckNameIsFree(transaction, settings.Name);
        var definition = new CollectionDefinition(
            transaction.NextId(), settings.Name, settings.Type, settings.KeyOptions, FirstIndexes(settings.Type), settings.IsSystem, settings.IsLocal,
            settings.IsSpot, settings.HasStream, settings.WaitForSync, settings.CacheEnabled, settings.Model)
        {
            WireId = FindWireId(transaction, settings.Name),
            MergeDeclarations = settings.MergeDeclarations,
            KeptAt = settings.KeptAt,
            KeepsConflicts = settings.KeepsConflicts,
            Schema = settings.Schema,
            Consistency = settings.Consistency,
        };
        return Define(transaction, definition);
    }

    /// <summary>Gives a collection that another region created what it needs here: ids and first indexes.</summary>
    public static CollectionDefinition Instantiate(FabricTransaction transaction, CollectionDefinition told)
    {
        var id = transaction.NextId();
        return told with { Id = id, ContentsId = id, Indexes = FirstIndexes(told.Type) };
    }

    /// <summary>Removes the definition now; the contents are deleted in the background.</summary>
    public static CollectionDefinition DropCollection(FabricTransaction transaction, string name)
    {
        if (SearchCatalog.FindOwnView(transaction, transaction.Catalog.GetCollection(name)) is { } view)
            SearchCatalog.DropView(transaction, view.Name);
        var definition = transaction.Catalog.GetCollection(name);
        transaction.AddChange(definition, ChangeKind.DropCollection, default);
        Remove(transaction, definition);
        return definition;
    }

    /// <summary>Removes a definition and remembers that it was there: whatever else arrives for it is gone too.</summary>
    public static void Remove(FabricTransaction transaction, CollectionDefinition definition)
    {
        transaction.DeleteCollection(definition);
        transaction.Storage.Delete(KeyLayout.KeyGeneratorKey(definition.Id));
        transaction.Storage.Put(KeyLayout.DroppedCollectionKey(definition.WireId), [PendingWorkRecord.Version]);
        AbandonContents(transaction, definition);
    }

    /// <summary>Gives the collection new, empty contents; the old ones are deleted in the background.</summary>
    public static CollectionDefinition Truncate(FabricTransaction transaction, string name)
    {
        var definition = transaction.Catalog.GetCollection(name);
        transaction.AddChange(definition, ChangeKind.Truncate, default);
        return Empty(transaction, definition, transaction.Stamp);
    }

    /// <summary>Gives a collection new, empty contents.</summary>
    public static CollectionDefinition Empty(FabricTransaction transaction, CollectionDefinition definition, RevisionStamp stamp)
    {
        AbandonContents(transaction, definition);
        var emptied = definition with { ContentsId = transaction.NextId(), TruncatedAt = stamp };
        transaction.PutCollection(emptied);
        return emptied;
    }

    public static CollectionDefinition Rename(FabricTransaction transaction, string name, string newName)
    {
        var definition = transaction.Catalog.GetCollection(name);
        CollectionName.Check(newName, definition.IsSystem);
        if (definition.IsServersOwn || CollectionDefinition.IsServersOwnName(newName))
            throw ErrorCodes.IllegalName.With($"'{name}' cannot become '{newName}': '{(definition.IsServersOwn ? name : newName)}' is the server's own");
        if (name == newName)
            return definition;
        CheckNameIsFree(transaction, newName);
        var view = SearchCatalog.FindOwnView(transaction, definition);
        var renamed = Define(transaction, definition.Renamed(newName));
        if (view is not null)
            SearchCatalog.RenameView(transaction, view.Name, ViewDefinition.CollectionViewPrefix + newName);
        GraphOperations.FollowRename(transaction, name, newName);
        return renamed;
    }

    public static CollectionDefinition UpdateProperties(FabricTransaction transaction, string name, CollectionPropertiesPatch patch)
    {
        var definition = transaction.Catalog.GetCollection(name);
        if (patch.MergeDeclarations is { } declared)
            MergeDeclarations.Check(declared);
        var changed = definition with
        {
            HasStream = patch.HasStream ?? definition.HasStream,
            WaitForSync = patch.WaitForSync ?? definition.WaitForSync,
            CacheEnabled = patch.CacheEnabled ?? definition.CacheEnabled,
            Consistency = patch.Consistency ?? definition.Consistency,
            MergeDeclarations = patch.MergeDeclarations ?? definition.MergeDeclarations,
            KeepsConflicts = patch.KeepsConflicts ?? definition.KeepsConflicts,
            Schema = patch.ChangesSchema ? patch.Schema : definition.Schema,
        };
        return Define(transaction, changed);
    }

    /// <summary>Adds an index that still has to be filled, unless an identical one exists.</summary>
    public static (CollectionDefinition Collection, IndexCreation Index) AddIndex(FabricTransaction transaction, string collection, IndexSettings settings)
    {
        var definition = transaction.Catalog.GetCollection(collection);
        var wanted = Describe(settings);
        foreach (var index in definition.Indexes)
        {
            if (index.HasSameShape(wanted))
                return (definition, new IndexCreation(index, IsNew: false));
        }
        if (settings.Name is not null && definition.FindIndex(settings.Name) is not null)
            throw ErrorCodes.DuplicateName.With($"collection '{collection}' has another index named '{settings.Name}'");
        var (changed, added) = AddIndex(transaction, definition, wanted with { Name = settings.Name ?? "", DefinedAt = transaction.Stamp });
        transaction.AddChange(changed, ChangeKind.DefineIndex, DefinitionCodec.WriteForRegions(added));
        return (changed, new IndexCreation(added, IsNew: true));
    }

    /// <summary>Adds an index that still has to be filled.</summary>
    /// <param name="wanted">Without id; an empty name is made up.</param>
    public static (CollectionDefinition Collection, IndexDefinition Index) AddIndex(FabricTransaction transaction, CollectionDefinition definition, IndexDefinition wanted)
    {
        var id = transaction.NextId();
        wanted = wanted with { Id = id, Name = wanted.Name.Length > 0 ? wanted.Name : $"idx_{id}", IsBuilding = true };
        var changed = definition with { Indexes = definition.Indexes.Add(wanted) };
        transaction.PutCollection(changed);
        transaction.Storage.Put(KeyLayout.BuildIndexKey(definition.Id, id), [PendingWorkRecord.Version]);
        return (changed, wanted);
    }

    public static IndexDefinition DropIndex(FabricTransaction transaction, string collection, string indexName)
    {
        var definition = transaction.Catalog.GetCollection(collection);
        var index = definition.FindIndex(indexName)
            ?? definition.Indexes.FirstOrDefault(candidate => candidate.Id.ToString(System.Globalization.CultureInfo.InvariantCulture) == indexName)
            ?? throw ErrorCodes.IndexNotFound.With($"'{indexName}' in collection '{collection}'");
        if (index.Kind is IndexKind.Primary or IndexKind.Edge)
            throw ErrorCodes.AccessDenied.With($"index '{index.Name}' belongs to the collection and cannot be dropped");
        transaction.AddChange(definition, ChangeKind.DropIndex, DefinitionCodec.WriteForRegions(index));
        RemoveIndex(transaction, definition, index);
        return index;
    }

    /// <summary>Removes an index's definition now; its entries are deleted in the background.</summary>
    public static void RemoveIndex(FabricTransaction transaction, CollectionDefinition collection, IndexDefinition index)
    {
        transaction.PutCollection(collection with { Indexes = collection.Indexes.RemoveAll(candidate => candidate.Id == index.Id) });
        transaction.Storage.Delete(KeyLayout.BuildIndexKey(collection.Id, index.Id));
        transaction.Storage.Put(KeyLayout.DeleteIndexKey(collection.ContentsId, index.Id), [PendingWorkRecord.Version]);
    }

    /// <summary>Marks a filled index as ready for queries.</summary>
    public static void FinishIndex(FabricTransaction transaction, CollectionDefinition collection, uint indexId)
    {
        var indexes = collection.Indexes.Select(index => index.Id == indexId ? index with { IsBuilding = false } : index);
        transaction.PutCollection(collection with { Indexes = [.. indexes] });
        transaction.Storage.Delete(KeyLayout.BuildIndexKey(collection.Id, indexId));
    }

    public static StoredQuery SaveStoredQuery(FabricTransaction transaction, StoredQuery query, bool mayReplace)
    {
        CheckStoredQuery(query);
        if (!mayReplace && Exists(transaction, KeyLayout.StoredQueryKey(query.Name)))
            throw ErrorCodes.DuplicateName.With($"stored query '{query.Name}'");
        PutNamed(transaction, query.Name, DefinitionCodec.Write(query, transaction.Stamp));
        return query;
    }

    /// <summary>Stores a definition that all regions share, and tells them.</summary>
    public static void PutNamed(FabricTransaction transaction, string name, Value content)
    {
        var key = KeyLayout.StoredQueryKey(name);
        transaction.Storage.Put(key, CatalogRecord.Write(key, content));
        transaction.AddChange(System.Text.Encoding.UTF8.GetBytes(name), ChangeKind.DefineStoredQuery, content);
    }

    public static bool DeleteStoredQuery(FabricTransaction transaction, string name) => NamedDefinition.IsStoredQuery(name) && DropNamed(transaction, name);

    /// <returns>Whether there was such a definition.</returns>
    public static bool DropNamed(FabricTransaction transaction, string name)
    {
        var key = KeyLayout.StoredQueryKey(name);
        if (!Exists(transaction, key))
            return false;
        if (transaction.IsReplicated)
            transaction.Storage.Put(key, CatalogRecord.Write(key, DefinitionCodec.WriteDroppedQuery(transaction.Stamp)));
        else
            transaction.Storage.Delete(key);
        transaction.AddChange(System.Text.Encoding.UTF8.GetBytes(name), ChangeKind.DropStoredQuery, default);
        return true;
    }

    private static bool Exists(FabricTransaction transaction, byte[] storedQueryKey) =>
        transaction.Storage.TryGet(storedQueryKey, out var record) && !DefinitionCodec.IsDropped(CatalogRecord.Read(storedQueryKey, record));

    /// <summary>Stores name and properties as this transaction's and tells the other regions.</summary>
    private static CollectionDefinition Define(FabricTransaction transaction, CollectionDefinition definition)
    {
        definition = definition with { DefinedAt = transaction.Stamp };
        transaction.PutCollection(definition);
        transaction.AddChange(definition, ChangeKind.DefineCollection, DefinitionCodec.WriteForRegions(definition));
        return definition;
    }

    /// <summary>The first id of that name that no collection has or had.</summary>
    private static ulong FindWireId(FabricTransaction transaction, string name)
    {
        var utf8 = System.Text.Encoding.UTF8.GetBytes(name);
        for (ulong generation = 0; ; generation++)
        {
            var id = Primitives.Hashing.XxHash64.Hash(utf8, generation);
            // 0 means the fabric itself.
            if (id != 0 && !transaction.CatalogRuntime.TryGetShared(id, out _) && !transaction.Storage.TryGet(KeyLayout.DroppedCollectionKey(id), out _))
                return id;
        }
    }

    /// <summary>Leaves a collection's contents to be deleted in the background.</summary>
    public static void AbandonContents(FabricTransaction transaction, CollectionDefinition definition)
    {
        transaction.Storage.Put(KeyLayout.DeleteContentsKey(definition.ContentsId), [PendingWorkRecord.Version]);
        foreach (var index in definition.Indexes.Where(index => index.IsBuilding))
        {
            // The new contents are empty, or nothing: the next turn of the build finds that out from a fresh start.
            transaction.Storage.Put(KeyLayout.BuildIndexKey(definition.Id, index.Id), [PendingWorkRecord.Version]);
        }
    }

    private static ImmutableArray<IndexDefinition> FirstIndexes(CollectionType type) => type != CollectionType.Edge
        ? [IndexDefinition.Primary]
        :
        [
            IndexDefinition.Primary,
            new IndexDefinition(FromIndexId, "edge", IndexKind.Edge, "edge", [new IndexField(["_from"])]),
            new IndexDefinition(ToIndexId, "edge", IndexKind.Edge, "edge", [new IndexField(["_to"])]),
        ];

    private static void CheckNameIsFree(FabricTransaction transaction, string name)
    {
        if (transaction.Catalog.TryGetCollection(name, out _) || transaction.Catalog.TryGetView(name, out _))
            throw ErrorCodes.DuplicateName.With($"a collection or view '{name}' exists");
    }

    private static void CheckKeyOptions(KeyOptions options)
    {
        if (options.Type is not ("traditional" or "autoincrement"))
            throw ErrorCodes.BadParameter.With($"keyOptions.type '{options.Type}': \"traditional\" or \"autoincrement\"");
        if (options.Increment < 1 || options.Offset < 0)
            throw ErrorCodes.BadParameter.With($"keyOptions: increment {options.Increment} must be at least 1, offset {options.Offset} at least 0");
    }

    /// <summary>The definition that settings ask for, without name and id.</summary>
    /// <exception cref="GeoFabricException">10 and others for settings that cannot be.</exception>
    internal static IndexDefinition Describe(IndexSettings settings)
    {
        var fields = settings.PrefixFields.Concat(settings.Fields).Select(IndexFieldParser.Parse).ToImmutableArray();
        if (settings.Name is not null && !CollectionName.IsValid(settings.Name, settings.Name.StartsWith('_')))
            throw ErrorCodes.IllegalName.With($"index name '{settings.Name}': a letter, then up to {CollectionName.LengthMax - 1} letters, digits, '_' or '-'");
        if ((fields.Length is 0 && settings.Search is not { IncludesAllFields: true }) || fields.Length > 32 || fields.Distinct().Count() != fields.Length)
            throw ErrorCodes.BadParameter.With($"an index has 1 to 32 different fields, not {fields.Length}");
        switch (settings.TypeName)
        {
            case "persistent" or "hash" or "skiplist":
                if (fields.Count(field => field.IsExpanded) > 1)
                    throw ErrorCodes.IndexCreationFailed.With("only one field of an index may have [*]");
                return new IndexDefinition(
                    0, "", IndexKind.Persistent, settings.TypeName, fields, settings.IsUnique, settings.IsSparse, settings.Deduplicate);
            case "ttl":
                if (fields.Length != 1 || fields[0].IsExpanded || settings.IsUnique)
                    throw ErrorCodes.BadParameter.With("a ttl index has one field without [*] and cannot be unique");
                if (!double.IsFinite(settings.ExpireAfterSeconds) || settings.ExpireAfterSeconds < 0)
                    throw ErrorCodes.BadParameter.With($"expireAfter {settings.ExpireAfterSeconds}: a number of seconds from 0");
                return new IndexDefinition(
                    0, "", IndexKind.Ttl, "ttl", fields, IsSparse: true, ExpireAfterSeconds: settings.ExpireAfterSeconds);
            case "geo":
                if (fields.Length > 2 || fields.Any(field => field.IsExpanded) || settings.IsUnique)
                    throw ErrorCodes.BadParameter.With("a geo index has one field, or two for latitude and longitude, without [*], and cannot be unique");
                if (fields.Length == 2 && settings.IsGeoJson)
                    throw ErrorCodes.BadParameter.With("a geo index with geoJson has one field, not 2");
                return new IndexDefinition(0, "", IndexKind.Geo, "geo", fields, IsSparse: true) { IsGeoJson = settings.IsGeoJson };
            case "mdi" or "zkd" or "mdi-prefixed":
                if (settings.Fields.Length > ZOrder.DimensionsMax || fields.Any(field => field.IsExpanded))
                    throw ErrorCodes.BadParameter.With($"an index of type '{settings.TypeName}' has 1 to {ZOrder.DimensionsMax} fields without [*]");
                if (settings.Fields.Length == 0 || settings.PrefixFields.IsEmpty == (settings.TypeName == "mdi-prefixed"))
                    throw ErrorCodes.BadParameter.With("an index of type 'mdi-prefixed' has fields and prefixFields, no other type has prefixFields");
                return new IndexDefinition(0, "", IndexKind.MultiDimensional, settings.TypeName, fields, settings.IsUnique, settings.IsSparse) { PrefixFields = settings.PrefixFields.Length };
            case "vector":
                if (fields.Length != 1 || fields[0].IsExpanded || settings.IsUnique || settings.Vector is null)
                    throw ErrorCodes.BadParameter.With("a vector index has one field without [*] and cannot be unique");
                settings.Vector.Check();
                return new IndexDefinition(0, "", IndexKind.Vector, "vector", fields, IsSparse: true) { Vector = settings.Vector, Centroids = settings.Centroids };
            case "fulltext":
                if (fields.Length != 1 || fields[0].IsExpanded || settings.IsUnique)
                    throw ErrorCodes.BadParameter.With("invalid number of index attributes: a fulltext index has one field without [*] and cannot be unique");
                return new IndexDefinition(0, "", IndexKind.Inverted, "fulltext", fields, IsSparse: true) { Search = SearchSettings.OfFulltext(fields[0], settings.MinLength) };
            case "inverted":
                if (settings.IsUnique || settings.Search is null)
                    throw ErrorCodes.BadParameter.With("an inverted index cannot be unique");
                return new IndexDefinition(0, "", IndexKind.Inverted, "inverted", fields, IsSparse: true) { Search = settings.Search, Stored = settings.Stored, ScoreOrders = settings.ScoreOrders };
            default:
                throw ErrorCodes.BadParameter.With($"index type '{settings.TypeName}': \"persistent\", \"hash\", \"skiplist\", \"ttl\", \"geo\", \"mdi\", \"mdi-prefixed\", \"zkd\", \"vector\", \"inverted\" or \"fulltext\"");
        }
    }

    private static void CheckStoredQuery(StoredQuery query)
    {
        if (query.Name.Length is 0 or > 200 || query.Name.Any(char.IsControl))
            throw ErrorCodes.IllegalName.With($"stored query '{query.Name}': 1 to 200 characters");
        if (!query.Parameters.IsObject && !query.Parameters.IsNull)
            throw ErrorCodes.BadParameter.With("parameters of a stored query: an object of default values");
        if (System.Text.Encoding.UTF8.GetByteCount(query.Name) > KeyLayout.KeySizeMax - 2)
            throw ErrorCodes.IllegalName.With($"stored query '{query.Name}': at most {KeyLayout.KeySizeMax - 2} bytes");
    }
}
