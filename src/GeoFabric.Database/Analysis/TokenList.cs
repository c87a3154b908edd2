namespace GeoFabric.Database.Analysis;

/// <summary>The tokens of one text with their positions. Reused: <see cref="Clear"/> keeps the memory.</summary>
public sealed class TokenList
{
    /// <summary>Most tokens of one text; what follows is not indexed. A text this long is data in the wrong place, and must not stop a write or a region.</summary>
    public const int TokensMax = 1 << 18;

    private const int Whole = -1;

    private byte[] _bytes = new byte[256];
    private Entry[] _entries = new Entry[32];
    private int _used;

    public int Count { get; private set; }

    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_entries[index].Offset, _entries[index].Length);

    public int PositionAt(int index) => _entries[index].Position;

    /// <summary>Where in the text a token was, in bytes.</summary>
    /// <param name="size">Of the whole text.</param>
    public (int Start, int Length) OffsetAt(int index, int size) =>
        _entries[index].SourceLength == Whole ? (0, size) : (_entries[index].Source, _entries[index].SourceLength);

    public void Clear()
    {
        Count = 0;
        _used = 0;
    }

    /// <summary>Adds a token that stands for the whole text.</summary>
    /// <returns><see langword="false"/> when there are too many: the analyzer stops.</returns>
    public bool Add(ReadOnlySpan<byte> token, int position) => Add(token, position, 0, Whole);

    /// <param name="source">Where in the text it was, in bytes.</param>
    /// <returns><see langword="false"/> when there are too many: the analyzer stops.</returns>
    public bool Add(ReadOnlySpan<byte> token, int position, int source, int sourceLength)
    {
        if (Count == TokensMax)
            return false;
        if (_used + token.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_used + token.Length, 2 * _bytes.Length));
        if (Count == _entries.Length)
            Array.Resize(ref _entries, 2 * Count);
        token.CopyTo(_bytes.AsSpan(_used));
        _entries[Count++] = new Entry(_used, token.Length, position, source, sourceLength);
        _used += token.Length;
        return true;
    }

    private readonly record struct Entry(int Offset, int Length, int Position, int Source, int SourceLength);
}
