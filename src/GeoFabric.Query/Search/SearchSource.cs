using GeoFabric.Database.Inverted;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Search;

/// <summary>One of the indexes a search goes through, with the functions that score and the counts over all of them.</summary>
/// <param name="all">All sources of the search: a term is as rare as it is in all of them together.</param>
internal sealed class SearchSource(InvertedReader reader, ScoreFunction[] functions, IReadOnlyList<SearchSource> all, EvaluationContext context)
{
    public InvertedReader Reader => reader;

    public ScoreFunction[] Functions => functions;

    public EvaluationContext Context => context;

    /// <summary>Documents that have a field, and how many terms it has on average, in all sources.</summary>
    public (long Documents, double AverageLength) CountField(SearchPath path, string analyzer)
    {
        long documents = 0, terms = 0;
        foreach (var source in all)
        {
            var (inSource, termsInSource) = source.Reader.CountField(path, analyzer);
            documents += inSource;
            terms += termsInSource;
        }
        return (documents, documents == 0 ? 1 : (double)terms / documents);
    }

    /// <summary>What is known of a term over all sources.</summary>
    public TermCounts CountTerm(SearchPath path, string analyzer, ReadOnlySpan<byte> term)
    {
        var counts = TermCounts.None;
        foreach (var source in all)
            counts += source.Reader.CountTerm(path, analyzer, term);
        return counts;
    }
}
