using System.Text;

namespace GeoFabric.Primitives.Values;

/// <summary>Counting and cutting valid UTF-8 by Unicode code points, which is what string positions of the language mean.</summary>
public static class CodePoints
{
    /// <summary>Bytes of the character that starts with this byte.</summary>
    public static int LengthAt(byte first) => first switch
    {
        < 0x80 => 1,
        < 0xE0 => 2,
        < 0xF0 => 3,
        _ => 4,
    };

    public static bool IsContinuation(byte value) => (value & 0xC0) == 0x80;

    public static int Count(ReadOnlySpan<byte> utf8)
    {
        if (Ascii.IsValid(utf8))
            return utf8.Length;
        var count = 0;
        foreach (var value in utf8)
            count += IsContinuation(value) ? 0 : 1;
        return count;
    }

    /// <summary>Byte offset of a code point, or the length of the text when it has no more than <paramref name="index"/>.</summary>
    public static int OffsetOf(ReadOnlySpan<byte> utf8, long index)
    {
        var offset = 0;
        while (index > 0 && offset < utf8.Length)
        {
            offset += LengthAt(utf8[offset]);
            index--;
        }
        return offset;
    }

    /// <summary>Byte offset of the code point that many before the end, or 0 when there are fewer.</summary>
    public static int OffsetFromEnd(ReadOnlySpan<byte> utf8, long count)
    {
        var offset = utf8.Length;
        while (count > 0 && offset > 0)
        {
            offset--;
            while (IsContinuation(utf8[offset]))
                offset--;
            count--;
        }
        return offset;
    }

    /// <summary>The text as code points; worth its memory where each is looked at many times.</summary>
    public static int[] ToArray(ReadOnlySpan<byte> utf8)
    {
        var points = new int[Count(utf8)];
        for (var i = 0; i < points.Length; i++)
        {
            Rune.DecodeFromUtf8(utf8, out var rune, out var consumed);
            points[i] = rune.Value;
            utf8 = utf8[consumed..];
        }
        return points;
    }
}
