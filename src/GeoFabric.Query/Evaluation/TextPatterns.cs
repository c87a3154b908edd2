using System.Buffers;
using System.Text;

namespace GeoFabric.Query.Evaluation;

/// <summary>
/// The patterns of LIKE: <c>_</c> stands for one character, <c>%</c> for any run, <c>\_</c>, <c>\%</c> and <c>\\</c> for themselves.
/// A backslash before anything else is an ordinary character.
/// </summary>
public static class TextPatterns
{
    /// <summary>Whether the whole of <paramref name="text"/> matches. Both are valid UTF-8; characters are code points.</summary>
    /// <remarks>
    /// Only the last <c>%</c> seen is ever tried again, since an earlier one could not help a later one to match. The cost is therefore at most
    /// length of the text times length of one piece between two <c>%</c>, and linear for all but contrived patterns.
    /// </remarks>
    public static bool IsLike(ReadOnlySpan<byte> text, ReadOnlySpan<byte> pattern, bool ignoreCase = false)
    {
        var textPosition = 0;
        var patternPosition = 0;
        var retryPattern = -1;
        var retryText = 0;
        while (textPosition < text.Length)
        {
            if (patternPosition < pattern.Length)
            {
                if (pattern[patternPosition] == '%')
                {
                    patternPosition++;
                    if (patternPosition == pattern.Length)
                        return true;
                    retryPattern = patternPosition;
                    retryText = textPosition;
                    continue;
                }
                if (MatchesCharacter(text, ref textPosition, pattern, ref patternPosition, ignoreCase))
                    continue;
            }
            if (retryPattern < 0)
                return false;
            retryText += CharacterLength(text[retryText]);
            textPosition = retryText;
            patternPosition = retryPattern;
        }
        while (patternPosition < pattern.Length && pattern[patternPosition] == '%')
            patternPosition++;
        return patternPosition == pattern.Length;
    }

    /// <summary>The characters every match starts with, unescaped: what an index range scan can use. Empty when there are none.</summary>
    public static byte[] LiteralPrefix(ReadOnlySpan<byte> pattern)
    {
        var prefix = new ArrayBufferWriter<byte>();
        var position = 0;
        while (position < pattern.Length && pattern[position] is not ((byte)'%' or (byte)'_'))
        {
            SkipEscape(pattern, ref position);
            var length = CharacterLength(pattern[position]);
            prefix.Write(pattern.Slice(position, length));
            position += length;
        }
        return prefix.WrittenSpan.ToArray();
    }

    private static bool MatchesCharacter(
        ReadOnlySpan<byte> text, ref int textPosition, ReadOnlySpan<byte> pattern, ref int patternPosition, bool ignoreCase)
    {
        var textLength = CharacterLength(text[textPosition]);
        if (pattern[patternPosition] == '_')
        {
            patternPosition++;
            textPosition += textLength;
            return true;
        }
        var start = patternPosition;
        SkipEscape(pattern, ref start);
        var patternLength = CharacterLength(pattern[start]);
        var textCharacter = text.Slice(textPosition, textLength);
        var patternCharacter = pattern.Slice(start, patternLength);
        if (!textCharacter.SequenceEqual(patternCharacter) && !(ignoreCase && EqualIgnoringCase(textCharacter, patternCharacter)))
            return false;
        patternPosition = start + patternLength;
        textPosition += textLength;
        return true;
    }

    private static void SkipEscape(ReadOnlySpan<byte> pattern, ref int position)
    {
        if (pattern[position] == '\\' && position + 1 < pattern.Length && pattern[position + 1] is (byte)'%' or (byte)'_' or (byte)'\\')
            position++;
    }

    private static bool EqualIgnoringCase(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Rune.DecodeFromUtf8(left, out var leftCharacter, out _);
        Rune.DecodeFromUtf8(right, out var rightCharacter, out _);
        return Fold(leftCharacter) == Fold(rightCharacter);
    }

    // Upper first: letters with several lower-case forms, such as sigma, have one upper-case form.
    private static Rune Fold(Rune character) => Rune.ToLowerInvariant(Rune.ToUpperInvariant(character));

    private static int CharacterLength(byte first) => first switch
    {
        < 0x80 => 1,
        < 0xE0 => 2,
        < 0xF0 => 3,
        _ => 4,
    };
}
