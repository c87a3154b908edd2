using System.Buffers.Binary;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Database.Inverted;

/// <summary>Second part of the keys of an inverted index. Persisted: append only.</summary>
internal enum InvertedKeyKind : byte
{
    /// <summary>Document number to encoded document key.</summary>
    Number = 1,

    /// <summary>Encoded document key to document number.</summary>
    Document = 2,

    /// <summary>Documents and last number of the index.</summary>
    Statistics = 3,

    /// <summary>Documents and terms of a field.</summary>
    Field = 4,

    /// <summary>A block of postings.</summary>
    Block = 5,

    /// <summary>Document number to what is kept of the document.</summary>
    Stored = 6,
}

/// <summary>
/// The keys of an inverted index behind its prefix. A field is an attribute path and the way its values became terms; a block's key ends in its bound:
/// no document of the block has a greater number, and all of the blocks before it have smaller ones. The last block's bound is the greatest number.
/// </summary>
/// <remarks>
/// <code>
/// 01 | number u32                                                encoded document key
/// 02 | encoded document key                                      number u32
/// 03                                                             documents i64, last number i64
/// 04 | path 00 | analyzer 00                                     documents i64, terms i64
/// 05 | path 00 | analyzer 00 | term 00 | bound u32               postings
/// 06 | number u32                                                stored values
/// </code>
/// In path, analyzer and term the bytes 00 and 01 are written 01 01 and 01 02, so the order of the keys is that of the terms. The analyzer is empty for
/// values that are no strings, and <c>?</c> for the types an attribute exists with. Persisted: see docs/storage-format.md.
/// </remarks>
internal static class InvertedKeys
{
    public const uint LastBound = uint.MaxValue;

    /// <summary>Longest path; attributes deeper down are not found.</summary>
    public const int PathSizeMax = 150;

    /// <summary>Encoded terms longer than this are cut and end in 32 digits of a hash of the whole.</summary>
    public const int TermSizeMax = 260;

    public const int CutTermSize = TermSizeMax - HashSize;

    public const string ValuesAnalyzer = "";
    public const string ExistenceAnalyzer = "?";

    private const int HashSize = 32;

    public static byte[] Kind(ReadOnlySpan<byte> prefix, InvertedKeyKind kind) => [.. prefix, (byte)kind];

    public static byte[] Number(ReadOnlySpan<byte> prefix, uint number) => OfNumber(prefix, InvertedKeyKind.Number, number);

    public static byte[] Stored(ReadOnlySpan<byte> prefix, uint number) => OfNumber(prefix, InvertedKeyKind.Stored, number);

    private static byte[] OfNumber(ReadOnlySpan<byte> prefix, InvertedKeyKind kind, uint number)
    {
        var key = new byte[prefix.Length + 5];
        prefix.CopyTo(key);
        key[prefix.Length] = (byte)kind;
        BinaryPrimitives.WriteUInt32BigEndian(key.AsSpan(prefix.Length + 1), number);
        return key;
    }

    public static byte[] Document(ReadOnlySpan<byte> prefix, ReadOnlySpan<byte> encodedKey) => [.. prefix, (byte)InvertedKeyKind.Document, .. encodedKey];

    /// <summary>Appends bytes so that order is kept and the end mark 00 is not among them.</summary>
    public static int WriteEscaped(Span<byte> destination, ReadOnlySpan<byte> bytes)
    {
        var size = 0;
        foreach (var next in bytes)
        {
            if (next <= 1)
                destination[size++] = 1;
            destination[size++] = next <= 1 ? (byte)(next + 1) : next;
        }
        return size;
    }

    public static int EscapedSize(ReadOnlySpan<byte> bytes)
    {
        var size = bytes.Length;
        foreach (var next in bytes)
        {
            if (next <= 1)
                size++;
        }
        return size;
    }

    /// <summary>Writes a term with its end mark; one that is too long is cut.</summary>
    /// <param name="destination">Needs <see cref="TermSizeMax"/> and 1 bytes.</param>
    /// <returns>The size with the end mark.</returns>
    public static int WriteTerm(Span<byte> destination, ReadOnlySpan<byte> term)
    {
        int size;
        if (term.Length <= TermSizeMax && EscapedSize(term) <= TermSizeMax)
        {
            size = WriteEscaped(destination, term);
            destination[size] = 0;
            return size + 1;
        }
        // Cut behind a whole escape.
        var kept = 0;
        for (size = 0; kept < term.Length && size + (term[kept] <= 1 ? 2 : 1) <= CutTermSize; kept++)
            size += term[kept] <= 1 ? 2 : 1;
        WriteEscaped(destination, term[..kept]);
        WriteHash(destination[size..], term);
        destination[size + HashSize] = 0;
        return size + HashSize + 1;
    }

    /// <summary>The term of a written one, without the end mark. A cut one comes back with its hash.</summary>
    public static int ReadTerm(ReadOnlySpan<byte> written, Span<byte> destination)
    {
        var size = 0;
        for (var i = 0; i < written.Length; i++)
            destination[size++] = written[i] == 1 ? (byte)(written[++i] - 1) : written[i];
        return size;
    }

    private static void WriteHash(Span<byte> destination, ReadOnlySpan<byte> term)
    {
        ReadOnlySpan<byte> digits = "0123456789abcdef"u8;
        for (var half = 0; half < 2; half++)
        {
            var hash = XxHash64.Hash(term, (ulong)half);
            for (var i = 0; i < 16; i++)
                destination[(16 * half) + i] = digits[(int)(hash >> (60 - (4 * i))) & 15];
        }
    }
}
