using System.Text;

namespace GeoFabric.Primitives.Patterns;

/// <summary>
/// Rewrites a pattern of the language for the platform's matcher, which knows only the line feed as a line end and sees a character beyond
/// 16 bits as two. Also measures nesting, so that no hostile pattern reaches the platform's recursive parser.
/// </summary>
internal static class RegexTranslation
{
    private const string LineEnds = "\n\r\u0085\u2028\u2029";

    /// <summary>Named classes, <c>[[:alpha:]]</c>, which the platform does not know; by the Unicode properties that ICU takes for them.</summary>
    private static readonly (string Name, string Contents)[] NamedClasses =
    [
        ("alnum", "\\p{L}\\p{Nl}\\p{Mn}\\p{Mc}\\p{Nd}"),
        ("alpha", "\\p{L}\\p{Nl}\\p{Mn}\\p{Mc}"),
        ("blank", "\t\\p{Zs}"),
        ("cntrl", "\\p{Cc}"),
        ("digit", "\\p{Nd}"),
        ("lower", "\\p{Ll}"),
        ("punct", "\\p{P}"),
        ("space", "\\s"),
        ("upper", "\\p{Lu}"),
        ("word", "\\w"),
        ("xdigit", "0-9A-Fa-f"),
    ];

    /// <param name="pattern">As the query wrote it.</param>
    /// <param name="wholeCharacters">Whether dots and classes must take a surrogate pair as one character.</param>
    /// <param name="nestingMax">Depth of groups and classes at most.</param>
    /// <param name="translated">For the platform's matcher; may still be invalid.</param>
    public static bool TryTranslate(string pattern, bool wholeCharacters, int nestingMax, out string translated)
    {
        translated = "";
        var result = new StringBuilder(pattern.Length + 16);
        var dotTakesAll = false;
        var depth = 0;
        for (var i = 0; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\' when i + 1 < pattern.Length:
                    AppendEscape(result, pattern[++i], wholeCharacters);
                    break;
                case '[':
                    var end = ClassEnd(pattern, i);
                    if (end < 0)
                        return false;
                    if (ExpandNamed(pattern[i..(end + 1)]) is not { } expanded || !RegexClass.TryAppend(result, expanded, wholeCharacters))
                        return false;
                    i = end;
                    break;
                case '(':
                    if (++depth > nestingMax)
                        return false;
                    dotTakesAll |= SetsDotTakesAll(pattern.AsSpan(i + 1));
                    result.Append('(');
                    break;
                case ')':
                    depth--;
                    result.Append(')');
                    break;
                case '.' when wholeCharacters || !dotTakesAll:
                    var left = dotTakesAll ? "" : LineEnds;
                    result.Append(wholeCharacters ? $"(?:{RegexClass.Pair}|[^{left}{RegexClass.Half}])" : $"[^{left}]");
                    break;
                case var _ when i + 1 < pattern.Length && char.IsSurrogatePair(pattern[i], pattern[i + 1]):
                    // As a group, so that what says how often counts both halves.
                    result.Append("(?:").Append(pattern, i++, 2).Append(')');
                    break;
                default:
                    result.Append(pattern[i]);
                    break;
            }
        }
        translated = result.ToString();
        return true;
    }

    private static void AppendEscape(StringBuilder result, char escaped, bool wholeCharacters)
    {
        if (wholeCharacters && escaped is 'S' or 'W' or 'D')
            result.Append("(?:").Append(RegexClass.Pair).Append("|[^\\").Append(char.ToLowerInvariant(escaped)).Append(RegexClass.Half).Append("])");
        else
            result.Append('\\').Append(escaped);
    }

    /// <summary>A class with its named classes written out; null when it names one that is not known.</summary>
    private static string? ExpandNamed(string text)
    {
        if (text.StartsWith("[:", StringComparison.Ordinal) && text.EndsWith(":]", StringComparison.Ordinal))
            text = $"[{text}]";
        for (var at = text.IndexOf("[:", 1, StringComparison.Ordinal); at > 0; at = text.IndexOf("[:", at, StringComparison.Ordinal))
        {
            var end = text.IndexOf(":]", at + 2, StringComparison.Ordinal);
            if (end < 0)
                return text;
            var name = text[(at + 2)..end];
            var contents = Array.Find(NamedClasses, known => known.Name == name).Contents;
            if (contents is null)
                return null;
            text = string.Concat(text.AsSpan(0, at), contents, text.AsSpan(end + 2));
        }
        return text;
    }

    /// <summary>Position of the bracket that closes the class, or -1. A class taken away inside another ends with its own bracket.</summary>
    private static int ClassEnd(string pattern, int start)
    {
        var depth = 1;
        var first = start + 1;
        if (first < pattern.Length && pattern[first] == '^')
            first++;
        for (var i = first; i < pattern.Length; i++)
        {
            switch (pattern[i])
            {
                case '\\':
                    i++;
                    break;
                case '[' when i + 1 < pattern.Length && pattern[i + 1] == ':' && pattern.IndexOf(":]", i + 2, StringComparison.Ordinal) is var named and > 0:
                    i = named + 1;
                    break;
                case '[' when i > first && pattern[i - 1] == '-':
                    // One class may take another one away; more than that nobody writes.
                    if (++depth > 2)
                        return -1;
                    break;
                case ']' when i > first:
                    if (--depth == 0)
                        return i;
                    break;
            }
        }
        return -1;
    }

    private static bool SetsDotTakesAll(ReadOnlySpan<char> afterParenthesis)
    {
        if (afterParenthesis.IsEmpty || afterParenthesis[0] != '?')
            return false;
        foreach (var letter in afterParenthesis[1..])
        {
            if (letter == 's')
                return true;
            if (letter is not ('i' or 'm' or 'n' or 'x'))
                return false;
        }
        return false;
    }
}
