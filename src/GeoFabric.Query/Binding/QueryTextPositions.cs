using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Binding;

/// <summary>Positions as the binder's messages give them.</summary>
internal static class QueryTextPositions
{
    /// <summary>"at position LINE:COLUMN".</summary>
    public static string Where(this QueryText text, SourceSpan span)
    {
        var (line, column) = text.Position(span.Start);
        return $"at position {line}:{column}";
    }
}
