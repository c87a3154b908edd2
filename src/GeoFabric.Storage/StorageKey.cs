using System.Buffers.Binary;

namespace GeoFabric.Storage;

/// <summary>What storage keys are like, the same on every engine.</summary>
public static class StorageKey
{
    /// <summary>The longest key in bytes. Longer index values are cut and hashed by the layer above.</summary>
    public const int SizeMax = 511;

    /// <summary>Whether an entry can have this key; empty and longer keys are never found and never stored.</summary>
    public static bool IsPossible(ReadOnlySpan<byte> key) => (uint)(key.Length - 1) < SizeMax;

    /// <summary>The first eight bytes in the order of keys; missing ones are zeros.</summary>
    internal static ulong HeadOf(ReadOnlySpan<byte> key)
    {
        if (key.Length >= sizeof(ulong))
            return BinaryPrimitives.ReadUInt64BigEndian(key);
        Span<byte> padded = stackalloc byte[sizeof(ulong)];
        padded.Clear();
        key.CopyTo(padded);
        return BinaryPrimitives.ReadUInt64BigEndian(padded);
    }

    internal static void ThrowIfImpossible(ReadOnlySpan<byte> key)
    {
        if (!IsPossible(key))
            throw new ArgumentException($"A storage key has 1 to {SizeMax} bytes, not {key.Length}.", nameof(key));
    }
}
