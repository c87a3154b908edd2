namespace GeoFabric.Storage;

/// <summary>The keys from <paramref name="Start"/> (included) to <paramref name="End"/> (excluded; null means without end).</summary>
public readonly record struct KeyRange(byte[] Start, byte[]? End)
{
    public static KeyRange All { get; } = new([], null);

    /// <summary>All keys that begin with <paramref name="prefix"/>.</summary>
    public static KeyRange WithPrefix(ReadOnlySpan<byte> prefix) => new(prefix.ToArray(), After(prefix));

    /// <summary>The smallest key greater than every key that begins with <paramref name="prefix"/>; null when there is none.</summary>
    public static byte[]? After(ReadOnlySpan<byte> prefix)
    {
        for (var i = prefix.Length - 1; i >= 0; i--)
        {
            if (prefix[i] == 0xFF)
                continue;
            var end = prefix[..(i + 1)].ToArray();
            end[i]++;
            return end;
        }
        return null;
    }

    public bool Contains(ReadOnlySpan<byte> key) =>
        key.SequenceCompareTo(Start) >= 0 && (End is null || key.SequenceCompareTo(End) < 0);
}
