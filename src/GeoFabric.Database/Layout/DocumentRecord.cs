using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Hashing;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Layout;

/// <summary>The stored form of a document: <see cref="DocumentHeader"/>, then the encoded object.</summary>
/// <remarks>
/// The checksum covers the key behind its keyspace byte (contents id and document key), the header before the checksum and everything
/// after it: a record that turns up under another key is as damaged as one with a flipped bit.
/// </remarks>
public static class DocumentRecord
{
    /// <summary>Fills in header and checksum of a record whose object is in place behind the header.</summary>
    public static void Seal(Span<byte> record, ReadOnlySpan<byte> storageKey, RevisionStamp stamp, uint epoch, bool hasMetadata = false)
    {
        DocumentHeader.Write(record, stamp, epoch, hasMetadata ? DocumentHeader.HasMetadataFlag : (byte)0);
        DocumentHeader.WriteChecksum(record, Checksum(storageKey, record));
    }

    public static bool IsIntact(ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> record) =>
        record.Length > DocumentHeader.Size
        && record[0] == DocumentHeader.Format
        && DocumentHeader.ReadChecksum(record) == Checksum(storageKey, record);

    /// <summary>Returns quietly when the record is what was written.</summary>
    /// <exception cref="GeoFabricException">1100 for this document; others are unaffected.</exception>
    public static void Verify(ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> record, DocumentSource source)
    {
        if (!IsIntact(storageKey, record))
            throw ErrorCodes.CorruptedDocument.With($"a document of collection '{source.CollectionName}' fails its checksum; restore it from a backup or another region");
    }

    private static uint Checksum(ReadOnlySpan<byte> storageKey, ReadOnlySpan<byte> record)
    {
        var sum = Crc32C.Append(Crc32C.Initial, storageKey[1..]);
        sum = Crc32C.Append(sum, record[..DocumentHeader.ChecksumOffset]);
        return Crc32C.Finish(Crc32C.Append(sum, record[(DocumentHeader.ChecksumOffset + 4)..]));
    }
}
