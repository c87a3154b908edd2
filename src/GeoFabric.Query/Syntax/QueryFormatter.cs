using System.Text;

namespace GeoFabric.Query.Syntax;

/// <summary>
/// Lays a query out over lines: one for each operation, further in behind each loop. A comment stands on lines of its own before the operation in or
/// before which it was written. Formatting what was formatted changes nothing.
/// </summary>
public static class QueryFormatter
{
    private const int Indent = 2;

    /// <exception cref="Primitives.Errors.GeoFabricException">1501 or 1502 when the text is no query.</exception>
    public static string Format(string text)
    {
        var query = QueryParser.Parse(text);
        var comments = new Queue<(int Start, string Text)>(FindComments(text));
        var output = new StringBuilder();
        var depth = 0;
        if (!query.With.IsEmpty)
        {
            AppendComments(output, comments, query.With[^1].Span.End, depth);
            output.Append("WITH ").AppendJoin(", ", query.With.Select(SyntaxPrinter.Print)).Append('\n');
        }
        foreach (var operation in query.Operations)
        {
            AppendComments(output, comments, operation.Span.End, depth);
            output.Append(' ', depth * Indent).Append(SyntaxPrinter.Print(operation)).Append('\n');
            if (operation is ForSyntax or TraversalSyntax or PathSearchSyntax)
                depth++;
        }
        AppendComments(output, comments, int.MaxValue, depth);
        return output.ToString();
    }

    private static void AppendComments(StringBuilder output, Queue<(int Start, string Text)> comments, int end, int depth)
    {
        while (comments.TryPeek(out var comment) && comment.Start < end)
            output.Append(' ', depth * Indent).Append(comments.Dequeue().Text).Append('\n');
    }

    /// <summary>The comments of a text that parses, so that every string, name and comment in it has an end.</summary>
    private static IEnumerable<(int Start, string Text)> FindComments(string text)
    {
        var position = 0;
        while (position < text.Length)
        {
            var start = position;
            switch (text[position])
            {
                case '"' or '\'' or '`' or '´':
                    for (position++; text[position] != text[start]; position++)
                        position += text[position] == '\\' ? 1 : 0;
                    position++;
                    break;
                case '/' when position + 1 < text.Length && text[position + 1] == '/':
                    position = text.IndexOf('\n', start) is >= 0 and var end ? end : text.Length;
                    yield return (start, text[start..position].TrimEnd());
                    break;
                case '/' when position + 1 < text.Length && text[position + 1] == '*':
                    position = text.IndexOf("*/", start + 2, StringComparison.Ordinal) + 2;
                    yield return (start, text[start..position]);
                    break;
                default:
                    position++;
                    break;
            }
        }
    }
}
