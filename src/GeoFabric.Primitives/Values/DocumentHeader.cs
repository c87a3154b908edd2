using System.Buffers.Binary;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Primitives.Values;

/// <summary>
/// The fixed head of a stored document; the encoded object follows it. Stored documents show <c>_id</c> and <c>_rev</c> although
/// neither is in the object: the first comes from the collection, the second is this stamp.
/// </summary>
/// <remarks>
/// Layout, little-endian: format u8 (1) | flags u8 | origin u16 | checksum u32 | hybrid timestamp u64 | epoch u32.
/// The checksum is CRC-32C over contents id, key, what stands before the checksum and everything behind it. Persisted: see docs/storage-format.md.
/// </remarks>
public static class DocumentHeader
{
    public const int Size = 20;
    public const byte Format = 1;
    public const int ChecksumOffset = 4;

    /// <summary>Flag: the document has an entry of merge metadata beside it.</summary>
    public const byte HasMetadataFlag = 1;

    public static void Write(Span<byte> record, RevisionStamp stamp, uint epoch, byte flags)
    {
        record[0] = Format;
        record[1] = flags;
        BinaryPrimitives.WriteUInt16LittleEndian(record[2..], stamp.Origin);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], 0);
        BinaryPrimitives.WriteUInt64LittleEndian(record[8..], stamp.Timestamp.Bits);
        BinaryPrimitives.WriteUInt32LittleEndian(record[16..], epoch);
    }

    public static RevisionStamp ReadStamp(ReadOnlySpan<byte> record) => new(
        new HybridTimestamp(BinaryPrimitives.ReadUInt64LittleEndian(record[8..])),
        BinaryPrimitives.ReadUInt16LittleEndian(record[2..]));

    public static bool HasMetadata(ReadOnlySpan<byte> record) => (record[1] & HasMetadataFlag) != 0;

    public static uint ReadChecksum(ReadOnlySpan<byte> record) => BinaryPrimitives.ReadUInt32LittleEndian(record[ChecksumOffset..]);

    public static void WriteChecksum(Span<byte> record, uint checksum) =>
        BinaryPrimitives.WriteUInt32LittleEndian(record[ChecksumOffset..], checksum);

    /// <summary>The encoded object behind the header.</summary>
    public static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> record) => record[Size..];
}
