using System.Buffers.Binary;
using System.Text;
using GeoFabric.Primitives.Keys;
using GeoFabric.Storage;

namespace GeoFabric.Database.Layout;

/// <summary>
/// The whole key space of a fabric's environment. Numbers are big-endian so that the order of the bytes is their order.
/// </summary>
/// <remarks>
/// <code>
/// Environment   01
/// Catalog       02 | kind | collection id u32                       kind 1
///               02 | kind | name                                    kind 2; analyzers and views behind a byte 01 or 02
/// Counters      03 | 00                                             fabric state
///               03 | 01 | contents id u32                           collection counters
///               03 | 02 | contents id u32 | index id u32            index counters
///               03 | 03 | collection id u32                         last key of autoincrement
/// PendingWork   04 | 01 | contents id u32                           delete a collection's contents
///               04 | 02 | contents id u32 | index id u32            delete an index's entries
///               04 | 03 | collection id u32 | index id u32          fill an index; value: where to go on
///               04 | 04 | request id u128                         take back what was done for a request
/// Documents     10 | contents id u32 | key, collation-ordered
/// IndexEntries  20 | contents id u32 | index id u32 | fields [| key, collation-ordered]        in edge indexes a chunk of edges
///               20 | contents id u32 | index id u32 | 01..05 ...      inverted indexes: see InvertedKeys
/// ChangeLog     30 | region u16 | incarnation u8 | sequence u64
/// VersionVector 31 | region u16 | incarnation u8
/// MergeMetadata 11 | contents id u32 | key, collation-ordered
/// Unstable      33 | timestamp u64 | contents id u32 | key, collation-ordered
/// RequestIds    34 | 01 | request id u128 | region u16 | incarnation u8   what came of a request at a region
///               34 | 02 | timestamp u64 | request id u128 | region u16 | incarnation u8   the same by time
/// Catalog       02 | kind | wire id u64                             kind 3: a dropped collection
/// </code>
/// Persisted: see docs/storage-format.md, "Key space". Contents ids, collection ids and index ids above 2 come from one generator and are
/// never used again.
/// </remarks>
public static class KeyLayout
{
    /// <summary>Longest key an engine takes.</summary>
    public const int KeySizeMax = 511;

    public const int CollectionPrefixSize = 5;
    public const int IndexPrefixSize = 9;
    public const int DocumentKeySizeMax = CollectionPrefixSize + DocumentKeyCodec.EncodedLengthMax;

    /// <summary>
    /// Index fields longer than this are cut here and end in a hash of the whole, so that prefix, fields, hash and the longest document key
    /// fit into one key. Entries that were cut are marked.
    /// </summary>
    public const int IndexFieldsSizeMax = KeySizeMax - IndexPrefixSize - DocumentKeyCodec.EncodedLengthMax - IndexHashSize;

    public const int IndexHashSize = 8;

    public const int ChangeKeySize = 12;

    public static byte[] EnvironmentKey { get; } = [(byte)Keyspace.Environment];

    public static byte[] FabricStateKey { get; } = [(byte)Keyspace.Counters, (byte)CounterKind.FabricState];

    public static KeyRange AllChanges { get; } = KeyRange.WithPrefix([(byte)Keyspace.ChangeLog]);

    public static KeyRange AllDocuments { get; } = KeyRange.WithPrefix([(byte)Keyspace.Documents]);

    public static KeyRange AllIndexEntries { get; } = KeyRange.WithPrefix([(byte)Keyspace.IndexEntries]);

    public static KeyRange AllPendingWork { get; } = KeyRange.WithPrefix([(byte)Keyspace.PendingWork]);

    public static KeyRange AllCollections { get; } = KeyRange.WithPrefix([(byte)Keyspace.Catalog, (byte)CatalogKind.Collection]);

    public static KeyRange AllStoredQueries { get; } = KeyRange.WithPrefix([(byte)Keyspace.Catalog, (byte)CatalogKind.StoredQuery]);

    public static KeyRange AllPositions { get; } = KeyRange.WithPrefix([(byte)Keyspace.VersionVector]);

    /// <summary>Documents whose metadata may be forgotten once everything up to and with this timestamp is stable.</summary>
    public static KeyRange UnstableUpTo(ulong timestamp)
    {
        var end = new byte[9];
        end[0] = (byte)Keyspace.Unstable;
        BinaryPrimitives.WriteUInt64BigEndian(end.AsSpan(1), timestamp);
        return new KeyRange([(byte)Keyspace.Unstable], KeyRange.After(end));
    }

    public static KeyRange MergeMetadataOf(uint contentsId) => KeyRange.WithPrefix(ComposeShort((byte)Keyspace.MergeMetadata, contentsId));

    /// <summary>Key of the merge metadata beside a document: the document's own key in another keyspace.</summary>
    public static byte[] MergeMetadataKey(ReadOnlySpan<byte> documentKey) => [(byte)Keyspace.MergeMetadata, .. documentKey[1..]];

    public static byte[] UnstableKey(ulong timestamp, ReadOnlySpan<byte> documentKey)
    {
        var key = new byte[8 + documentKey.Length];
        key[0] = (byte)Keyspace.Unstable;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(1), timestamp);
        documentKey[1..].CopyTo(key.AsSpan(9));
        return key;
    }

    /// <summary>The document's key inside an <see cref="UnstableKey"/>.</summary>
    public static byte[] DocumentKeyOfUnstable(ReadOnlySpan<byte> unstableKey) => [(byte)Keyspace.Documents, .. unstableKey[9..]];

    public static byte[] DroppedCollectionKey(ulong wireId)
    {
        var key = new byte[10];
        key[0] = (byte)Keyspace.Catalog;
        key[1] = (byte)CatalogKind.DroppedCollection;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(2), wireId);
        return key;
    }

    public static KeyRange AllVoidRequests { get; } = KeyRange.WithPrefix([(byte)Keyspace.PendingWork, (byte)PendingWorkKind.VoidRequest]);

    public static byte[] VoidRequestKey(UInt128 id) => WithRequestId([(byte)Keyspace.PendingWork, (byte)PendingWorkKind.VoidRequest], id);

    public static UInt128 ReadVoidRequest(ReadOnlySpan<byte> key) => BinaryPrimitives.ReadUInt128BigEndian(key[2..]);

    public static byte[] RequestKey(UInt128 id, ChangeOrigin origin) =>
        [.. WithRequestId([(byte)Keyspace.RequestIds, (byte)RequestKeyKind.Outcome], id), (byte)(origin.Region >> 8), (byte)origin.Region, origin.Incarnation];

    public static KeyRange AllRequests { get; } = KeyRange.WithPrefix([(byte)Keyspace.RequestIds, (byte)RequestKeyKind.Outcome]);

    public static UInt128 ReadRequestId(ReadOnlySpan<byte> requestKey) => BinaryPrimitives.ReadUInt128BigEndian(requestKey[2..]);

    public static KeyRange RequestsOf(UInt128 id) => KeyRange.WithPrefix(WithRequestId([(byte)Keyspace.RequestIds, (byte)RequestKeyKind.Outcome], id));

    /// <summary>The origin in a <see cref="RequestKey"/>.</summary>
    public static ChangeOrigin ReadOriginOfRequest(ReadOnlySpan<byte> requestKey) => new(BinaryPrimitives.ReadUInt16BigEndian(requestKey[18..]), requestKey[20]);

    public static byte[] RequestTimeKey(ulong timestamp, UInt128 id, ChangeOrigin origin) =>
        [.. RequestTimePrefix(timestamp), .. RequestKey(id, origin).AsSpan(2)];

    /// <summary>The <see cref="RequestKey"/> that a <see cref="RequestTimeKey"/> is about.</summary>
    public static byte[] RequestKeyOfTime(ReadOnlySpan<byte> timeKey) => [(byte)Keyspace.RequestIds, (byte)RequestKeyKind.Outcome, .. timeKey[10..]];

    /// <summary>Keys of the requests up to and with a timestamp.</summary>
    public static KeyRange RequestsUpTo(ulong timestamp) =>
        new([(byte)Keyspace.RequestIds, (byte)RequestKeyKind.Time], RequestTimePrefix(checked(timestamp + 1)));

    public static KeyRange AllDroppedCollections { get; } = KeyRange.WithPrefix([(byte)Keyspace.Catalog, (byte)CatalogKind.DroppedCollection]);

    public static byte[] SnapshotKey(SnapshotRecordKind kind) => [(byte)Keyspace.Snapshot, (byte)kind];

    /// <summary>Key of what belongs to one snapshot: its number, then what tells records of the kind apart.</summary>
    public static byte[] SnapshotKey(SnapshotRecordKind kind, ulong snapshot, ReadOnlySpan<byte> rest = default)
    {
        var key = new byte[10 + rest.Length];
        key[0] = (byte)Keyspace.Snapshot;
        key[1] = (byte)kind;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(2), snapshot);
        rest.CopyTo(key.AsSpan(10));
        return key;
    }

    public static KeyRange SnapshotRecords(SnapshotRecordKind kind, ulong snapshot) => KeyRange.WithPrefix(SnapshotKey(kind, snapshot));

    /// <summary>Key of the note that this incarnation has caught up with the others.</summary>
    public static byte[] EstablishedKey(ChangeOrigin origin) =>
        [(byte)Keyspace.Configuration, 1, (byte)(origin.Region >> 8), (byte)origin.Region, origin.Incarnation];

    /// <summary>The sequence in the key of a change record.</summary>
    public static ulong ReadSequence(ReadOnlySpan<byte> changeKey) => BinaryPrimitives.ReadUInt64BigEndian(changeKey[4..]);

    public static byte[] PositionKey(ChangeOrigin origin) => [(byte)Keyspace.VersionVector, (byte)(origin.Region >> 8), (byte)origin.Region, origin.Incarnation];

    /// <summary>The origin in the key of a change record or of a position.</summary>
    public static ChangeOrigin ReadOrigin(ReadOnlySpan<byte> key) => new(BinaryPrimitives.ReadUInt16BigEndian(key[1..]), key[3]);

    public static KeyRange ChangesFrom(ChangeOrigin origin, ulong sequence) =>
        new(ChangeKey(origin, sequence), KeyRange.After(ChangeKey(origin, ulong.MaxValue)));

    public static byte[] CollectionRecordKey(uint collectionId) => Compose((byte)Keyspace.Catalog, (byte)CatalogKind.Collection, collectionId);

    public static byte[] StoredQueryKey(string name) => [(byte)Keyspace.Catalog, (byte)CatalogKind.StoredQuery, .. Encoding.UTF8.GetBytes(name)];

    public static string ReadStoredQueryName(ReadOnlySpan<byte> storedQueryKey) => Encoding.UTF8.GetString(storedQueryKey[2..]);

    public static byte[] CollectionCounterKey(uint contentsId) => Compose((byte)Keyspace.Counters, (byte)CounterKind.Collection, contentsId);

    public static byte[] IndexCounterKey(uint contentsId, uint indexId) =>
        Compose((byte)Keyspace.Counters, (byte)CounterKind.Index, contentsId, indexId);

    public static KeyRange IndexCountersOf(uint contentsId) =>
        KeyRange.WithPrefix(Compose((byte)Keyspace.Counters, (byte)CounterKind.Index, contentsId));

    public static byte[] KeyGeneratorKey(uint collectionId) => Compose((byte)Keyspace.Counters, (byte)CounterKind.KeyGenerator, collectionId);

    public static byte[] DeleteContentsKey(uint contentsId) => Compose((byte)Keyspace.PendingWork, (byte)PendingWorkKind.DeleteContents, contentsId);

    public static byte[] DeleteIndexKey(uint contentsId, uint indexId) =>
        Compose((byte)Keyspace.PendingWork, (byte)PendingWorkKind.DeleteIndex, contentsId, indexId);

    public static byte[] BuildIndexKey(uint collectionId, uint indexId) =>
        Compose((byte)Keyspace.PendingWork, (byte)PendingWorkKind.BuildIndex, collectionId, indexId);

    public static byte[] DocumentPrefix(uint contentsId) => ComposeShort((byte)Keyspace.Documents, contentsId);

    public static KeyRange DocumentsOf(uint contentsId) => KeyRange.WithPrefix(DocumentPrefix(contentsId));

    public static byte[] IndexPrefix(uint contentsId, uint indexId)
    {
        var key = new byte[IndexPrefixSize];
        key[0] = (byte)Keyspace.IndexEntries;
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(1), contentsId);
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(5), indexId);
        return key;
    }

    public static KeyRange EntriesOf(uint contentsId, uint indexId) => KeyRange.WithPrefix(IndexPrefix(contentsId, indexId));

    public static KeyRange IndexEntriesOf(uint contentsId) => KeyRange.WithPrefix(ComposeShort((byte)Keyspace.IndexEntries, contentsId));

    /// <summary>Writes the key of a document; <paramref name="destination"/> needs <see cref="DocumentKeySizeMax"/> bytes.</summary>
    /// <returns>The key's size.</returns>
    public static int WriteDocumentKey(Span<byte> destination, ReadOnlySpan<byte> documentPrefix, ReadOnlySpan<byte> keyUtf8)
    {
        documentPrefix.CopyTo(destination);
        return CollectionPrefixSize + DocumentKeyCodec.Encode(keyUtf8, destination[CollectionPrefixSize..]);
    }

    /// <summary>The same for a key that may be none; then it is false.</summary>
    public static bool TryWriteDocumentKey(Span<byte> destination, ReadOnlySpan<byte> documentPrefix, ReadOnlySpan<byte> keyUtf8, out int size)
    {
        documentPrefix.CopyTo(destination);
        var isKey = DocumentKeyCodec.TryEncode(keyUtf8, destination[CollectionPrefixSize..], out var encoded);
        size = CollectionPrefixSize + encoded;
        return isKey;
    }

    /// <summary>Writes the key of a change record; <paramref name="destination"/> needs <see cref="ChangeKeySize"/> bytes.</summary>
    public static void WriteChangeKey(Span<byte> destination, ChangeOrigin origin, ulong sequence)
    {
        destination[0] = (byte)Keyspace.ChangeLog;
        BinaryPrimitives.WriteUInt16BigEndian(destination[1..], origin.Region);
        destination[3] = origin.Incarnation;
        BinaryPrimitives.WriteUInt64BigEndian(destination[4..], sequence);
    }

    public static byte[] ChangeKey(ChangeOrigin origin, ulong sequence)
    {
        var key = new byte[ChangeKeySize];
        WriteChangeKey(key, origin, sequence);
        return key;
    }

    /// <summary>Id behind keyspace byte, or behind keyspace and kind bytes, at <paramref name="offset"/>.</summary>
    public static uint ReadId(ReadOnlySpan<byte> key, int offset) => BinaryPrimitives.ReadUInt32BigEndian(key[offset..]);

    private static byte[] WithRequestId(ReadOnlySpan<byte> prefix, UInt128 id)
    {
        var key = new byte[prefix.Length + 16];
        prefix.CopyTo(key);
        BinaryPrimitives.WriteUInt128BigEndian(key.AsSpan(prefix.Length), id);
        return key;
    }

    private static byte[] RequestTimePrefix(ulong timestamp)
    {
        var key = new byte[10];
        key[0] = (byte)Keyspace.RequestIds;
        key[1] = (byte)RequestKeyKind.Time;
        BinaryPrimitives.WriteUInt64BigEndian(key.AsSpan(2), timestamp);
        return key;
    }

    private static byte[] ComposeShort(byte keyspace, uint id)
    {
        var key = new byte[CollectionPrefixSize];
        key[0] = keyspace;
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(1), id);
        return key;
    }

    private static byte[] Compose(byte keyspace, byte kind, uint id)
    {
        var key = new byte[6];
        key[0] = keyspace;
        key[1] = kind;
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(2), id);
        return key;
    }

    private static byte[] Compose(byte keyspace, byte kind, uint id, uint second)
    {
        var key = new byte[10];
        Compose(keyspace, kind, id).CopyTo(key, 0);
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(6), second);
        return key;
    }
}
