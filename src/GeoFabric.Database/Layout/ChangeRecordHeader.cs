using System.Buffers.Binary;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Database.Layout;

/// <summary>What stands before the operations of a change record: all that delivery between regions needs to know. Layout: see <see cref="ChangeRecord"/>.</summary>
public readonly record struct ChangeRecordHeader
{
    /// <summary>Dependencies are the entries that changed since the origin's previous record.</summary>
    public const byte ChangedDependencies = 0;

    private static readonly ChangeDependency[] NoDependencies = [];

    public ChangeFlags Flags { get; init; }

    public ChangeOrigin Origin { get; init; }

    public ulong Sequence { get; init; }

    /// <summary>The same as <see cref="Sequence"/> unless a sender merged records on the way.</summary>
    public ulong LastSequence { get; init; }

    public HybridTimestamp Timestamp { get; init; }

    public ulong StableDistance { get; init; }

    public ulong Epoch { get; init; }

    /// <summary>What of other regions its origin had applied since its previous record.</summary>
    public IReadOnlyList<ChangeDependency> Dependencies { get; init; }

    /// <summary>Where the dependencies begin: their mode byte. Between here and <see cref="OperationsOffset"/> lie dependencies, request id and actor.</summary>
    public int ContextOffset { get; init; }

    /// <summary>Where the count of collections stands.</summary>
    public int OperationsOffset { get; init; }

    /// <summary>Reads a header and checks the record's length, checksum and version, but not its operations.</summary>
    /// <exception cref="InvalidDataException">Length, checksum, version or structure is wrong.</exception>
    public static ChangeRecordHeader Read(ReadOnlySpan<byte> record)
    {
        if (record.Length < ChangeRecord.ChecksummedFrom + 1 || BinaryPrimitives.ReadUInt32LittleEndian(record) != record.Length)
            throw new InvalidDataException("the length is wrong");
        if (BinaryPrimitives.ReadUInt32LittleEndian(record[4..]) != Crc32C.Compute(record[ChangeRecord.ChecksummedFrom..]))
            throw new InvalidDataException("the checksum is wrong");
        return ReadUnchecked(record);
    }

    /// <summary>As <see cref="Read"/>, for records whose checksum is known to be right.</summary>
    /// <exception cref="InvalidDataException">Version or structure is wrong.</exception>
    public static ChangeRecordHeader ReadUnchecked(ReadOnlySpan<byte> record)
    {
        var offset = ChangeRecord.ChecksummedFrom;
        if (record.Length < offset + 16)
            throw new InvalidDataException("the record ends early");
        if (record[offset++] != ChangeRecord.Version)
            throw new InvalidDataException($"version {record[offset - 1]} is unknown");
        var flags = (ChangeFlags)record[offset++];
        var origin = new ChangeOrigin(BinaryPrimitives.ReadUInt16LittleEndian(record[offset..]), record[offset + 2]);
        offset += 3;
        var first = VarInt.Read(record, ref offset);
        var last = VarInt.Read(record, ref offset);
        if (record.Length < offset + 8)
            throw new InvalidDataException("the record ends early");
        var timestamp = new HybridTimestamp(BinaryPrimitives.ReadUInt64LittleEndian(record[offset..]));
        offset += 8;
        var stableDistance = VarInt.Read(record, ref offset);
        var epoch = VarInt.Read(record, ref offset);
        var context = offset;
        var dependencies = ReadDependencies(record, timestamp, ref offset);
        if (flags.HasFlag(ChangeFlags.HasRequestId))
            offset += 16;
        if (flags.HasFlag(ChangeFlags.HasActor))
            VarInt.Read(record, ref offset);
        if (offset >= record.Length)
            throw new InvalidDataException("the record ends early");
        return new ChangeRecordHeader
        {
            Flags = flags,
            Origin = origin,
            Sequence = first,
            LastSequence = last,
            Timestamp = timestamp,
            StableDistance = stableDistance,
            Epoch = epoch,
            Dependencies = dependencies,
            ContextOffset = context,
            OperationsOffset = offset,
        };
    }

    /// <summary>Builds a record from a header, the bytes of its context (dependencies, request id, actor) and of its operations.</summary>
    public static byte[] Assemble(in ChangeRecordHeader header, ReadOnlySpan<byte> context, ReadOnlySpan<byte> operations)
    {
        var numbers = VarInt.SizeOf(header.Sequence) + VarInt.SizeOf(header.LastSequence) + VarInt.SizeOf(header.StableDistance) + VarInt.SizeOf(header.Epoch);
        var record = new byte[ChangeRecord.ChecksummedFrom + 5 + numbers + 8 + context.Length + operations.Length];
        var span = record.AsSpan();
        var offset = ChangeRecord.ChecksummedFrom;
        span[offset++] = ChangeRecord.Version;
        span[offset++] = (byte)header.Flags;
        BinaryPrimitives.WriteUInt16LittleEndian(span[offset..], header.Origin.Region);
        span[offset + 2] = header.Origin.Incarnation;
        offset += 3;
        offset += VarInt.Write(span[offset..], header.Sequence);
        offset += VarInt.Write(span[offset..], header.LastSequence);
        BinaryPrimitives.WriteUInt64LittleEndian(span[offset..], header.Timestamp.Bits);
        offset += 8;
        offset += VarInt.Write(span[offset..], header.StableDistance);
        offset += VarInt.Write(span[offset..], header.Epoch);
        context.CopyTo(span[offset..]);
        operations.CopyTo(span[(offset + context.Length)..]);
        BinaryPrimitives.WriteInt32LittleEndian(span, record.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(span[4..], Crc32C.Compute(span[ChangeRecord.ChecksummedFrom..]));
        return record;
    }

    private static ChangeDependency[] ReadDependencies(ReadOnlySpan<byte> record, HybridTimestamp timestamp, ref int offset)
    {
        if (offset >= record.Length || record[offset] != ChangedDependencies)
            throw new InvalidDataException("the mode of the dependencies is unknown");
        offset++;
        var count = VarInt.Read(record, ref offset);
        if (count == 0)
            return NoDependencies;
        if (count > (ulong)(record.Length - offset) / 2)
            throw new InvalidDataException("there are more dependencies than bytes");
        var dependencies = new ChangeDependency[count];
        for (var i = 0; i < dependencies.Length; i++)
        {
            var region = VarInt.Read(record, ref offset);
            var distance = VarInt.Read(record, ref offset);
            if (region > ushort.MaxValue || distance > timestamp.Bits)
                throw new InvalidDataException("a dependency names no region or lies after the record");
            dependencies[i] = new ChangeDependency((ushort)region, new HybridTimestamp(timestamp.Bits - distance));
        }
        return dependencies;
    }
}
