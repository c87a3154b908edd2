using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Search;

/// <summary>A document a search has found, with its scores.</summary>
/// <param name="Source">Position of the source.</param>
internal sealed record ScoredDocument(int Source, uint Number, double[] Scores);

/// <summary>Finds the documents that score highest. Of equal scores those come first that would without a limit, so it makes no difference to results.</summary>
internal sealed class TopSearch(SearchCondition condition, IReadOnlyList<SearchSource> sources, int scorer, EvaluationContext context)
{
    private const int BytesPerDocument = 96;

    // The lowest score on top; of equal ones the one that comes last.
    private readonly PriorityQueue<ScoredDocument, Rank> _best = new(Comparer<Rank>.Create(Compare));

    /// <returns>At most <paramref name="count"/> documents in the order of sources and numbers.</returns>
    public List<ScoredDocument> Run(long count)
    {
        if (count > 0)
        {
            for (var i = 0; i < sources.Count; i++)
                Search(i, count);
        }
        return [.. _best.UnorderedItems.Select(item => item.Element).OrderBy(found => found.Source).ThenBy(found => found.Number)];
    }

    private void Search(int position, long count)
    {
        var source = sources[position];
        using var iterator = condition.Open(source);
        var steps = 0;
        var floor = double.NegativeInfinity;
        for (uint next = 1; ;)
        {
            // Blocks are bounded by the first function, so only that one may leave documents out.
            var document = scorer == 0 && _best.Count >= count ? iterator.MoveToBetter(next, floor) : iterator.MoveTo(next);
            if (document == SearchIterator.End)
                return;
            if (++steps % SearchLimits.PollEvery == 0)
                context.ThrowIfStopped();
            next = document + 1;
            var score = iterator.Score(scorer);
            if (_best.Count >= count && score <= floor)
                continue;
            // What has expired is not shown, and must not take the place of what is.
            if (source.Reader.HidesDocuments && !source.Reader.TryGetDocument(document, out _))
                continue;
            var scores = new double[source.Functions.Length];
            for (var i = 0; i < scores.Length; i++)
                scores[i] = i == scorer ? score : iterator.Score(i);
            if (_best.Count < count)
            {
                context.ReserveMemory(BytesPerDocument + (8 * scores.Length));
                _best.Enqueue(new ScoredDocument(position, document, scores), new Rank(score, position, document));
            }
            else
            {
                _best.EnqueueDequeue(new ScoredDocument(position, document, scores), new Rank(score, position, document));
            }
            if (_best.Count >= count && _best.TryPeek(out _, out var lowest))
                floor = lowest.Score;
        }
    }

    private static int Compare(Rank left, Rank right)
    {
        var order = left.Score.CompareTo(right.Score);
        if (order == 0)
            order = right.Source.CompareTo(left.Source);
        return order != 0 ? order : right.Number.CompareTo(left.Number);
    }

    private readonly record struct Rank(double Score, int Source, uint Number);
}
