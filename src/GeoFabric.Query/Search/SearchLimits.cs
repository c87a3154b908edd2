namespace GeoFabric.Query.Search;

/// <summary>What a search condition may cost before it is refused.</summary>
internal static class SearchLimits
{
    /// <summary>Most terms named by one condition, such as the items behind IN or the words of a phrase.</summary>
    public const int NamedTermsMax = 10_000;

    /// <summary>Most terms that a prefix, a pattern or a range may turn out to be.</summary>
    public const int FoundTermsMax = 1_000_000;

    /// <summary>Most parts of a phrase.</summary>
    public const int PhrasePartsMax = 256;

    /// <summary>Most terms that one part of a phrase may turn out to be.</summary>
    public const int PhraseTermsMax = 1024;

    /// <summary>Terms LEVENSHTEIN_MATCH() takes unless it is told otherwise.</summary>
    public const int LevenshteinTermsDefault = 64;

    /// <summary>Steps between two looks at whether the query was stopped.</summary>
    public const int PollEvery = 4096;
}
