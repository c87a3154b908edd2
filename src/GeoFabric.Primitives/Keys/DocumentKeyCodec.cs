using System.Text;

namespace GeoFabric.Primitives.Keys;

/// <summary>
/// Encodes a <c>_key</c> so that comparing encodings as bytes orders keys as C8QL does: one rank byte per character, a zero byte, one case bit per
/// letter (upper before lower), packed from the highest bit. Reversible, and free of ICU: the ranks are constants of the format.
/// </summary>
/// <remarks>A key of n characters takes at most n + 1 + n/8 rounded up bytes: 287 for the longest. Trailing case bytes of all upper case are left out.</remarks>
public static class DocumentKeyCodec
{
    public const int EncodedLengthMax = KeyLengthMax + 1 + 32;

    private const int KeyLengthMax = 254;

    /// <summary>Characters a key may have, letters once and in lower case, in collation order. Part of the storage format: never reorder.</summary>
    private const string Ranked = "_-,;:!.'()@*%+=$0123456789abcdefghijklmnopqrstuvwxyz";

    private static readonly byte[] Ranks = MakeRanks();

    private static readonly int FirstLetterRank = Ranked.IndexOf('a') + 1;

    /// <summary>Whether every character of the key can be encoded and its length fits.</summary>
    public static bool CanEncode(ReadOnlySpan<byte> key)
    {
        if (key.Length is 0 or > KeyLengthMax)
            return false;
        foreach (var character in key)
        {
            if (Ranks[character] == 0)
                return false;
        }
        return true;
    }

    /// <summary>Writes the encoding of a key that <see cref="CanEncode"/> accepts; <paramref name="destination"/> needs <see cref="EncodedLengthMax"/> bytes.</summary>
    /// <returns>The number of bytes written.</returns>
    public static int Encode(ReadOnlySpan<byte> key, Span<byte> destination) =>
        TryEncode(key, destination, out var written) ? written : throw new ArgumentException("the key cannot be encoded", nameof(key));

    /// <summary>Writes the encoding of a key, if it has one; <paramref name="destination"/> needs <see cref="EncodedLengthMax"/> bytes.</summary>
    public static bool TryEncode(ReadOnlySpan<byte> key, Span<byte> destination, out int written)
    {
        written = 0;
        if (key.Length is 0 or > KeyLengthMax)
            return false;
        var at = key.Length + 1;
        var bits = 0;
        var bitCount = 0;
        var lastNeeded = at;
        for (var i = 0; i < key.Length; i++)
        {
            var character = key[i];
            var rank = Ranks[character];
            if (rank == 0)
                return false;
            destination[i] = rank;
            if (rank < FirstLetterRank)
                continue;
            bits = (bits << 1) | (character >= 'a' ? 1 : 0);
            if (++bitCount < 8)
                continue;
            destination[at++] = (byte)bits;
            if (bits != 0)
                lastNeeded = at;
            bits = 0;
            bitCount = 0;
        }
        destination[key.Length] = 0;
        if (bitCount > 0)
        {
            bits <<= 8 - bitCount;
            destination[at++] = (byte)bits;
            if (bits != 0)
                lastNeeded = at;
        }
        written = lastNeeded;
        return true;
    }

    /// <summary>Decodes what <see cref="Encode"/> wrote; <paramref name="destination"/> needs 254 bytes.</summary>
    /// <returns>The key's length.</returns>
    public static int Decode(ReadOnlySpan<byte> encoded, Span<byte> destination)
    {
        var length = encoded.IndexOf((byte)0);
        var cases = encoded[(length + 1)..];
        var letter = 0;
        for (var i = 0; i < length; i++)
        {
            var character = (byte)Ranked[encoded[i] - 1];
            if (character is >= (byte)'a' and <= (byte)'z')
            {
                var isLower = letter / 8 < cases.Length && (cases[letter / 8] & (0x80 >> (letter % 8))) != 0;
                if (!isLower)
                    character -= 32;
                letter++;
            }
            destination[i] = character;
        }
        return length;
    }

    public static string DecodeToString(ReadOnlySpan<byte> encoded)
    {
        Span<byte> key = stackalloc byte[254];
        return Encoding.ASCII.GetString(key[..Decode(encoded, key)]);
    }

    /// <summary>Decodes bytes that may be damaged.</summary>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, out string key)
    {
        key = "";
        var length = encoded.IndexOf((byte)0);
        if (length is < 1 or > 254 || encoded[..length].IndexOfAnyExceptInRange((byte)1, (byte)Ranked.Length) >= 0)
            return false;
        key = DecodeToString(encoded);
        return true;
    }

    private static byte[] MakeRanks()
    {
        var ranks = new byte[256];
        for (var i = 0; i < Ranked.Length; i++)
        {
            ranks[Ranked[i]] = (byte)(i + 1);
            ranks[char.ToUpperInvariant(Ranked[i])] = (byte)(i + 1);
        }
        return ranks;
    }
}
