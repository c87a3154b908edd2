using System.Globalization;
using System.Text.RegularExpressions;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Query.Syntax;

/// <summary>
/// Finds the place in a query's text that an error is about. Errors say it in one wording, that of <see cref="QueryText.Where"/>, and from there it is read:
/// so every error that names a place has one, and nobody who throws has to tell it twice.
/// </summary>
internal static partial class QueryErrorPlace
{
    /// <returns>Null when the message names no place.</returns>
    public static ErrorPlace? Find(string message, string text)
    {
        // What stands before it may be text of the query, which may look the same.
        if (WherePattern().Matches(message) is not { Count: > 0 } places)
            return null;
        var line = int.Parse(places[^1].Groups["line"].ValueSpan, CultureInfo.InvariantCulture);
        var column = int.Parse(places[^1].Groups["column"].ValueSpan, CultureInfo.InvariantCulture);
        if (OffsetOf(text, line, column) is not { } offset)
            return null;
        // A syntax error names the place last, others the suggestion.
        var suggestion = SuggestionPattern().Match(message);
        return new ErrorPlace(line, column, offset, LengthAt(text, offset), suggestion.Success ? suggestion.Groups["name"].Value : null);
    }

    private static int? OffsetOf(string text, int line, int column)
    {
        var query = new QueryText(text);
        var offset = 0;
        for (var current = 1; current < line; current++)
        {
            while (offset < text.Length && query.IsInLine(offset))
                offset++;
            offset++;
        }
        offset += column - 1;
        return offset <= text.Length ? offset : null;
    }

    /// <summary>Length of the token that begins at an offset: a name, a number, a quoted text, or one character.</summary>
    private static int LengthAt(string text, int offset)
    {
        if (offset == text.Length)
            return 0;
        var end = offset + 1;
        if (text[offset] is '"' or '\'' or '`' or '´')
        {
            while (end < text.Length && text[end] != text[offset])
                end += text[end] == '\\' ? 2 : 1;
            return Math.Min(end + 1, text.Length) - offset;
        }
        if (IsOfName(text[offset]) || text[offset] == '@')
        {
            while (end < text.Length && (IsOfName(text[end]) || (text[end] == '@' && end == offset + 1)))
                end++;
        }
        else if (char.IsHighSurrogate(text[offset]) && end < text.Length)
        {
            end++;
        }
        return end - offset;
    }

    private static bool IsOfName(char letter) => char.IsAsciiLetterOrDigit(letter) || letter is '_' or '$';

    [GeneratedRegex(@"at position (?<line>\d{1,9}):(?<column>\d{1,9})", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex WherePattern();

    [GeneratedRegex(@"; did you mean (?<name>[^?]+)\?", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex SuggestionPattern();
}
