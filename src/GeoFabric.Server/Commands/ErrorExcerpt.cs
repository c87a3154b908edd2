using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Commands;

/// <summary>Shows the line of a text that an error is about, with marks under the part that is meant.</summary>
internal static class ErrorExcerpt
{
    /// <summary>Characters of a long line that are shown before and behind the place.</summary>
    private const int ShownBefore = 60;
    private const int ShownBehind = 40;

    public static string Draw(string text, ErrorPlace place)
    {
        var offset = Math.Clamp(place.Offset, 0, text.Length);
        var lineStart = offset;
        while (lineStart > 0 && text[lineStart - 1] is not ('\n' or '\r'))
            lineStart--;
        var lineEnd = text.AsSpan(offset).IndexOfAny('\n', '\r') is >= 0 and var rest ? offset + rest : text.Length;
        var start = Math.Max(lineStart, offset - ShownBefore);
        var tokenEnd = Math.Min(lineEnd, offset + place.Length);
        var end = Math.Min(lineEnd, tokenEnd + ShownBehind);
        var before = text[start..offset];
        var number = place.Line.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(4);
        // Tabs stay tabs, so that the marks stand where the terminal puts the text.
        var indent = string.Concat((start > lineStart ? "..." : "").Select(_ => ' ').Concat(before.Where(c => !char.IsLowSurrogate(c)).Select(c => c == '\t' ? '\t' : ' ')));
        var marks = new string('^', Math.Max(1, text[offset..tokenEnd].Count(c => !char.IsLowSurrogate(c))));
        return $"{number} | {(start > lineStart ? "..." : "")}{text[start..end]}{(end < lineEnd ? "..." : "")}\n     | {indent}{marks}\n";
    }
}
