using GeoFabric.Primitives.Errors;

namespace GeoFabric.Query.Syntax;

/// <summary>
/// Reads the raw text once before it is parsed and refuses what the recursive parser must not see: texts that are too long or nested too
/// deeply, and strings, quoted names and comments that never end.
/// </summary>
/// <remarks>
/// Nesting is brackets plus conditional operators whose colon is still to come, the two ways in which the grammar recurses. Closing brackets
/// are not matched with their kind: at the first wrong one the parser stops anyway.
/// </remarks>
internal static class NestingGate
{
    public static void Check(QueryText query)
    {
        var text = query.Text;
        if (text.Length > SyntaxLimits.TextLengthMax)
            throw ErrorCodes.QueryParse.With($"the query text has {text.Length} characters, at most {SyntaxLimits.TextLengthMax} are allowed; pass data as bind parameters");

        // Conditional operators waiting for their colon, by bracket level.
        Span<int> waiting = stackalloc int[SyntaxLimits.NestingMax + 1];
        waiting.Clear();
        var brackets = 0;
        var conditions = 0;
        var previous = '\0';
        for (var i = 0; i < text.Length; i++)
        {
            var current = text[i];
            switch (current)
            {
                case ' ' or '\t' or '\r' or '\n':
                    continue;
                case '"' or '\'':
                    i = EndOfQuoted(query, i, "string");
                    break;
                case '`' or '´':
                    i = EndOfQuoted(query, i, "quoted name");
                    break;
                case '/' when Follows(text, i, '/'):
                    i = EndOfLine(text, i);
                    continue;
                case '/' when Follows(text, i, '*'):
                    i = EndOfComment(query, i);
                    continue;
                case '(' or '[' or '{':
                    brackets++;
                    Demand(query, i, brackets + conditions);
                    waiting[brackets] = 0;
                    break;
                case ')' or ']' or '}' when brackets > 0:
                    conditions -= waiting[brackets];
                    brackets--;
                    break;
                case '?' when previous != '[':
                    conditions++;
                    waiting[brackets]++;
                    Demand(query, i, brackets + conditions);
                    break;
                case ':' when Follows(text, i, ':'):
                    i++;
                    break;
                case ':' when waiting[brackets] > 0:
                    conditions--;
                    waiting[brackets]--;
                    break;
            }
            previous = current;
        }
    }

    private static void Demand(QueryText query, int offset, int nesting)
    {
        if (nesting > SyntaxLimits.NestingMax)
            throw SyntaxErrors.At(ErrorCodes.TooMuchNesting, query, offset, $"more than {SyntaxLimits.NestingMax} levels are open");
    }

    private static bool Follows(string text, int offset, char expected) => offset + 1 < text.Length && text[offset + 1] == expected;

    private static int EndOfQuoted(QueryText query, int start, string what)
    {
        var text = query.Text;
        var quote = text[start];
        for (var i = start + 1; i < text.Length; i++)
        {
            if (text[i] == '\\')
                i++;
            else if (text[i] == quote)
                return i;
        }
        throw SyntaxErrors.Parse(query, start, $"unexpected end of query inside a {what}");
    }

    private static int EndOfLine(string text, int start)
    {
        var length = text.AsSpan(start).IndexOfAny('\n', '\r');
        return length < 0 ? text.Length : start + length;
    }

    private static int EndOfComment(QueryText query, int start)
    {
        var end = query.Text.IndexOf("*/", start + 2, StringComparison.Ordinal);
        return end >= 0 ? end + 1 : throw SyntaxErrors.Parse(query, start, "unexpected end of query inside a comment");
    }
}
