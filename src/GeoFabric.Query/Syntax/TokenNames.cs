using Antlr4.Runtime.Misc;
using GeoFabric.Query.Grammar.Generated;

namespace GeoFabric.Query.Syntax;

/// <summary>What error messages call the tokens.</summary>
internal static class TokenNames
{
    private const int ExpectedMax = 5;

    public static string Of(int tokenType) => tokenType switch
    {
        Antlr4.Runtime.TokenConstants.EOF => "end of query",
        C8QLLexer.NAME => "name",
        C8QLLexer.QUOTED_NAME => "quoted name",
        C8QLLexer.STRING => "string",
        C8QLLexer.INTEGER or C8QLLexer.DOUBLE or C8QLLexer.HEXADECIMAL or C8QLLexer.BINARY => "number",
        C8QLLexer.VALUE_PARAMETER => "bind parameter",
        C8QLLexer.COLLECTION_PARAMETER => "collection bind parameter",
        C8QLLexer.UNKNOWN => "character",
        C8QLLexer.AND => "AND",
        C8QLLexer.OR => "OR",
        C8QLLexer.NOT => "NOT",
        _ => Literal(C8QLLexer.DefaultVocabulary.GetLiteralName(tokenType)),
    };

    /// <summary>The few things that may stand at a place, or null when there are too many to help.</summary>
    public static string? Expected(IntervalSet tokenTypes)
    {
        var names = new List<string>();
        var allowsName = tokenTypes.Contains(C8QLLexer.NAME);
        foreach (var tokenType in tokenTypes.ToArray())
        {
            if (tokenType == Antlr4.Runtime.TokenConstants.EPSILON || (allowsName && IsContextualName(tokenType)))
                continue;
            var name = Of(tokenType);
            if (!names.Contains(name))
                names.Add(name);
        }
        return names.Count switch
        {
            0 or > ExpectedMax => null,
            1 => names[0],
            _ => string.Join(", ", names.Take(names.Count - 1)) + " or " + names[^1],
        };
    }

    private static bool IsContextualName(int tokenType) => tokenType is C8QLLexer.QUOTED_NAME or (>= C8QLLexer.AT and <= C8QLLexer.TO);

    // Punctuation keeps its quotes, keywords lose them.
    private static string Literal(string literal) => char.IsAsciiLetter(literal[1]) ? literal.Trim('\'') : literal;
}
