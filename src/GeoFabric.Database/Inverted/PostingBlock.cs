using GeoFabric.Database.Layout;

namespace GeoFabric.Database.Inverted;

/// <summary>The bytes of a block of postings of one term.</summary>
/// <remarks>
/// Version u8 (1) | flags u8 (1: has positions) | then seven-bit numbers: count, last document, greatest frequency, least length, size of the postings |
/// postings: difference to the document before times two plus whether the frequency is 1, else the frequency; the length | positions of each posting.
/// Greatest frequency and least length bound the score of everything in it. After a removal they may be further from the truth than they need be.
/// </remarks>
internal static class PostingBlock
{
    public const byte Version = 1;
    public const int PostingsMax = 128;

    private const byte PositionsFlag = 1;
    private const int HeaderSizeMax = 2 + (5 * VarInt.SizeMax);

    public static BlockHeader ReadHeader(ReadOnlySpan<byte> block)
    {
        if (block.Length < 2 || block[0] != Version)
            throw new InvalidDataException("a block of postings has an unknown version");
        var at = 2;
        var count = (int)VarInt.Read(block, ref at);
        var last = (uint)VarInt.Read(block, ref at);
        var frequency = (int)VarInt.Read(block, ref at);
        var length = (int)VarInt.Read(block, ref at);
        var size = (int)VarInt.Read(block, ref at);
        if (count is < 1 or > PostingsMax || size > block.Length - at)
            throw new InvalidDataException("a block of postings is damaged; drop the index and create it again");
        return new BlockHeader(count, last, frequency, length, (block[1] & PositionsFlag) != 0, at, at + size);
    }

    /// <summary>Reads the postings of a block into arrays.</summary>
    public static void ReadPostings(ReadOnlySpan<byte> block, BlockHeader header, Span<uint> documents, Span<int> frequencies, Span<int> lengths)
    {
        var at = header.PostingsAt;
        uint document = 0;
        for (var i = 0; i < header.Count; i++)
        {
            var step = ReadNumber(block, ref at);
            document += (uint)(step >> 1);
            documents[i] = document;
            frequencies[i] = (step & 1) != 0 ? 1 : (int)ReadNumber(block, ref at);
            lengths[i] = (int)ReadNumber(block, ref at);
        }
    }

    /// <summary>Moves behind the positions of postings that occur <paramref name="count"/> times together.</summary>
    public static void SkipPositions(ReadOnlySpan<byte> block, ref int at, int count)
    {
        for (; count > 0; count--)
        {
            while (block[at++] >= 0x80)
            {
            }
        }
    }

    public static void Write(BlockBuilder into, ReadOnlySpan<DecodedPosting> postings, ReadOnlySpan<byte> positions, bool hasPositions)
    {
        into.Clear();
        uint before = 0;
        int frequency = 0, length = int.MaxValue;
        foreach (var posting in postings)
        {
            into.AddNumber(((ulong)(posting.Document - before) << 1) | (posting.Frequency == 1 ? 1u : 0u));
            if (posting.Frequency != 1)
                into.AddNumber((ulong)posting.Frequency);
            into.AddNumber((ulong)posting.Length);
            before = posting.Document;
            frequency = Math.Max(frequency, posting.Frequency);
            length = Math.Min(length, posting.Length);
        }
        Span<byte> header = stackalloc byte[HeaderSizeMax];
        var size = WriteHeader(header, postings.Length, before, frequency, length, into.Written.Length, hasPositions);
        if (hasPositions)
        {
            foreach (var posting in postings)
                into.Add(positions.Slice(posting.Positions.Start, posting.Positions.Length));
        }
        into.SetHeader(header[..size]);
    }

    /// <summary>Writes a block with one more posting behind its last one, without reading those before.</summary>
    public static void WriteAppended(BlockBuilder into, ReadOnlySpan<byte> block, BlockHeader header, in Posting posting, ReadOnlySpan<byte> positions)
    {
        into.Clear();
        into.Add(block[header.PostingsAt..header.PositionsAt]);
        into.AddNumber(((ulong)(posting.Document - header.LastDocument) << 1) | (posting.Frequency == 1 ? 1u : 0u));
        if (posting.Frequency != 1)
            into.AddNumber((ulong)posting.Frequency);
        into.AddNumber((ulong)posting.Length);
        Span<byte> written = stackalloc byte[HeaderSizeMax];
        var size = WriteHeader(
            written, header.Count + 1, posting.Document, Math.Max(header.FrequencyMax, posting.Frequency), Math.Min(header.LengthMin, posting.Length),
            into.Written.Length, header.HasPositions);
        into.Add(block[header.PositionsAt..]);
        into.Add(positions);
        into.SetHeader(written[..size]);
    }

    private static int WriteHeader(Span<byte> header, int count, uint last, int frequency, int length, int postingsSize, bool hasPositions)
    {
        header[0] = Version;
        header[1] = hasPositions ? PositionsFlag : (byte)0;
        var size = 2;
        size += VarInt.Write(header[size..], (ulong)count);
        size += VarInt.Write(header[size..], last);
        size += VarInt.Write(header[size..], (ulong)frequency);
        size += VarInt.Write(header[size..], (ulong)length);
        return size + VarInt.Write(header[size..], (ulong)postingsSize);
    }

    private static ulong ReadNumber(ReadOnlySpan<byte> block, ref int at)
    {
        // Nearly all of them are one byte.
        var first = block[at];
        if (first >= 0x80)
            return VarInt.Read(block, ref at);
        at++;
        return first;
    }
}

/// <param name="PostingsAt">Where the postings begin.</param>
/// <param name="PositionsAt">Where they end and the positions begin.</param>
internal readonly record struct BlockHeader(int Count, uint LastDocument, int FrequencyMax, int LengthMin, bool HasPositions, int PostingsAt, int PositionsAt);

/// <summary>A posting of a block being changed.</summary>
/// <param name="Positions">In the bytes beside it.</param>
internal readonly record struct DecodedPosting(uint Document, int Frequency, int Length, ByteRange Positions);

/// <summary>Puts a block together: postings first, the header that counts them in front of them at the end. Reused.</summary>
internal sealed class BlockBuilder
{
    private const int HeaderRoom = 64;

    private byte[] _bytes = new byte[2048];
    private int _start = HeaderRoom;
    private int _end = HeaderRoom;

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(_start, _end - _start);

    public void Clear() => _start = _end = HeaderRoom;

    public void Add(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(_end));
        _end += bytes.Length;
    }

    public void AddNumber(ulong number)
    {
        Reserve(VarInt.SizeMax);
        _end += VarInt.Write(_bytes.AsSpan(_end), number);
    }

    public void SetHeader(ReadOnlySpan<byte> header)
    {
        _start = HeaderRoom - header.Length;
        header.CopyTo(_bytes.AsSpan(_start));
    }

    private void Reserve(int size)
    {
        if (_end + size > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_end + size, 2 * _bytes.Length));
    }
}
