namespace GeoFabric.Query.Syntax;

/// <summary>What keeps any text from exhausting the stack or the memory of whoever walks its syntax tree.</summary>
public static class SyntaxLimits
{
    /// <summary>Longest query text in characters; longer ones are refused with 1501.</summary>
    public const int TextLengthMax = 1 << 20;

    /// <summary>Brackets and conditional operators open at one place of the text; more are refused with 1524.</summary>
    public const int NestingMax = 500;

    /// <summary>Expressions inside of each other, through all subqueries; deeper trees are refused with 1524. Every walker may recurse over a tree.</summary>
    public const int TreeDepthMax = 500;

    /// <summary>Operations of a query with all its subqueries; more are refused with 32.</summary>
    public const int OperationsMax = 4000;
}
