using System.Text;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Merging;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Salvage;

/// <summary>Writes a removed region's transaction again, as one of this region.</summary>
/// <param name="position">What the removed region had applied when it wrote it.</param>
/// <param name="takes">False only keeps what it wrote in the journal.</param>
internal sealed class SalvagedTransaction(FabricTransaction transaction, SalvageSource source, AppliedPosition position, SalvagedStamps stamps, bool takes, List<string> notes)
{
    private SalvageCounts _counts;

    public SalvageCounts Take(IReadOnlyList<ChangeRecord> records)
    {
        var original = new RevisionStamp(position.Timestamp, source.Origin.Region);
        stamps.Add(original, transaction.Stamp);
        var origin = new MergeContext(original, transaction.Stable, position.HasObserved);
        foreach (var record in records)
        {
            var operations = record.Operations;
            for (var i = 0; i < operations.Count;)
            {
                var first = operations[i];
                var end = i + 1;
                while (end < operations.Count && first.Key.Length > 0 && ReferenceEquals(operations[end].Key, first.Key))
                    end++;
                if (first.IsLocal)
                    _counts += new SalvageCounts { Left = end - i };
                else if (first.WireId == 0 || first.Kind >= ChangeKind.Truncate)
                    TakeDefinition(record, first, original);
                else
                    TakeDocument(operations, i, end, origin);
                i = end;
            }
        }
        return _counts;
    }

    private void TakeDocument(IReadOnlyList<ChangeOperation> operations, int from, int to, MergeContext origin)
    {
        var first = operations[from];
        if (!transaction.CatalogRuntime.TryGetShared(first.WireId, out var collection))
        {
            _counts += new SalvageCounts { Left = to - from };
            Note($"a collection that has been dropped: what '{source.Region}' wrote to it is gone with it");
            return;
        }
        if (!IsKeptHere(collection.Definition, to - from))
            return;
        // What other regions may not write has not been acknowledged without them.
        var isTaken = takes && !collection.Definition.IsSpot;
        var mark = transaction.Mark();
        try
        {
            Count(transaction.Merged.Salvage(collection, first.Key, operations, from, to, origin, stamps, isTaken));
        }
        catch (Exception error) when (isTaken && error is GeoFabricException or InvalidDataException)
        {
            // A unique index that has the value by now, for instance.
            transaction.RollbackTo(mark);
            Note($"'{collection.Definition.Name}/{Encoding.UTF8.GetString(first.Key)}' could not be written: {error.Message}");
            Count(transaction.Merged.Salvage(collection, first.Key, operations, from, to, origin, stamps, takes: false));
        }
    }

    private void Count(SalvagedOperations operations) =>
        _counts += new SalvageCounts { Taken = operations.Taken, Superseded = operations.Superseded, Journalled = operations.Refused };

    private bool IsKeptHere(CollectionDefinition collection, int operations)
    {
        if (collection.KeptAt.IsKeptAt(transaction.Stamp.Origin))
            return true;
        var keepers = collection.KeptAt.Regions.Where(source.IsMember).ToList();
        if (keepers.Count > 0)
        {
            throw ErrorCodes.NotKeptHere.With(
                $"'{collection.Name}', which '{source.Region}' wrote to; go on with 'geofabric region salvage' at {string.Join(" or ", keepers.Select(region => $"'{transaction.NameOfRegion(new RevisionStamp(default, region))}'"))}");
        }
        _counts += new SalvageCounts { Left = operations };
        Note($"collection '{collection.Name}' is kept by no region any more: what '{source.Region}' wrote to it stays in its data directory");
        return false;
    }

    /// <summary>What was created or changed is so here too, unless it was changed here since; what was removed there is for people to decide.</summary>
    private void TakeDefinition(ChangeRecord record, ChangeOperation operation, RevisionStamp original)
    {
        var exists = transaction.CatalogRuntime.TryGetShared(operation.WireId, out var runtime);
        var name = exists ? runtime!.Definition.Name : Encoding.UTF8.GetString(operation.Key);
        var isTaken = takes && operation.Kind switch
        {
            ChangeKind.DefineCollection => !exists ? !transaction.Storage.TryGet(KeyLayout.DroppedCollectionKey(operation.WireId), out _) : runtime!.Definition.DefinedAt < original,
            ChangeKind.DefineIndex => exists,
            ChangeKind.DefineStoredQuery => !transaction.Storage.TryGet(KeyLayout.StoredQueryKey(name), out _),
            _ => false,
        };
        if (isTaken)
        {
            SharedCatalog.Apply(transaction, record, operation, MergeContext.Local(transaction.Stamp, transaction.Stable));
            transaction.AddChange(operation.WireId, ChangeScope.All, operation.Key, operation.Kind, operation.Payload.Length == 0 ? Value.Null : Value.Decode(operation.Payload, 0));
            _counts += new SalvageCounts { Taken = 1 };
            return;
        }
        _counts += new SalvageCounts { Superseded = 1 };
        if (operation.Kind is ChangeKind.Truncate or ChangeKind.DropCollection or ChangeKind.DropIndex && exists)
            Note($"'{source.Region}' had {Describe(operation.Kind)} '{name}'; it is here as it was, do so again if it is still to be");
        else if (operation.Kind is ChangeKind.DefineStoredQuery or ChangeKind.DropStoredQuery)
            Note($"'{source.Region}' had changed the saved query '{name}'; it is here as it was");
    }

    private static string Describe(ChangeKind kind) => kind switch
    {
        ChangeKind.Truncate => "emptied collection",
        ChangeKind.DropCollection => "dropped collection",
        _ => "dropped an index of collection",
    };

    private void Note(string note)
    {
        if (!notes.Contains(note))
            notes.Add(note);
    }
}
