using System.Buffers.Binary;

namespace GeoFabric.Database.Layout;

/// <summary>
/// The value of an index entry: flags u8, then the document's encoded key, or the size u16 of the fields in front of it in the entry's key and what
/// the entry covers: at edges the id of the other end, in vector indexes the vector in short.
/// </summary>
/// <remarks>
/// Entries of unique indexes carry the document key as value, so that a second document meets the first one's entry. All others, and unique
/// ones that were cut, end in it. What edges cover is not stored like this but in an <see cref="EdgeChunk"/>; their entries only look so to readers.
/// Persisted: see docs/storage-format.md.
/// </remarks>
internal static class IndexEntryRecord
{
    private const byte TruncatedFlag = 1;
    private const byte KeyInValueFlag = 2;

    private const int CoveredOffset = 3;

    /// <summary>An id: a collection's name, a slash, a key.</summary>
    public const int CoveredSizeMax = Primitives.Names.CollectionName.LengthMax + 1 + Primitives.Names.DocumentKey.LengthMax;

    /// <summary>Size of a value that covers no more than an id, as all do but those of vector indexes that keep vectors.</summary>
    public const int SizeMax = CoveredOffset + CoveredSizeMax;

    public static int SizeWith(ReadOnlySpan<byte> covered) => CoveredOffset + covered.Length;

    public static int WriteWithKeyBehindFields(Span<byte> value, int fieldsSize, bool isTruncated, ReadOnlySpan<byte> covered = default)
    {
        value[0] = isTruncated ? TruncatedFlag : (byte)0;
        BinaryPrimitives.WriteUInt16LittleEndian(value[1..], (ushort)fieldsSize);
        covered.CopyTo(value[CoveredOffset..]);
        return CoveredOffset + covered.Length;
    }

    public static int WriteWithKey(Span<byte> value, ReadOnlySpan<byte> encodedDocumentKey)
    {
        value[0] = KeyInValueFlag;
        encodedDocumentKey.CopyTo(value[1..]);
        return 1 + encodedDocumentKey.Length;
    }

    /// <summary>Whether an entry can be taken apart at all.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value) =>
        value.Length > 1 && ((value[0] & KeyInValueFlag) != 0
            || (value.Length >= CoveredOffset && KeyLayout.IndexPrefixSize + BinaryPrimitives.ReadUInt16LittleEndian(value[1..]) < key.Length));

    public static bool IsTruncated(ReadOnlySpan<byte> value) => (value[0] & TruncatedFlag) != 0;

    /// <summary>What the entry tells besides its fields and the document's key.</summary>
    public static ReadOnlySpan<byte> CoveredOf(ReadOnlySpan<byte> value) => (value[0] & KeyInValueFlag) != 0 ? default : value[CoveredOffset..];

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
