using GeoFabric.Primitives.Errors;

namespace GeoFabric.Query.Syntax;

/// <summary>Wording of the errors that point into the query text: what, then <c>near 'REST' at position LINE:COLUMN</c>.</summary>
internal static class SyntaxErrors
{
    public static GeoFabricException Parse(QueryText text, int offset, string what, string suggestion = "") =>
        At(ErrorCodes.QueryParse, text, offset, $"{ErrorCodes.QueryParse.Message}, {what}", suggestion);

    /// <param name="suggestion">What <see cref="NameSuggestion"/> says.</param>
    public static GeoFabricException Unexpected(QueryText text, int offset, string found, string? expected, string suggestion = "") =>
        Parse(text, offset, expected is null ? $"unexpected {found}" : $"unexpected {found}, expected {expected}", suggestion);

    public static GeoFabricException At(ErrorCode code, QueryText text, int offset, string what, string suggestion = "")
    {
        var (line, column) = text.Position(offset);
        return code.With($"{what}{suggestion} near '{text.Excerpt(offset)}' at position {line}:{column}");
    }
}
