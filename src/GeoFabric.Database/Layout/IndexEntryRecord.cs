using System.Buffers.Binary;

namespace GeoFabric.Database.Layout;

/// <summary>The value of an index entry: flags u8, then the document's encoded key, or the size u16 of the fields in front of it in the entry's key.</summary>
/// <remarks>
/// Entries of unique indexes carry the document key as value, so that a second document meets the first one's entry. All others, and unique
/// ones that were cut, end in it. Persisted: see docs/storage-format.md.
/// </remarks>
internal static class IndexEntryRecord
{
    private const byte TruncatedFlag = 1;
    private const byte KeyInValueFlag = 2;

    public const int SizeMax = 1 + Primitives.Keys.DocumentKeyCodec.EncodedLengthMax;

    public static int WriteWithKeyBehindFields(Span<byte> value, int fieldsSize, bool isTruncated)
    {
        value[0] = isTruncated ? TruncatedFlag : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(value[1..], (ushort)fieldsSize);
        return 3;
    }

    public static int WriteWithKey(Span<byte> value, ReadOnlySpan<byte> encodedDocumentKey)
    {
        value[0] = KeyInValueFlag;
        encodedDocumentKey.CopyTo(value[1..]);
        return 1 + encodedDocumentKey.Length;
    }

    public static bool IsTruncated(ReadOnlySpan<byte> value) => (value[0] & TruncatedFlag) != 0;

    /// <summary>The document's encoded key, from the entry's value or from the end of its key.</summary>
    public static ReadOnlySpan<byte> DocumentKeyOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        (value[0] & KeyInValueFlag) != 0
            ? value[1..]
            : key[(KeyLayout.IndexPrefixSize + BinaryPrimitives.ReadUInt16LittleEndian(value[1..]))..];

    /// <summary>The encoded fields of an entry.</summary>
    public static ReadOnlySpan<byte> FieldsOf(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        (value[0] & KeyInValueFlag) != 0
            ? key[KeyLayout.IndexPrefixSize..]
            : key.Slice(KeyLayout.IndexPrefixSize, BinaryPrimitives.ReadUInt16LittleEndian(value[1..]));
}
