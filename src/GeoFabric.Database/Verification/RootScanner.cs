using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;
using GeoFabric.Database.Access;
using GeoFabric.Database.Catalog;
using GeoFabric.Database.Indexes;
using GeoFabric.Database.Layout;
using GeoFabric.Database.Merging;
using GeoFabric.Database.Snapshots;
using GeoFabric.Database.Transactions;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Verification;

/// <summary>Computes the root of a collection by reading all of it, in one snapshot.</summary>
public sealed class RootScanner
{
    private const int DocumentsPerPage = 1000;

    private readonly FabricSnapshot _snapshot;
    private readonly CollectionRuntime _collection;
    private readonly FabricStateRecord _state;
    private readonly ArrayBufferWriter<byte> _bytes = new(4096);
    private readonly double _expiringBefore;
    private readonly List<TtlIndex> _expiries;

    private RootScanner(FabricSnapshot snapshot, CollectionRuntime collection, double expiringBefore)
    {
        _snapshot = snapshot;
        _collection = collection;
        _expiringBefore = expiringBefore;
        _state = FabricDatabase.ReadState(snapshot.Storage);
        _expiries = [.. collection.Indexes.OfType<TtlIndex>()];
    }

    /// <param name="expiringBefore">Seconds since 1970: documents whose life ends by then are left out, because each region removes them in its own time.</param>
    /// <param name="cancellationToken">Ends the reading after the page at hand.</param>
    /// <exception cref="GeoFabricException">11 when the scope may not read the collection, 1203 when it is gone, 1100 for a damaged document.</exception>
    public static CollectionRoot Scan(FabricDatabase fabric, AccessScope scope, CollectionDefinition collection, double expiringBefore, CancellationToken cancellationToken)
    {
        scope.DemandRead(collection);
        using var snapshot = fabric.OpenSnapshot(scope);
        return new RootScanner(snapshot, snapshot.Reads.Resolve(collection), expiringBefore).Scan(fabric.Origin, cancellationToken);
    }

    /// <summary>What a document adds to the root of its collection.</summary>
    internal static UInt128 Hash(FabricSnapshot snapshot, CollectionRuntime collection, ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> record) =>
        new RootScanner(snapshot, collection, 0).Hash(storageKey, record, out _);

    private CollectionRoot Scan(ChangeOrigin origin, CancellationToken cancellationToken)
    {
        long documents = 0, stableDocuments = 0;
        UInt128 root = 0, stableRoot = 0;
        using var cursor = _snapshot.Storage.OpenCursor(KeyLayout.DocumentsOf(_collection.ContentsId));
        while (cursor.MoveNext())
        {
            if (documents % DocumentsPerPage == 0)
                cancellationToken.ThrowIfCancellationRequested();
            DocumentRecord.Verify(cursor.Key, cursor.Value, _collection.Definition.Source);
            var document = Value.FromDocument(_collection.Definition.Source, cursor.Value);
            if (_expiries.Exists(index => index.IsExpired(document, _expiringBefore)))
                continue;
            var hash = Hash(cursor.Key, cursor.Value, out var isStable);
            documents++;
            root = unchecked(root + hash);
            if (!isStable)
                continue;
            stableDocuments++;
            stableRoot = unchecked(stableRoot + hash);
        }
        var definition = _collection.Definition;
        var applied = PieceReader.ReadPositions(_snapshot.Storage, _state, origin);
        return new CollectionRoot(definition.Name, definition.WireId, documents, root, stableDocuments, stableRoot, _state.Stable, applied);
    }

    private UInt128 Hash(ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> record, out bool isStable)
    {
        _bytes.ResetWrittenCount();
        CanonicalBytes.WriteBytes(_bytes, storageKey[KeyLayout.CollectionPrefixSize..]);
        var stamp = DocumentHeader.ReadStamp(record);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.GetSpan(10), stamp.Timestamp.Bits);
        BinaryPrimitives.WriteUInt16LittleEndian(_bytes.GetSpan(10)[8..], stamp.Origin);
        _bytes.Advance(10);
        var body = Value.DecodePinned(DocumentHeader.Body(record));
        CanonicalBytes.Write(_bytes, body);
        isStable = stamp.Timestamp <= _state.Stable;
        if (DocumentHeader.HasMetadata(record) && _snapshot.Storage.TryGet(KeyLayout.MergeMetadataKey(storageKey), out var metadata))
        {
            MergingDocument.Load(body, stamp, metadata, _state.Stable).WriteMetadata(out var newest);
            isStable &= newest == default;
            // Regions forget at different times: what is left once all of it is stable is the same in all.
            if (MergingDocument.Load(body, stamp, metadata, new HybridTimestamp(ulong.MaxValue)).WriteMetadata(out _) is { } settled)
                CanonicalBytes.WriteBytes(_bytes, settled);
        }
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(_bytes.WrittenSpan, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
