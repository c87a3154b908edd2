using System.Buffers.Binary;
using GeoFabric.Primitives.Keys;

namespace GeoFabric.Database.Layout;

/// <summary>
/// The value of a key in an edge index: edges at one vertex, ascending by their keys. Flags and size of the fields as in <see cref="IndexEntryRecord"/>, then
/// for each edge its encoded key and the id of its other end, each as what it shares with the one before and the rest of it.
/// </summary>
/// <remarks>
/// <code>
/// chunk := flags u8 (1: the vertex's id was cut) | size u16 of the fields | edge*
/// edge  := text of the encoded document key | text of the id of the other end
/// text  := bytes shared with the same text of the edge before varint | bytes behind them varint | these bytes
/// </code>
/// A chunk's key ends behind the fields, or in a document key: then no edge in it, nor in a later chunk, has a smaller one. Persisted: see
/// docs/storage-format.md.
/// </remarks>
internal static class EdgeChunk
{
    /// <summary>A larger one is split.</summary>
    public const int SizeMax = 700;

    public const int HeaderSize = 3;

    /// <summary>Of one edge of which nothing is shared.</summary>
    public const int EdgeSizeMax = (4 * 2) + DocumentKeyCodec.EncodedLengthMax + IndexEntryRecord.CoveredSizeMax;

    public static int WriteHeader(Span<byte> chunk, int fieldsSize, bool isTruncated) =>
        IndexEntryRecord.WriteWithKeyBehindFields(chunk, fieldsSize, isTruncated);

    /// <returns>The number of bytes written.</returns>
    public static int WriteEdge(Span<byte> destination, EdgeOfChunk before, EdgeOfChunk edge)
    {
        var size = WriteText(destination, before.DocumentKey, edge.DocumentKey);
        return size + WriteText(destination[size..], before.OtherEnd, edge.OtherEnd);
    }

    /// <summary>Whether a key and a chunk can be taken apart, and the chunk's edges ascend from the key on.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> key, ReadOnlySpan<byte> chunk)
    {
        if (chunk.Length <= HeaderSize || KeyLayout.IndexPrefixSize + BinaryPrimitives.ReadUInt16LittleEndian(chunk[1..]) > key.Length)
            return false;
        var least = IndexEntryRecord.DocumentKeyOf(key, chunk);
        var before = Array.Empty<byte>();
        var edges = new EdgeChunkReader();
        try
        {
            while (edges.MoveNext(chunk))
            {
                if (edges.DocumentKey.IsEmpty || edges.DocumentKey.SequenceCompareTo(before) <= 0 || edges.DocumentKey.SequenceCompareTo(least) < 0)
                    return false;
                before = edges.DocumentKey.ToArray();
            }
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static int WriteText(Span<byte> destination, ReadOnlySpan<byte> before, ReadOnlySpan<byte> text)
    {
        var shared = before.CommonPrefixLength(text);
        var rest = text[shared..];
        var size = VarInt.Write(destination, (ulong)shared);
        size += VarInt.Write(destination[size..], (ulong)rest.Length);
        rest.CopyTo(destination[size..]);
        return size + rest.Length;
    }
}

/// <summary>One edge of a chunk; none has empty texts.</summary>
internal readonly ref struct EdgeOfChunk(ReadOnlySpan<byte> documentKey, ReadOnlySpan<byte> otherEnd)
{
    public ReadOnlySpan<byte> DocumentKey { get; } = documentKey;

    public ReadOnlySpan<byte> OtherEnd { get; } = otherEnd;
}
