using GeoFabric.Query.Grammar.Generated;

namespace GeoFabric.Query.Syntax;

/// <summary>The words of the language, from its grammar.</summary>
public static class Keywords
{
    /// <summary>Shorter ones are near too many names to be what was meant.</summary>
    private const int SuggestedLengthMin = 3;

    /// <summary>Names that long may differ from a keyword in two letters, shorter ones in one.</summary>
    private const int LongNameLength = 5;

    /// <summary>All of them in upper case; the grammar has them first, before signs and literals.</summary>
    public static IReadOnlyList<string> All { get; } =
        [.. Enumerable.Range(C8QLLexer.AGGREGATE, C8QLLexer.TO - C8QLLexer.AGGREGATE + 1).Select(C8QLLexer.DefaultVocabulary.GetSymbolicName)];

    /// <summary>"; did you mean RETURN?" for a name that is nearly a keyword, else nothing.</summary>
    internal static string SuggestFor(string name) => NameSuggestion.For(
        name.ToUpperInvariant(), All.Where(keyword => keyword.Length >= SuggestedLengthMin), name.Length >= LongNameLength ? 2 : 1);
}
