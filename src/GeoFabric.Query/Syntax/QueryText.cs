namespace GeoFabric.Query.Syntax;

/// <summary>The text of a query, for finding the place of an offset in it.</summary>
public sealed class QueryText(string text)
{
    private const int ExcerptLength = 60;

    public string Text { get; } = text;

    /// <summary>Line and column of a character offset, both from 1. Lines end with LF, CR LF or CR; columns count UTF-16 units.</summary>
    public (int Line, int Column) Position(int offset)
    {
        offset = Math.Clamp(offset, 0, Text.Length);
        var line = 1;
        var lineStart = 0;
        for (var i = 0; i < offset; i++)
        {
            if (IsInLine(i))
                continue;
            line++;
            lineStart = i + 1;
        }
        return (line, offset - lineStart + 1);
    }

    /// <summary>Whether the character at an offset does not end its line.</summary>
    public bool IsInLine(int offset) => !(Text[offset] == '\n' || (Text[offset] == '\r' && (offset + 1 == Text.Length || Text[offset + 1] != '\n')));

    /// <summary>"at position LINE:COLUMN" of the place where a part of the text begins, as messages say it.</summary>
    public string Where(SourceSpan span)
    {
        var (line, column) = Position(span.Start);
        return $"at position {line}:{column}";
    }

    /// <summary>The text from an offset on, cut to what fits a message.</summary>
    public string Excerpt(int offset)
    {
        offset = Math.Clamp(offset, 0, Text.Length);
        if (Text.Length - offset <= ExcerptLength)
            return Text[offset..];
        var end = offset + ExcerptLength;
        if (char.IsHighSurrogate(Text[end - 1]))
            end--;
        return Text[offset..end] + "...";
    }
}
