namespace GeoFabric.Query.Syntax;

/// <summary>Where a piece of syntax stands in the query text: character offsets, end excluded.</summary>
public readonly record struct SourceSpan(int Start, int End)
{
    public static SourceSpan None => new(0, 0);
}
