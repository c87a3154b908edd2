using GeoFabric.Primitives.Keys;

namespace GeoFabric.Database.Layout;

/// <summary>Reads the edges of a chunk one by one. Reused; whoever moves it brings the chunk's bytes.</summary>
internal sealed class EdgeChunkReader
{
    private readonly byte[] _documentKey = new byte[DocumentKeyCodec.EncodedLengthMax];
    private readonly byte[] _otherEnd = new byte[IndexEntryRecord.CoveredSizeMax];
    private int _documentKeyLength;
    private int _otherEndLength;

    public ReadOnlySpan<byte> DocumentKey => _documentKey.AsSpan(0, _documentKeyLength);

    public ReadOnlySpan<byte> OtherEnd => _otherEnd.AsSpan(0, _otherEndLength);

    public EdgeOfChunk Edge => new(DocumentKey, OtherEnd);

    /// <summary>Where the present edge's bytes end.</summary>
    public int At { get; private set; } = EdgeChunk.HeaderSize;

    /// <summary>Stands before the first edge of a chunk.</summary>
    public void Begin()
    {
        At = EdgeChunk.HeaderSize;
        _documentKeyLength = 0;
        _otherEndLength = 0;
    }

    /// <exception cref="InvalidDataException">The chunk is damaged.</exception>
    public bool MoveNext(ReadOnlySpan<byte> chunk)
    {
        var at = At;
        if (at >= chunk.Length)
            return false;
        ReadText(chunk, ref at, _documentKey, ref _documentKeyLength);
        ReadText(chunk, ref at, _otherEnd, ref _otherEndLength);
        At = at;
        return true;
    }

    private static void ReadText(ReadOnlySpan<byte> chunk, ref int at, byte[] text, ref int length)
    {
        var shared = ReadNumber(chunk, ref at);
        var rest = ReadNumber(chunk, ref at);
        if (shared > (uint)length || rest > (uint)(chunk.Length - at) || shared + rest > (uint)text.Length)
            throw new InvalidDataException("a chunk of an edge index is damaged; geofabric check says which");
        chunk.Slice(at, (int)rest).CopyTo(text.AsSpan((int)shared));
        at += (int)rest;
        length = (int)(shared + rest);
    }

    private static ulong ReadNumber(ReadOnlySpan<byte> chunk, ref int at)
    {
        // Nearly all of them are one byte.
        if (at < chunk.Length && chunk[at] < 0x80)
            return chunk[at++];
        return VarInt.Read(chunk, ref at);
    }
}
