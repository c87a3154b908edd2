using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace GeoFabric.Query.Syntax;

/// <summary>How names and strings are written in C8QL.</summary>
internal static class NameText
{
    private static readonly FrozenSet<string> Reserved = new[]
    {
        "AGGREGATE", "ALL", "ALL_SHORTEST_PATHS", "AND", "ANY", "ASC", "COLLECT", "DESC", "DISTINCT", "FALSE", "FILTER", "FOR", "GRAPH", "IN", "INBOUND",
        "INSERT", "INTO", "K_PATHS", "K_SHORTEST_PATHS", "LET", "LIKE", "LIMIT", "NONE", "NOT", "NULL", "OR", "OUTBOUND", "REMOVE", "REPLACE", "RETURN",
        "SHORTEST_PATH", "SORT", "TRUE", "UPDATE", "UPSERT", "WINDOW", "WITH",
    }.ToFrozenSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a name can be written without quotes.</summary>
    public static bool IsPlain(string name)
    {
        if (name.Length == 0 || Reserved.Contains(name))
            return false;
        var letters = name.AsSpan().TrimStart('_');
        var hasMarks = letters.Length < name.Length;
        if (letters.IsEmpty || !(char.IsAsciiLetter(letters[0]) || (letters[0] == '$' && !hasMarks)))
            return false;
        foreach (var character in letters[1..])
        {
            if (!char.IsAsciiLetterOrDigit(character) && character != '_')
                return false;
        }
        return true;
    }

    public static void AppendName(StringBuilder output, string name)
    {
        if (IsPlain(name))
            output.Append(name);
        else
            AppendQuoted(output, name, '`');
    }

    /// <summary>The name as C8QL writes it: itself when it can stand alone, else in backticks.</summary>
    public static string Quote(string name)
    {
        if (IsPlain(name))
            return name;
        var output = new StringBuilder();
        AppendQuoted(output, name, '`');
        return output.ToString();
    }

    public static void AppendString(StringBuilder output, string text) => AppendQuoted(output, text, '"');

    private static void AppendQuoted(StringBuilder output, string text, char quote)
    {
        output.Append(quote);
        foreach (var character in text)
        {
            switch (character)
            {
                case '\n': output.Append("\\n"); break;
                case '\r': output.Append("\\r"); break;
                case '\t': output.Append("\\t"); break;
                case '\b': output.Append("\\b"); break;
                case '\f': output.Append("\\f"); break;
                case '\\': output.Append("\\\\"); break;
                case var _ when character == quote: output.Append('\\').Append(quote); break;
                case < ' ' or '\x7F': output.Append("\\u").Append(((int)character).ToString("x4", CultureInfo.InvariantCulture)); break;
                default: output.Append(character); break;
            }
        }
        output.Append(quote);
    }
}
