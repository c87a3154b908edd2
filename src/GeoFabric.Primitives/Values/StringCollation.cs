using System.Buffers;
using System.Globalization;
using System.Text;

namespace GeoFabric.Primitives.Values;

/// <summary>
/// The order of strings: alphabetical as in English, accents after base letters, upper before lower case of the same letter, then code points so
/// that only identical strings are equal. Digits come before letters, punctuation before digits.
/// </summary>
/// <remarks>
/// The order is ICU's (Unicode Collation Algorithm, root collation) with upper case first. Strings of printable ASCII, by far the most common,
/// are compared with two tables made from ICU at start-up; a property test holds the two ways together.
/// </remarks>
public static class StringCollation
{
    private static readonly CompareInfo Collator = CultureInfo.GetCultureInfo("en-US-u-kf-upper").CompareInfo;

    // Rank of each printable ASCII character without regard to case; 0 for all other bytes.
    private static readonly byte[] PrimaryRanks = MakePrimaryRanks();

    /// <summary>Names the collation's version. Sort keys of different versions must not meet in one index.</summary>
    public static string VersionId { get; } = $"{Collator.Version.FullVersion}.{Collator.Version.SortId}";

    /// <summary>Negative, zero or positive; zero only for identical bytes. Both must be valid UTF-8.</summary>
    public static int Compare(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var order = ComparePrintableAscii(left, right, out var isDecided);
        if (isDecided)
            return order;
        order = CompareByCollator(left, right);
        return order != 0 ? order : left.SequenceCompareTo(right);
    }

    /// <summary>The collation's sort key: comparing keys as bytes orders like the collation. Holds no zero bytes; equal keys do not mean equal strings.</summary>
    /// <returns>The bytes written to <paramref name="destination"/>, which is grown as needed.</returns>
    public static int WriteSortKey(ReadOnlySpan<byte> utf8, ref byte[] destination)
    {
        var characters = ArrayPool<char>.Shared.Rent(utf8.Length);
        try
        {
            var count = Encoding.UTF8.GetChars(utf8, characters);
            var text = characters.AsSpan(0, count);
            var length = Collator.GetSortKeyLength(text);
            if (destination.Length < length)
                destination = new byte[Math.Max(length, 2 * destination.Length)];
            length = Collator.GetSortKey(text, destination);
            // ICU ends a key with a zero byte; the caller writes separators of its own.
            while (length > 0 && destination[length - 1] == 0)
                length--;
            return length;
        }
        finally
        {
            ArrayPool<char>.Shared.Return(characters);
        }
    }

    /// <summary>The collator alone, for the test that compares both ways.</summary>
    internal static int CompareByCollator(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        var a = ArrayPool<char>.Shared.Rent(left.Length);
        var b = ArrayPool<char>.Shared.Rent(right.Length);
        try
        {
            var aCount = Encoding.UTF8.GetChars(left, a);
            var bCount = Encoding.UTF8.GetChars(right, b);
            return Collator.Compare(a.AsSpan(0, aCount), b.AsSpan(0, bCount));
        }
        finally
        {
            ArrayPool<char>.Shared.Return(a);
            ArrayPool<char>.Shared.Return(b);
        }
    }

    internal static byte PrimaryRank(byte character) => PrimaryRanks[character];

    private static int ComparePrintableAscii(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right, out bool isDecided)
    {
        var ranks = PrimaryRanks;
        var length = Math.Min(left.Length, right.Length);
        var primary = 0;
        var tertiary = 0;
        isDecided = false;
        for (var i = 0; i < length; i++)
        {
            var a = left[i];
            var b = right[i];
            var rankA = ranks[a];
            var rankB = ranks[b];
            if (rankA == 0 || rankB == 0)
                return 0;
            if (primary == 0 && a != b)
            {
                primary = rankA - rankB;
                if (primary == 0 && tertiary == 0)
                    tertiary = a - b;
            }
        }
        foreach (var rest in left.Length > length ? left[length..] : right[length..])
        {
            if (ranks[rest] == 0)
                return 0;
        }
        isDecided = true;
        if (primary != 0)
            return primary;
        return left.Length != right.Length ? left.Length - right.Length : tertiary;
    }

    private static byte[] MakePrimaryRanks()
    {
        var characters = Enumerable.Range(' ', '~' - ' ' + 1).Select(code => ((char)code).ToString()).ToList();
        characters.Sort((a, b) => Collator.Compare(a, b, CompareOptions.IgnoreCase));
        var ranks = new byte[256];
        byte rank = 0;
        for (var i = 0; i < characters.Count; i++)
        {
            if (i == 0 || Collator.Compare(characters[i - 1], characters[i], CompareOptions.IgnoreCase) != 0)
                rank++;
            ranks[characters[i][0]] = rank;
        }
        return ranks;
    }
}
