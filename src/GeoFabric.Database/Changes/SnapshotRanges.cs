using GeoFabric.Database.Catalog;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Storage;

namespace GeoFabric.Database.Changes;

/// <summary>
/// Which changes an installed snapshot already holds. Its pieces were read one after another while writes went on, so each has a vector of its own:
/// until this copy has caught up with all of them, a record is applied only to what stands in pieces that had not seen it.
/// </summary>
internal sealed class SnapshotRanges
{
    private readonly SnapshotState _state;
    private readonly List<StoredPiece> _pieces;
    private readonly HashSet<ulong> _collections;
    private readonly HashSet<ulong> _kept;
    private readonly SnapshotRanges? _earlier;

    private SnapshotRanges(SnapshotState state, List<StoredPiece> pieces, HashSet<ulong> collections, HashSet<ulong> kept, SnapshotRanges? earlier)
    {
        _earlier = earlier;
        _state = state;
        _pieces = pieces;
        _collections = collections;
        _kept = kept;
    }

    public ulong Number => _state.Number;

    /// <summary>Stamps up to here may be missing from some document.</summary>
    public HybridTimestamp Stable => _pieces.Count == 0 ? default : _pieces.Max(piece => piece.Stable);

    /// <param name="known">Ranges read before; taken again when they are of the same snapshot.</param>
    public static SnapshotRanges? Load(IStorageReader storage, SnapshotRanges? known)
    {
        if (SnapshotState.Find(storage, SnapshotRecordKind.Installed) is not { } state)
            return null;
        return known?.Number == state.Number ? known : Load(storage, state);
    }

    private static SnapshotRanges Load(IStorageReader storage, SnapshotState state)
    {
        var collections = new HashSet<ulong>();
        using var cursor = storage.OpenCursor(KeyLayout.SnapshotRecords(SnapshotRecordKind.Collection, state.Number));
        while (cursor.MoveNext())
            collections.Add(DefinitionCodec.ReadCollection(CatalogRecord.Read(cursor.Key, cursor.Value)).WireId);
        return new SnapshotRanges(state, StoredPiece.ReadAll(storage, state.Number), collections, ReadKept(storage, state), state.Earlier is null ? null : Load(storage, state.Earlier));
    }

    /// <summary>Whether the state here holds what an operation of a record does, but for truncations: those it may hold for some documents only.</summary>
    public bool Holds(ChangeRecord record, ChangeOperation operation)
    {
        if (operation.Kind == ChangeKind.Truncate)
            return false;
        if (operation.WireId == 0 || (operation.Kind > ChangeKind.Truncate && !(_kept.Contains(operation.WireId) && !_collections.Contains(operation.WireId))))
            return HadApplied(PieceAt(SnapshotPosition.Of(operation)), record);
        return operation.Kind < ChangeKind.Truncate
            ? HoldsDocument(operation.WireId, SnapshotPosition.KeyOf(SnapshotPosition.Of(operation)), record)
            : HadApplied(_state.KeptAt.GetValueOrDefault(record.Origin.Region), record) || _earlier?.Holds(record, operation) == true;
    }

    /// <summary>Whether a document already shows what a record does. One of a collection that is newer than the snapshot is made of records alone.</summary>
    public bool HoldsDocument(ulong wireId, ReadOnlySpan<byte> encodedKey, ChangeRecord record)
    {
        if (_kept.Contains(wireId))
            return HadApplied(_state.KeptAt.GetValueOrDefault(record.Origin.Region), record) || _earlier?.HoldsDocument(wireId, encodedKey, record) == true;
        return _collections.Contains(wireId) && HadApplied(PieceAt(SnapshotPosition.OfDocument(wireId, encodedKey)), record);
    }

    /// <summary>Everything up to here had been forgotten as stable in a document, and in no other sense is anything stable yet.</summary>
    /// <param name="own">What is stable in what was kept.</param>
    public HybridTimestamp StableOf(ulong wireId, ReadOnlySpan<byte> encodedKey, HybridTimestamp own)
    {
        if (_kept.Contains(wireId))
            return _earlier?.StableOf(wireId, encodedKey, own) ?? own;
        return _collections.Contains(wireId) ? PieceAt(SnapshotPosition.OfDocument(wireId, encodedKey)).Stable : default;
    }

    public HybridTimestamp StableOf(ChangeOperation operation, HybridTimestamp own) => operation.WireId == 0 || operation.Kind >= ChangeKind.Truncate
        ? default
        : StableOf(operation.WireId, SnapshotPosition.KeyOf(SnapshotPosition.Of(operation)), own);

    /// <summary>The collections that were not replaced, by wire id.</summary>
    private static HashSet<ulong> ReadKept(IStorageReader storage, SnapshotState state)
    {
        var kept = new HashSet<ulong>();
        using var cursor = storage.OpenCursor(KeyLayout.AllCollections);
        while (cursor.MoveNext())
        {
            var definition = DefinitionCodec.ReadCollection(CatalogRecord.Read(cursor.Key, cursor.Value));
            if (state.KeptScopes.Contains(definition.Scope.Number))
                kept.Add(definition.WireId);
        }
        return kept;
    }

    private static bool HadApplied(StoredPiece piece, ChangeRecord record) => HadApplied(piece.PositionOf(record.Origin.Region), record);

    private static bool HadApplied(AppliedPosition? position, ChangeRecord record) => position?.IsBehind(record.Origin, record.LastSequence) == false;

    private StoredPiece PieceAt(ReadOnlySpan<byte> position)
    {
        int low = 0, high = _pieces.Count - 1;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (position.SequenceCompareTo(_pieces[middle].Through) <= 0)
                high = middle;
            else
                low = middle + 1;
        }
        return _pieces[low];
    }
}
