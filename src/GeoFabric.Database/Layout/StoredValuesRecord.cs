using System.Buffers.Binary;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Hashing;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Layout;

/// <summary>What an inverted index keeps of a document: version u8 | CRC-32C u32 over key and array | encoded array, one item for each attribute, null for none.</summary>
/// <remarks>Persisted: see docs/storage-format.md.</remarks>
internal static class StoredValuesRecord
{
    public const byte Version = 1;
    private const int HeaderSize = 5;

    public static byte[] Write(ReadOnlySpan<byte> key, ReadOnlySpan<byte> encodedArray)
    {
        var record = new byte[HeaderSize + encodedArray.Length];
        record[0] = Version;
        encodedArray.CopyTo(record.AsSpan(HeaderSize));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(1), Checksum(key, encodedArray));
        return record;
    }

    /// <param name="pinned">In memory that does not move while the value is used.</param>
    /// <exception cref="GeoFabricException">1100.</exception>
    public static Value Read(ReadOnlySpan<byte> key, ReadOnlySpan<byte> pinned)
    {
        if (pinned.Length <= HeaderSize || pinned[0] != Version || BinaryPrimitives.ReadUInt32LittleEndian(pinned[1..]) != Checksum(key, pinned[HeaderSize..]))
            throw ErrorCodes.CorruptedDocument.With("a record of stored values fails its checksum or has an unknown version; drop the index or view it belongs to and make it again");
        return Value.DecodePinned(pinned[HeaderSize..]);
    }

    private static uint Checksum(ReadOnlySpan<byte> key, ReadOnlySpan<byte> array) =>
        Crc32C.Finish(Crc32C.Append(Crc32C.Append(Crc32C.Initial, key), array));
}
