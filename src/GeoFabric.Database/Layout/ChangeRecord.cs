using System.Buffers.Binary;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Database.Layout;

/// <summary>What one operation of a change record does. Persisted: append only.</summary>
public enum ChangeKind : byte
{
    /// <summary>The whole document is written; payload: the encoded object.</summary>
    Put = 1,

    /// <summary>The document is removed; no payload.</summary>
    Delete = 2,

    /// <summary>The operations behind this one were made on a certain generation of the document; payload: the generation.</summary>
    On = 3,

    /// <summary>The document is written where none is, and merges with what other regions create at the same time; payload: the encoded object.</summary>
    Create = 4,

    /// <summary>An attribute gets a value; payload: what the writer knew of its counter, and the encoded value.</summary>
    Set = 5,

    /// <summary>An attribute is removed; payload: what the writer knew of its counter.</summary>
    Unset = 6,

    /// <summary>A number is added; payload: the encoded number.</summary>
    Increment = 7,

    /// <summary>An attribute becomes the greater of its value and this one; payload: the encoded value.</summary>
    Maximum = 8,

    /// <summary>As <see cref="Maximum"/>, with the smaller one.</summary>
    Minimum = 9,

    /// <summary>Elements are added to an array; payload: list, place and encoded values.</summary>
    ListInsert = 10,

    /// <summary>Elements of an array are removed; payload: list and elements.</summary>
    ListRemove = 11,

    /// <summary>An element of an array moves; payload: list, element and place.</summary>
    ListMove = 12,

    /// <summary>As <see cref="ListInsert"/> into an array that shows equal elements once.</summary>
    SetInsert = 13,

    // Up to 31: escrow operations, expiry, barriers.

    /// <summary>All documents of the collection are removed; key and payload are empty.</summary>
    Truncate = 32,

    /// <summary>The collection gets this definition; payload: the encoded catalog object, without indexes and ids, which each region has for itself.</summary>
    DefineCollection = 33,

    /// <summary>The collection and its documents are gone.</summary>
    DropCollection = 34,

    /// <summary>Collection 0, key: the query's name; payload: the encoded catalog object.</summary>
    DefineStoredQuery = 35,

    /// <summary>Collection 0, key: the query's name.</summary>
    DropStoredQuery = 36,

    /// <summary>The collection gets an index; payload: the encoded catalog object. Its entries never travel: each region fills it from its own documents.</summary>
    DefineIndex = 37,

    /// <summary>The collection loses the index of this definition; payload: the encoded catalog object.</summary>
    DropIndex = 38,
}

/// <summary>Flags of a change record. Persisted: append only.</summary>
[Flags]
public enum ChangeFlags : byte
{
    None = 0,

    /// <summary>16 bytes of request id follow the dependencies.</summary>
    HasRequestId = 1,

    /// <summary>The number of the acting principal follows.</summary>
    HasActor = 2,

    /// <summary>The transaction goes on in the next record: a transaction larger than a record is cut into several of one timestamp.</summary>
    MoreFollows = 4,
}

/// <summary>
/// One record of the change log: a transaction, or a part of one, with all its document operations.
/// </summary>
/// <remarks>
/// <code>
/// record  := length u32 (of the whole record) | CRC-32C u32 (over all that follows) | version u8 | flags u8 | region u16 | incarnation u8
///          | first sequence varint | last sequence varint | timestamp u64 | timestamp minus stable timestamp varint | epoch varint
///          | dependency mode u8 | dependency count varint | dependencies | [request id 16 bytes] | [actor varint] | collection count varint | collection*
/// collection := collection id varint | scope id varint | document count varint | document*
/// document   := key length varint | key UTF-8 | operation count varint | operation*
/// operation  := kind u8 | path length varint | path | payload length varint | payload
/// </code>
/// Fixed-width numbers are little-endian. Both sequences are the same unless a sender merged records on the way. A dependency is region varint and
/// (timestamp of the record minus timestamp depended on) varint: what the origin had newly applied of another region since its record before, so that
/// all its records so far tell what it had applied when it wrote this one. One region alone has none. Persisted: see docs/storage-format.md.
/// </remarks>
public sealed record ChangeRecord(
    ChangeOrigin Origin,
    ulong Sequence,
    ulong LastSequence,
    HybridTimestamp Timestamp,
    ulong StableDistance,
    ulong Epoch,
    ChangeFlags Flags,
    IReadOnlyList<ChangeDependency> Dependencies,
    UInt128 RequestId,
    IReadOnlyList<ChangeOperation> Operations)
{
    public const byte Version = 1;
    public const int ChecksummedFrom = 8;

    /// <summary>A record without dependencies whose operations have all been removed, because they are local to its region.</summary>
    private const int SizeMin = 28;

    /// <summary>Records are cut before they grow past this, unless a single operation is larger.</summary>
    public const int SizeMax = 8 << 20;

    /// <summary>Reads a record; keys and payloads are copied.</summary>
    /// <exception cref="InvalidDataException">Length, checksum, version or structure is wrong.</exception>
    public static ChangeRecord Read(ReadOnlySpan<byte> record)
    {
        CheckEnvelope(record);
        var offset = ChecksummedFrom + 1;
        var flags = (ChangeFlags)record[offset++];
        var origin = new ChangeOrigin(BinaryPrimitives.ReadUInt16LittleEndian(record[offset..]), record[offset + 2]);
        offset += 3;
        var first = VarInt.Read(record, ref offset);
        var last = VarInt.Read(record, ref offset);
        var timestamp = new HybridTimestamp(BinaryPrimitives.ReadUInt64LittleEndian(record[offset..]));
        offset += 8;
        var stableDistance = VarInt.Read(record, ref offset);
        var epoch = VarInt.Read(record, ref offset);
        var dependencies = ReadDependencies(record, timestamp, ref offset);
        UInt128 requestId = 0;
        if (flags.HasFlag(ChangeFlags.HasRequestId))
        {
            requestId = BinaryPrimitives.ReadUInt128LittleEndian(record[offset..]);
            offset += 16;
        }
        if (flags.HasFlag(ChangeFlags.HasActor))
            VarInt.Read(record, ref offset);
        var operations = ReadOperations(record, ref offset);
        if (offset != record.Length)
            throw new InvalidDataException("bytes follow the last operation");
        return new ChangeRecord(origin, first, last, timestamp, stableDistance, epoch, flags, dependencies, requestId, operations);
    }

    private static void CheckEnvelope(ReadOnlySpan<byte> record)
    {
        if (record.Length < SizeMin || BinaryPrimitives.ReadUInt32LittleEndian(record) != record.Length)
            throw new InvalidDataException("the length is wrong");
        if (BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) != Crc32C.Compute(record[ChecksummedFrom..]))
            throw new InvalidDataException("the checksum is wrong");
        if (record[ChecksummedFrom] != Version)
            throw new InvalidDataException($"version {record[ChecksummedFrom]} is unknown");
    }

    private static ChangeDependency[] ReadDependencies(ReadOnlySpan<byte> record, HybridTimestamp timestamp, ref int offset)
    {
        if (record[offset++] != 0)
            throw new InvalidDataException("the dependency mode is unknown");
        var count = VarInt.Read(record, ref offset);
        if (count > (ulong)(record.Length - offset) / 2)
            throw new InvalidDataException("there are more dependencies than bytes");
        var dependencies = count == 0 ? [] : new ChangeDependency[count];
        for (var i = 0; i < dependencies.Length; i++)
        {
            var region = checked((ushort)VarInt.Read(record, ref offset));
            dependencies[i] = new ChangeDependency(region, new HybridTimestamp(timestamp.Bits - VarInt.Read(record, ref offset)));
        }
        return dependencies;
    }

    private static List<ChangeOperation> ReadOperations(ReadOnlySpan<byte> record, ref int offset)
    {
        var operations = new List<ChangeOperation>();
        for (var collections = VarInt.Read(record, ref offset); collections > 0; collections--)
        {
            var collection = VarInt.Read(record, ref offset);
            var scope = new ChangeScope(VarInt.Read(record, ref offset));
            for (var documents = VarInt.Read(record, ref offset); documents > 0; documents--)
            {
                var key = ReadBytes(record, ref offset).ToArray();
                for (var count = VarInt.Read(record, ref offset); count > 0; count--)
                {
                    var kind = (ChangeKind)record[offset++];
                    var path = ReadBytes(record, ref offset).ToArray();
                    operations.Add(new ChangeOperation(collection, key, kind, path, ReadBytes(record, ref offset).ToArray()) { IsLocal = scope == ChangeScope.Local });
                }
            }
        }
        return operations;
    }

    private static ReadOnlySpan<byte> ReadBytes(ReadOnlySpan<byte> record, ref int offset)
    {
        var length = VarInt.Read(record, ref offset);
        if (length > (ulong)(record.Length - offset))
            throw new InvalidDataException("a length points past the end");
        var bytes = record.Slice(offset, (int)length);
        offset += (int)length;
        return bytes;
    }
}

/// <summary>What the origin of a record had applied of another region.</summary>
public readonly record struct ChangeDependency(ushort Region, HybridTimestamp Timestamp);

/// <param name="WireId">The collection's id in all regions, which truncation and renaming keep; 0 for operations on the fabric.</param>
/// <param name="Key">The document's <c>_key</c> in UTF-8.</param>
/// <param name="Path">Where in the document; empty for operations on all of it.</param>
public sealed record ChangeOperation(ulong WireId, byte[] Key, ChangeKind Kind, byte[] Path, byte[] Payload)
{
    /// <summary>Whether it concerns its region alone.</summary>
    public bool IsLocal { get; init; }
}
