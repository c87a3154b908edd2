namespace GeoFabric.Database.Analysis;

/// <summary>The tokens of one text with their positions. Reused: <see cref="Clear"/> keeps the memory.</summary>
public sealed class TokenList
{
    /// <summary>Most tokens of one text; what follows is not indexed. A text this long is data in the wrong place, and must not stop a write or a region.</summary>
    public const int TokensMax = 1 << 18;

    private byte[] _bytes = new byte[256];
    private Entry[] _entries = new Entry[32];
    private int _used;

    public int Count { get; private set; }

    /// <summary>Positions of tokens added from here on are counted from this one.</summary>
    public int FirstPosition { get; set; }

    public ReadOnlySpan<byte> this[int index] => _bytes.AsSpan(_entries[index].Offset, _entries[index].Length);

    public int PositionAt(int index) => _entries[index].Position;

    public void Clear()
    {
        Count = 0;
        _used = 0;
        FirstPosition = 0;
    }

    /// <returns><see langword="false"/> when there are too many: the analyzer stops.</returns>
    public bool Add(ReadOnlySpan<byte> token, int position)
    {
        if (Count == TokensMax)
            return false;
        if (_used + token.Length > _bytes.Length)
            Array.Resize(ref _bytes, Math.Max(_used + token.Length, 2 * _bytes.Length));
        if (Count == _entries.Length)
            Array.Resize(ref _entries, 2 * Count);
        token.CopyTo(_bytes.AsSpan(_used));
        _entries[Count++] = new Entry(_used, token.Length, FirstPosition + position);
        _used += token.Length;
        return true;
    }

    private readonly record struct Entry(int Offset, int Length, int Position);
}
