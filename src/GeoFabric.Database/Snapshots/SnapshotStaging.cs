using System.Collections.Immutable;
using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Changes;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Requests;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Values;
using GeoFabric.Storage;

namespace GeoFabric.Database.Snapshots;

/// <summary>
/// Receives a snapshot beside the present state and puts it in its place in one transaction. Documents go into new contents, which no collection has
/// yet, with their index entries and counts; the present collections are not touched before the last piece is there. So a crash at any moment leaves
/// the old state, or the whole new one.
/// </summary>
internal static class SnapshotStaging
{
    private const int RecordsPerTurn = 2000;

    /// <summary>Begins a snapshot, or begins it anew; what came of an earlier one that was not installed is given up.</summary>
    /// <param name="applied">What this copy has applied, of its own log as well.</param>
    /// <param name="own">The end of its own log, which it must not be behind afterwards.</param>
    public static void Begin(
        FabricTransaction transaction, ChangeOrigin origin, IEnumerable<ulong> keptScopes, IEnumerable<ushort> keptRegions, IEnumerable<ChangeOrigin> lostOrigins,
        IEnumerable<AppliedPosition> applied, AppliedPosition own)
    {
        var storage = transaction.Storage;
        var target = ImmutableSortedDictionary<ushort, AppliedPosition>.Empty;
        if (SnapshotState.Find(storage, SnapshotRecordKind.Installed) is { } installed)
            target = SnapshotState.Join(target, installed.Target.Values);
        if (SnapshotState.Find(storage, SnapshotRecordKind.Receiving) is { } earlier)
        {
            target = SnapshotState.Join(target, earlier.Target.Values);
            foreach (var collection in ReadCollections(storage, earlier.Number))
                storage.Put(KeyLayout.DeleteContentsKey(collection.ContentsId), [PendingWorkRecord.Version]);
            Forget(storage, earlier.Number);
            transaction.HasMaintenanceWork = true;
        }
        storage.Delete(KeyLayout.EstablishedKey(origin));
        transaction.ReloadVector();
        var keptAt = SnapshotState.Join(ImmutableSortedDictionary<ushort, AppliedPosition>.Empty, applied);
        target = SnapshotState.Join(target, [.. keptAt.Values, own]);
        new SnapshotState(transaction.Vector.Version, [], 0, [.. keptScopes], [.. keptRegions], [.. lostOrigins], keptAt, Earlier: null, target)
            .Store(storage, SnapshotRecordKind.Receiving);
        transaction.ReloadVector();
    }

    /// <summary>Stores a piece, unless it is not the next one.</summary>
    /// <exception cref="InvalidDataException">Its content makes no sense.</exception>
    public static void Store(FabricTransaction transaction, ReadOnlySpan<byte> token, ReadOnlySpan<byte> nextToken, PieceContent content)
    {
        var storage = transaction.Storage;
        if (SnapshotState.Find(storage, SnapshotRecordKind.Receiving) is not { } state || !state.NextToken.AsSpan().SequenceEqual(token) || (state.Pieces > 0 && token.IsEmpty))
            return;
        var collections = ReadCollections(storage, state.Number).ToDictionary(definition => definition.WireId, definition => new CollectionRuntime(definition));
        foreach (var entry in content.Entries)
        {
            if (entry.Kind == PieceEntryKind.Collection)
                collections[entry.WireId] = new CollectionRuntime(StoreCollection(transaction, state.Number, entry));
            else if (entry.Kind == PieceEntryKind.Request)
                RequestEntries.Adopt(storage, transaction.Origin, KeyLayout.ReadRequestId(entry.Key), RequestEntry.Read(entry.Key, entry.Body));
            else if (entry.Kind != PieceEntryKind.Document)
                StoreDefinition(transaction, state.Number, entry);
            else if (collections.TryGetValue(entry.WireId, out var collection))
                transaction.Merged.Restore(collection, entry.Key, entry.Body, entry.Stamp, entry.Metadata, content.Stable);

            // Else it is of a collection made after the collections were read: all of it is in records still to come.
        }
        new StoredPiece(nextToken.ToArray(), content.Stable, content.Positions).Store(storage, state.Number, state.Pieces);
        (state with { NextToken = [.. nextToken], Pieces = state.Pieces + 1 }).Store(storage, SnapshotRecordKind.Receiving);
    }

    /// <summary>Deletes other regions' records, a bounded number: behind a snapshot their logs begin anew.</summary>
    /// <returns>Whether none is left.</returns>
    public static bool DropForeignLogs(FabricTransaction transaction, ChangeOrigin origin)
    {
        foreach (var foreign in LogTrimming.ReadOrigins(transaction.Storage).Where(found => found != origin))
        {
            if (transaction.TruncateLog(foreign, ulong.MaxValue, RecordsPerTurn) == RecordsPerTurn)
                return false;
        }
        return true;
    }

    /// <summary>Puts the received state in the place of the present one: catalog, contents, positions.</summary>
    public static void Install(FabricTransaction transaction)
    {
        var storage = transaction.Storage;
        if (SnapshotState.Find(storage, SnapshotRecordKind.Receiving) is not { Pieces: > 0, NextToken.IsEmpty: true } state)
            throw new InvalidDataException("a snapshot is to be installed that is not whole");
        if (SnapshotState.Find(storage, SnapshotRecordKind.Installed) is { } before)
        {
            if (state.KeptScopes.IsEmpty)
                Forget(storage, before);
            else
                state = state with { Earlier = before };
        }
        ReplaceCatalog(transaction, state);
        var pieces = StoredPiece.ReadAll(storage, state.Number);
        var target = pieces.Aggregate(state.Target, (joined, piece) => SnapshotState.Join(joined, Latest(piece.Positions)));
        ReplacePositions(transaction, pieces, state);
        storage.Delete(KeyLayout.SnapshotKey(SnapshotRecordKind.Receiving));
        (state with { Target = target }).Store(storage, SnapshotRecordKind.Installed);
        transaction.ReloadVector();
        transaction.HasMaintenanceWork = true;
    }

    /// <summary>This copy has caught up with all pieces: from here on it is like any other.</summary>
    public static void Finish(FabricTransaction transaction, ChangeOrigin origin)
    {
        var storage = transaction.Storage;
        if (SnapshotState.Find(storage, SnapshotRecordKind.Installed) is not { } state)
            return;
        transaction.AdvanceStable(transaction.Vector.Installed!.Stable);
        foreach (var (wireId, index) in ReadUniqueIndexes(storage, state.Number))
        {
            if (transaction.CatalogRuntime.TryGetShared(wireId, out var collection))
                SharedCatalog.DefineIndex(transaction, collection.Definition, index);
        }
        Forget(storage, state);
        storage.Delete(KeyLayout.SnapshotKey(SnapshotRecordKind.Installed));
        // The next own record tells all that this region has applied, whatever its log had told before.
        var own = transaction.Vector.PositionOf(origin);
        if (own.Sequence > 0)
            storage.Put(KeyLayout.PositionKey(origin), (AppliedPosition.None(origin) with { Sequence = own.Sequence, Timestamp = own.Timestamp }).Write());
        transaction.ReloadVector();
        // Requests that turned out to be void have waited for the own records.
        transaction.HasMaintenanceWork = true;
    }

    /// <summary>The collections whose contents a snapshot under way fills.</summary>
    public static List<CollectionDefinition> ReadCollections(IStorageReader storage)
        => SnapshotState.Find(storage, SnapshotRecordKind.Receiving) is { } state ? ReadCollections(storage, state.Number) : [];

    private static List<CollectionDefinition> ReadCollections(IStorageReader storage, ulong snapshot)
    {
        var definitions = new List<CollectionDefinition>();
        using var cursor = storage.OpenCursor(KeyLayout.SnapshotRecords(SnapshotRecordKind.Collection, snapshot));
        while (cursor.MoveNext())
            definitions.Add(DefinitionCodec.ReadCollection(CatalogRecord.Read(cursor.Key, cursor.Value)));
        return definitions;
    }

    private static CollectionDefinition StoreCollection(FabricTransaction transaction, ulong snapshot, in PieceEntry entry)
    {
        var definition = Instantiate(transaction, snapshot, entry.WireId, entry.Content);
        Put(transaction, SnapshotRecordKind.Collection, snapshot, SnapshotPosition.OfCollection(entry.WireId), DefinitionCodec.Write(definition));
        return definition;
    }

    private static void StoreDefinition(FabricTransaction transaction, ulong snapshot, in PieceEntry entry)
    {
        if (entry.Kind == PieceEntryKind.StoredQuery)
            Put(transaction, SnapshotRecordKind.StoredQuery, snapshot, Hash(entry.Name), Named(entry.Name, entry.Content));
        else
            transaction.Storage.Put(KeyLayout.SnapshotKey(SnapshotRecordKind.DroppedCollection, snapshot, KeyLayout.DroppedCollectionKey(entry.WireId).AsSpan(2)), [PendingWorkRecord.Version]);
    }

    /// <summary>Gives a collection of the snapshot what it needs here. Unique indexes have to wait: pieces read at different times may contradict each other.</summary>
    private static CollectionDefinition Instantiate(FabricTransaction transaction, ulong snapshot, ulong wireId, Value content)
    {
        var told = DefinitionCodec.ReadCollection(content);
        var definition = CatalogOperations.Instantiate(transaction, told);
        foreach (var index in told.Indexes.Where(index => index.Kind != IndexKind.Primary))
        {
            var id = transaction.NextId();
            if (!index.IsUnique)
                definition = definition with { Indexes = definition.Indexes.Add(index with { Id = id }) };
            else
                Put(transaction, SnapshotRecordKind.UniqueIndex, snapshot, KeyLayout.BuildIndexKey(definition.Id, id), WithCollection(wireId, index));
        }
        return definition;
    }

    /// <summary>A name may be as long as a whole key.</summary>
    private static byte[] Hash(string name) => BitConverter.GetBytes(Primitives.Hashing.XxHash64.Hash(Encoding.UTF8.GetBytes(name)));

    private static Value Named(string name, Value query)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteText("name"u8, name);
        builder.WriteAttribute("query"u8, query);
        builder.EndObject();
        return builder.Build();
    }

    private static Value WithCollection(ulong wireId, IndexDefinition index)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteInteger("wireId"u8, unchecked((long)wireId));
        builder.WriteAttribute("index"u8, DefinitionCodec.WriteForRegions(index));
        builder.EndObject();
        return builder.Build();
    }

    private static List<(ulong WireId, IndexDefinition Index)> ReadUniqueIndexes(IStorageReader storage, ulong snapshot)
    {
        var indexes = new List<(ulong, IndexDefinition)>();
        using var cursor = storage.OpenCursor(KeyLayout.SnapshotRecords(SnapshotRecordKind.UniqueIndex, snapshot));
        while (cursor.MoveNext())
        {
            var source = CatalogRecord.Read(cursor.Key, cursor.Value);
            indexes.Add((unchecked((ulong)source.Integer("wireId"u8)), DefinitionCodec.ReadIndexForRegions(source.GetAttribute("index"u8))));
        }
        return indexes;
    }

    private static void Put(FabricTransaction transaction, SnapshotRecordKind kind, ulong snapshot, ReadOnlySpan<byte> rest, Value content)
    {
        var key = KeyLayout.SnapshotKey(kind, snapshot, rest);
        transaction.Storage.Put(key, CatalogRecord.Write(key, content));
    }

    private static void ReplaceCatalog(FabricTransaction transaction, SnapshotState state)
    {
        var (storage, snapshot) = (transaction.Storage, state.Number);
        var received = ReadCollections(storage, snapshot).ToDictionary(definition => definition.WireId);
        foreach (var present in transaction.CatalogRuntime.Collections.Select(runtime => runtime.Definition).OrderBy(definition => definition.WireId).ToList())
        {
            var isKept = state.KeptScopes.Contains(present.Scope.Number);
            if (received.TryGetValue(present.WireId, out var same))
            {
                CatalogOperations.AbandonContents(transaction, isKept ? same : present);
                received[present.WireId] = isKept
                    ? same with { Id = present.Id, ContentsId = present.ContentsId, Indexes = present.Indexes, TruncatedAt = present.TruncatedAt }
                    : same with { Id = present.Id };
            }
            else if (!present.IsLocal && !isKept)
            {
                transaction.DeleteCollection(present);
                CatalogOperations.AbandonContents(transaction, present);
            }
        }
        foreach (var definition in received.Values.OrderBy(definition => definition.WireId))
            transaction.PutCollection(definition.Shown(SharedCatalog.UniqueName(definition)));
        AddIndexesOfKept(transaction, state, snapshot);
        foreach (var name in received.Values.Select(definition => definition.DeclaredName).Distinct().Order(StringComparer.Ordinal))
            SharedCatalog.ShowNames(transaction, name);
        ReplaceDropped(storage, snapshot);
        ReplaceStoredQueries(storage, snapshot);
        SearchCatalog.TakeOver(transaction);
    }

    /// <summary>A kept collection has the contents it had: indexes it did not have are filled from them.</summary>
    private static void AddIndexesOfKept(FabricTransaction transaction, SnapshotState state, ulong snapshot)
    {
        foreach (var received in ReadCollections(transaction.Storage, snapshot))
        {
            foreach (var index in received.Indexes)
            {
                if (transaction.CatalogRuntime.TryGetShared(received.WireId, out var present) && state.KeptScopes.Contains(present.Definition.Scope.Number))
                    SharedCatalog.DefineIndex(transaction, present.Definition, index);
            }
        }
    }

    private static void ReplaceDropped(IWriteTransaction storage, ulong snapshot)
    {
        storage.DeleteRange(KeyLayout.AllDroppedCollections, int.MaxValue);
        var received = new List<byte[]>();
        using (var cursor = storage.OpenCursor(KeyLayout.SnapshotRecords(SnapshotRecordKind.DroppedCollection, snapshot)))
        {
            while (cursor.MoveNext())
                received.Add([.. KeyLayout.AllDroppedCollections.Start, .. cursor.Key[^8..]]);
        }
        foreach (var key in received)
            storage.Put(key, [PendingWorkRecord.Version]);
    }

    private static void ReplaceStoredQueries(IWriteTransaction storage, ulong snapshot)
    {
        storage.DeleteRange(KeyLayout.AllStoredQueries, int.MaxValue);
        var received = new List<Value>();
        using (var cursor = storage.OpenCursor(KeyLayout.SnapshotRecords(SnapshotRecordKind.StoredQuery, snapshot)))
        {
            while (cursor.MoveNext())
                received.Add(CatalogRecord.Read(cursor.Key, cursor.Value));
        }
        foreach (var query in received)
        {
            var key = KeyLayout.StoredQueryKey(query.Text("name"u8));
            storage.Put(key, CatalogRecord.Write(key, query.GetAttribute("query"u8)));
        }
    }

    /// <summary>
    /// For each region the least that any piece stands at, or what is applied here where the region writes to what was kept. Logs that are lost count as
    /// far as the pieces go; what follows them goes on from here.
    /// </summary>
    private static void ReplacePositions(FabricTransaction transaction, List<StoredPiece> pieces, SnapshotState state)
    {
        var before = transaction.Vector.Positions.Values.ToList();
        var positions = new List<AppliedPosition>();
        foreach (var region in pieces.SelectMany(piece => piece.Positions).Select(position => position.Origin.Region).Distinct().Order())
        {
            var least = pieces.Aggregate((least, piece) => piece.PositionOf(region).IsBehind(least.PositionOf(region)) ? piece : least);
            var kept = before.Where(position => position.Origin.Region == region).OrderBy(position => position.Origin.Incarnation).ToList();
            var received = least.Positions.Where(position => position.Origin.Region == region).OrderBy(position => position.Origin.Incarnation).ToList();
            var keepsOwn = state.KeptRegions.Contains(region) && (kept.Count == 0 || kept[^1].IsBehind(least.PositionOf(region)));
            positions.AddRange(keepsOwn ? PassLost(kept, received, state.LostOrigins) : received);
        }
        transaction.Storage.DeleteRange(KeyLayout.AllPositions, int.MaxValue);
        foreach (var position in positions)
            transaction.Storage.Put(KeyLayout.PositionKey(position.Origin), position.Write());
    }

    /// <param name="kept">What is applied here of a region, by incarnation.</param>
    /// <param name="received">What the pieces had applied of it, which is more.</param>
    private static List<AppliedPosition> PassLost(List<AppliedPosition> kept, List<AppliedPosition> received, ImmutableArray<ChangeOrigin> lost)
    {
        if (kept.Count > 0 && !lost.Contains(kept[^1].Origin))
            return kept;
        var passed = received.Where(position => kept.Count == 0 || position.Origin.Incarnation >= kept[^1].Origin.Incarnation).TakeWhile(position => lost.Contains(position.Origin)).ToList();
        return passed.Count == 0 ? kept : [.. kept.Where(position => position.Origin.Incarnation < passed[0].Origin.Incarnation), .. passed];
    }

    private static IEnumerable<AppliedPosition> Latest(IReadOnlyList<AppliedPosition> positions) =>
        positions.GroupBy(position => position.Origin.Region).Select(ofRegion => ofRegion.MaxBy(position => position.Origin.Incarnation)!);

    private static void Forget(IWriteTransaction storage, SnapshotState state)
    {
        foreach (var number in state.Numbers)
            Forget(storage, number);
    }

    private static void Forget(IWriteTransaction storage, ulong snapshot)
    {
        foreach (var kind in (ReadOnlySpan<SnapshotRecordKind>)[
            SnapshotRecordKind.Piece, SnapshotRecordKind.Collection, SnapshotRecordKind.DroppedCollection, SnapshotRecordKind.StoredQuery, SnapshotRecordKind.UniqueIndex])
            storage.DeleteRange(KeyLayout.SnapshotRecords(kind, snapshot), int.MaxValue);
    }
}
