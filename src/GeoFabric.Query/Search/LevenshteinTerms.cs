using GeoFabric.Database.Inverted;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Search;

/// <summary>The terms of a field that are within a few edits of a text.</summary>
/// <param name="prefix">What they begin with before the text.</param>
/// <param name="termsMax">At most so many, the nearest first; 0 for all.</param>
internal sealed class LevenshteinTerms(EditDistance target, byte[] prefix, int termsMax)
{
    /// <summary>Whether a term is one of them, however many nearer ones there are.</summary>
    public bool Contains(ReadOnlySpan<byte> term) => term.StartsWith(prefix) && target.Measure(term[prefix.Length..]) >= 0;

    public List<byte[]> Find(SearchSource source, SearchPath path, string analyzer)
    {
        var found = new List<(byte[] Term, int Edits)>();
        foreach (var term in TermSetCondition.FindTerms(
            source, path, analyzer, TermBounds.WithPrefix(prefix), term => target.Measure(term[prefix.Length..]) >= 0, SearchLimits.FoundTermsMax))
            found.Add((term, target.Measure(term.AsSpan(prefix.Length))));
        // Stable: of those equally near the first in the order of the terms.
        var nearest = found.OrderBy(candidate => candidate.Edits).Select(candidate => candidate.Term);
        return [.. termsMax > 0 ? nearest.Take(termsMax) : nearest];
    }
}
