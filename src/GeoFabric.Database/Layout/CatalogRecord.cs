using System.Buffers.Binary;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Hashing;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Layout;

/// <summary>The envelope of small records that hold an object: version u8 | CRC-32C u32 over key and object | encoded object.</summary>
/// <remarks>New attributes need no new version: readers give absent ones their default. The version changes when a meaning does.</remarks>
public static class CatalogRecord
{
    public const byte Version = 1;
    private const int HeaderSize = 5;

    public static byte[] Write(ReadOnlySpan<byte> key, Value content)
    {
        using var builder = new ValueBuilder();
        builder.Write(content);
        var record = new byte[HeaderSize + builder.Written.Length];
        record[0] = Version;
        builder.Written.CopyTo(record.AsSpan(HeaderSize));
        BinaryPrimitives.WriteUInt32LittleEndian(record.AsSpan(1), Checksum(key, record));
        return record;
    }

    /// <returns>The object, over a copy of the record.</returns>
    /// <exception cref="GeoFabricException">1100.</exception>
    public static Value Read(ReadOnlySpan<byte> key, ReadOnlySpan<byte> record)
    {
        if (record.Length <= HeaderSize || record[0] != Version || BinaryPrimitives.ReadUInt32LittleEndian(record[1..]) != Checksum(key, record))
            throw ErrorCodes.CorruptedDocument.With("a catalog record fails its checksum or has an unknown version; restore the data directory from a backup");
        return Value.Decode(record[HeaderSize..].ToArray(), 0);
    }

    private static uint Checksum(ReadOnlySpan<byte> key, ReadOnlySpan<byte> record) =>
        Crc32C.Finish(Crc32C.Append(Crc32C.Append(Crc32C.Initial, key), record[HeaderSize..]));
}
