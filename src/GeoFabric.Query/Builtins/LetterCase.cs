using System.Text;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>
/// Unicode case mapping, independent of any language. The platform maps character by character; the few letters of everyday text whose
/// other case is more than one character, and the sigma at the end of a word, are handled here.
/// </summary>
internal static class LetterCase
{
    public static Value ToLower(Value text, EvaluationContext context) => Map(text, context, isUpper: false);

    public static Value ToUpper(Value text, EvaluationContext context) => Map(text, context, isUpper: true);

    private static Value Map(Value text, EvaluationContext context, bool isUpper)
    {
        var utf8 = text.Utf8;
        if (Ascii.IsValid(utf8))
        {
            context.ReserveMemory(utf8.Length);
            var mapped = new byte[utf8.Length];
            if (isUpper)
                Ascii.ToUpper(utf8, mapped, out _);
            else
                Ascii.ToLower(utf8, mapped, out _);
            return Value.FromUtf8(mapped, 0, mapped.Length);
        }
        var result = new TextBuffer(context, utf8.Length + 8);
        var position = 0;
        while (position < utf8.Length)
        {
            Rune.DecodeFromUtf8(utf8[position..], out var character, out var length);
            if (isUpper)
                AppendUpper(result, character);
            else
                AppendLower(result, character, utf8, position);
            position += length;
        }
        return result.ToValue();
    }

    private static void AppendUpper(TextBuffer result, Rune character)
    {
        var expansion = character.Value switch
        {
            0x00DF => "SS",
            0x0149 => "ʼN",
            0x01F0 => "J\u030C",
            0x0390 => "Ι\u0308\u0301",
            0x03B0 => "Υ\u0308\u0301",
            0x0587 => "ԵՒ",
            0x1E96 => "H\u0331",
            0x1E97 => "T\u0308",
            0x1E98 => "W\u030A",
            0x1E99 => "Y\u030A",
            0x1E9A => "Aʾ",
            0xFB00 => "FF",
            0xFB01 => "FI",
            0xFB02 => "FL",
            0xFB03 => "FFI",
            0xFB04 => "FFL",
            0xFB05 or 0xFB06 => "ST",
            _ => null,
        };
        if (expansion is not null)
            result.Append(expansion);
        else
            result.Append(Rune.ToUpperInvariant(character));
    }

    private static void AppendLower(TextBuffer result, Rune character, ReadOnlySpan<byte> utf8, int position)
    {
        switch (character.Value)
        {
            case 0x0130:
                result.Append("i\u0307");
                break;
            case 0x03A3 when EndsWord(utf8, position):
                result.Append("ς");
                break;
            default:
                result.Append(Rune.ToLowerInvariant(character));
                break;
        }
    }

    /// <summary>Whether the two-byte letter at a position follows a letter and no letter follows it.</summary>
    private static bool EndsWord(ReadOnlySpan<byte> utf8, int position)
    {
        if (position == 0)
            return false;
        Rune.DecodeLastFromUtf8(utf8[..position], out var before, out _);
        if (!Rune.IsLetter(before))
            return false;
        var rest = utf8[(position + 2)..];
        if (rest.IsEmpty)
            return true;
        Rune.DecodeFromUtf8(rest, out var after, out _);
        return !Rune.IsLetter(after);
    }
}
