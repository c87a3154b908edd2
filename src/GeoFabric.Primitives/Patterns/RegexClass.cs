using System.Text;

namespace GeoFabric.Primitives.Patterns;

/// <summary>
/// A class such as <c>[a-z😀-😂]</c> or <c>[^😀]</c>, written for a matcher that sees a character beyond 16 bits as a pair of two: as a choice between a class
/// of single units and ranges of pairs, none of which takes half a character.
/// </summary>
internal static class RegexClass
{
    public const string Pair = "[\uD800-\uDBFF][\uDC00-\uDFFF]";
    public const string Half = "\uD800-\uDFFF";

    private const int PairsFrom = 0x10000;
    private const int PairsTo = 0x10FFFF;

    /// <summary>Appends the class; false for a range that runs backwards, or pairs in a class that another one is taken away from.</summary>
    /// <param name="result">Gets the translation.</param>
    /// <param name="text">The class with its brackets, named classes written out.</param>
    /// <param name="wholeCharacters">Whether the text to search has pairs. If not, only a class with pairs of its own needs another form.</param>
    public static bool TryAppend(StringBuilder result, string text, bool wholeCharacters)
    {
        var hasPairs = text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF');
        if (text.Contains("-[", StringComparison.Ordinal) || !(wholeCharacters || hasPairs))
        {
            result.Append(text);
            return !hasPairs;
        }
        var isNegated = text.Length > 3 && text[1] == '^';
        if (!TryReadContents(text.AsSpan(isNegated ? 2 : 1)[..^1], out var units, out var pairs, out var takesAllPairs))
            return false;
        var choices = new List<string>();
        if (isNegated)
            choices.Add($"[^{units}{Half}]");
        else if (units.Length > 0)
            choices.Add($"[{units}-[{Half}]]");
        if (takesAllPairs && !isNegated)
            choices.Add(Pair);
        else if (!takesAllPairs)
            choices.AddRange((isNegated ? Others(pairs) : pairs).SelectMany(InUnits));
        result.Append("(?:").AppendJoin('|', choices).Append(')');
        return true;
    }

    /// <summary>Sorts what stands in the brackets into single units, as text of a class, and ranges of pairs.</summary>
    private static bool TryReadContents(ReadOnlySpan<char> text, out StringBuilder units, out List<(int From, int To)> pairs, out bool takesAllPairs)
    {
        units = new StringBuilder();
        pairs = [];
        takesAllPairs = false;
        for (var i = 0; i < text.Length;)
        {
            if (text[i] == '\\' && i + 1 < text.Length)
            {
                // What these leave out is no pair, so they take all of them.
                takesAllPairs |= text[i + 1] is 'W' or 'S' or 'D' or 'P';
                units.Append(text.Slice(i, 2));
                i += 2;
                continue;
            }
            var from = CodePointAt(text, i);
            i += from < PairsFrom ? 1 : 2;
            var isRange = i + 1 < text.Length && text[i] == '-' && text[i + 1] != '\\';
            var to = isRange ? CodePointAt(text, i + 1) : from;
            if (to < PairsFrom && from < PairsFrom)
            {
                // On its own these would mean something else at the start or the end of the new class.
                if (from is '^' or '[' or ']' || (from == '-' && (units.Length == 0 || i == text.Length)))
                    units.Append('\\');
                units.Append((char)from);
                continue;
            }
            if (to < from)
                return false;
            if (from < PairsFrom)
                units.Append('\\').Append('u').Append(from.ToString("X4", System.Globalization.CultureInfo.InvariantCulture)).Append("-\uFFFF");
            pairs.Add((Math.Max(PairsFrom, from), to));
            i += isRange ? 3 : 0;
        }
        return true;
    }

    private static int CodePointAt(ReadOnlySpan<char> text, int position) =>
        position + 1 < text.Length && char.IsSurrogatePair(text[position], text[position + 1]) ? char.ConvertToUtf32(text[position], text[position + 1]) : text[position];

    /// <summary>The pairs that are in none of the ranges.</summary>
    private static IEnumerable<(int From, int To)> Others(List<(int From, int To)> ranges)
    {
        var next = PairsFrom;
        foreach (var (from, to) in ranges.Order())
        {
            if (from > next)
                yield return (next, from - 1);
            next = Math.Max(next, to + 1);
        }
        if (next <= PairsTo)
            yield return (next, PairsTo);
    }

    /// <summary>A range of pairs as patterns of two units each.</summary>
    private static IEnumerable<string> InUnits((int From, int To) range)
    {
        var (first, last) = (char.ConvertFromUtf32(range.From), char.ConvertFromUtf32(range.To));
        if (first[0] == last[0])
        {
            yield return $"{first[0]}[{first[1]}-{last[1]}]";
            yield break;
        }
        var (high, highLast) = (first[0], last[0]);
        if (first[1] != '\uDC00')
            yield return $"{high++}[{first[1]}-\uDFFF]";
        if (last[1] != '\uDFFF')
            yield return $"{highLast--}[\uDC00-{last[1]}]";
        if (high <= highLast)
            yield return $"[{high}-{highLast}][\uDC00-\uDFFF]";
    }
}
