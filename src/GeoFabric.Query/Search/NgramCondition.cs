using GeoFabric.Database.Analysis;
using GeoFabric.Database.Inverted;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Search;

/// <summary>An attribute has enough of a text's n-grams in the text's order.</summary>
internal sealed class NgramCondition(SearchPath path, string analyzer, TokenList target, double threshold, double boost) : SearchCondition
{
    public override void AddTargets(ICollection<SearchTarget> targets) => targets.Add(new SearchTarget(path, analyzer, SearchTargetKind.Ngram, [(0, IsTargeted)]));

    private bool IsTargeted(ReadOnlySpan<byte> term)
    {
        for (var i = 0; i < target.Count; i++)
        {
            if (target[i].SequenceEqual(term))
                return true;
        }
        return false;
    }

    public override SearchIterator Open(SearchSource source)
    {
        if (path.IsTooLong || target.Count == 0)
            return new EmptyIterator();
        var cursors = new PostingCursor[target.Count];
        for (var i = 0; i < cursors.Length; i++)
            cursors[i] = source.Reader.OpenTerm(path, analyzer, target[i]);
        return new NgramIterator(cursors, threshold, boost);
    }

    private sealed class NgramIterator(PostingCursor[] cursors, double threshold, double boost) : SearchIterator
    {
        private readonly PositionChain _chain = new();
        private readonly List<int> _positions = [];

        public override uint MoveTo(uint document)
        {
            if (Document >= document && Document != 0)
                return Document;
            while (true)
            {
                var nearest = End;
                var count = 0;
                foreach (var cursor in cursors)
                {
                    cursor.MoveTo(document);
                    if (cursor.Document < nearest)
                        (nearest, count) = (cursor.Document, 0);
                    if (cursor.Document == nearest)
                        count++;
                }
                if (nearest == End || ((double)count / cursors.Length >= threshold && IsInOrder(nearest)))
                    return Document = nearest;
                document = nearest + 1;
            }
        }

        public override double Score(int function) => boost;

        public override void Dispose()
        {
            foreach (var cursor in cursors)
                cursor.Dispose();
        }

        private bool IsInOrder(uint document)
        {
            _chain.Clear();
            foreach (var cursor in cursors)
            {
                if (cursor.Document != document)
                    continue;
                cursor.ReadPositions(_positions);
                _chain.Add(_positions);
            }
            return (double)_chain.Length / cursors.Length >= threshold;
        }
    }
}
