using GeoFabric.Database.Inverted;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Query.Search;

/// <summary>An attribute has one of the terms between two bounds, or those of them that a test holds for. Every document scores the boost.</summary>
internal sealed class TermSetCondition(SearchPath path, string analyzer, TermBounds bounds, double boost) : SearchCondition
{
    public delegate bool TermTest(ReadOnlySpan<byte> term);

    /// <summary>Null when all terms between the bounds do.</summary>
    public TermTest? Test { get; init; }

    public override void AddTargets(ICollection<SearchTarget> targets) =>
        targets.Add(new SearchTarget(path, analyzer, SearchTargetKind.Term, [(0, bounds.With(Test))]));

    public override SearchIterator Open(SearchSource source)
    {
        if (path.IsTooLong)
            return new EmptyIterator();
        var documents = new List<uint>();
        foreach (var term in FindTerms(source, path, analyzer, bounds, Test, SearchLimits.FoundTermsMax))
            AddDocuments(source, path, analyzer, term, documents);
        return ToIterator(documents, boost);
    }

    /// <summary>The documents of a list, which may hold some of them several times.</summary>
    public static SearchIterator ToIterator(List<uint> documents, double boost)
    {
        documents.Sort();
        var count = 0;
        for (var i = 0; i < documents.Count; i++)
        {
            if (i == 0 || documents[i] != documents[i - 1])
                documents[count++] = documents[i];
        }
        documents.RemoveRange(count, documents.Count - count);
        return new ListIterator([.. documents], boost);
    }

    public static void AddDocuments(SearchSource source, SearchPath path, string analyzer, byte[] term, List<uint> documents)
    {
        var before = documents.Count;
        using var postings = source.Reader.OpenTerm(path, analyzer, term);
        while (postings.MoveNext())
        {
            documents.Add(postings.Document);
            if (documents.Count % SearchLimits.PollEvery == 0)
                source.Context.ThrowIfStopped();
        }
        source.Context.ReserveMemory(8L * (documents.Count - before));
    }

    /// <summary>Walks the terms of a field.</summary>
    public static IEnumerable<byte[]> FindTerms(SearchSource source, SearchPath path, string analyzer, TermBounds bounds, TermTest? test, int most)
    {
        var walked = 0;
        var count = 0;
        using var terms = source.Reader.OpenTerms(path, analyzer, bounds.From);
        while (terms.MoveNext())
        {
            if (++walked % SearchLimits.PollEvery == 0)
                source.Context.ThrowIfStopped();
            if (bounds.IsBehind(terms.Term))
                break;
            if (!bounds.Contains(terms.Term) || test?.Invoke(terms.Term) == false)
                continue;
            if (++count > most)
                throw ErrorCodes.ResourceLimit.With($"a condition of SEARCH would take more than {most} different terms; narrow it, or use a longer prefix");
            yield return terms.Term.ToArray();
        }
    }
}

/// <summary>A stretch of the terms of a field, in the order of their bytes.</summary>
/// <param name="From">The first; all terms for an empty one.</param>
/// <param name="IncludesFrom">Whether <paramref name="From"/> itself belongs to it.</param>
/// <param name="To">The last; null for none.</param>
internal sealed record TermBounds(byte[] From, bool IncludesFrom = true, byte[]? To = null, bool IncludesTo = false)
{
    public static TermBounds All { get; } = new([]);

    /// <summary>Terms that begin so.</summary>
    public static TermBounds WithPrefix(byte[] prefix) => new(prefix) { Prefix = prefix };

    public byte[]? Prefix { get; init; }

    public bool IsBehind(ReadOnlySpan<byte> term)
    {
        if (Prefix is not null)
            return !term.StartsWith(Prefix) && term.SequenceCompareTo(Prefix) > 0;
        return To is not null && (IncludesTo ? term.SequenceCompareTo(To) > 0 : term.SequenceCompareTo(To) >= 0);
    }

    /// <summary>Whether a term belongs to it, and a test holds for it if there is one.</summary>
    public TermSetCondition.TermTest With(TermSetCondition.TermTest? test) => term => !IsBehind(term) && Contains(term) && test?.Invoke(term) != false;

    /// <summary>Whether a term that is not behind belongs to it.</summary>
    public bool Contains(ReadOnlySpan<byte> term)
    {
        if (Prefix is not null)
            return term.StartsWith(Prefix);
        var order = term.SequenceCompareTo(From);
        return order > 0 || (order == 0 && IncludesFrom);
    }
}
