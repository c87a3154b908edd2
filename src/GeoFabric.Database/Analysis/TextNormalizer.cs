using System.Globalization;
using System.Text;

namespace GeoFabric.Database.Analysis;

/// <summary>Letter case and accents of a word.</summary>
internal enum LetterCasing
{
    None,
    Lower,
    Upper,
}

/// <summary>Brings words to one case and takes accents off them, by the rules of a language.</summary>
internal sealed class TextNormalizer(CultureInfo culture, LetterCasing casing, bool keepsAccents)
{
    // Where the lower case of I is not i, ASCII has no short way.
    private readonly bool _isAsciiSimple = culture.TwoLetterISOLanguageName is not ("tr" or "az" or "lt");

    /// <param name="buffer">Grown as needed.</param>
    /// <returns>The word itself or a part of the buffer.</returns>
    public ReadOnlySpan<byte> Normalize(ReadOnlySpan<byte> word, ref byte[] buffer)
    {
        if (_isAsciiSimple && Ascii.IsValid(word))
        {
            if (casing == LetterCasing.None)
                return word;
            if (buffer.Length < word.Length)
                buffer = new byte[2 * word.Length];
            if (casing == LetterCasing.Lower)
                Ascii.ToLower(word, buffer, out _);
            else
                Ascii.ToUpper(word, buffer, out _);
            return buffer.AsSpan(0, word.Length);
        }
        var text = Encoding.UTF8.GetString(word);
        text = casing switch
        {
            LetterCasing.Lower => culture.TextInfo.ToLower(text),
            LetterCasing.Upper => culture.TextInfo.ToUpper(text),
            _ => text,
        };
        text = keepsAccents ? text.Normalize(NormalizationForm.FormC) : WithoutAccents(text);
        var size = Encoding.UTF8.GetMaxByteCount(text.Length);
        if (buffer.Length < size)
            buffer = new byte[2 * size];
        return buffer.AsSpan(0, Encoding.UTF8.GetBytes(text, buffer));
    }

    private static string WithoutAccents(string text)
    {
        var decomposed = text.Normalize(NormalizationForm.FormD);
        var kept = new StringBuilder(decomposed.Length);
        foreach (var character in decomposed)
        {
            if (CharUnicodeInfo.GetUnicodeCategory(character) != UnicodeCategory.NonSpacingMark)
                kept.Append(character);
        }
        return kept.ToString().Normalize(NormalizationForm.FormC);
    }
}
