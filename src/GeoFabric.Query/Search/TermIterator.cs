using GeoFabric.Database.Inverted;

namespace GeoFabric.Query.Search;

/// <summary>The documents that have one term.</summary>
internal sealed class TermIterator(PostingCursor postings, SearchSource source, double[] weights, double averageLength, TermCounts counts) : SearchIterator
{
    // What the block up to this document scores at best; 0 before the first block.
    private uint _blockLast;
    private double _blockBest;

    public override long Cost => counts.Documents;

    public override double Best { get; } = weights.Length == 0 || counts.Documents == 0
        ? 0
        : source.Functions[0].Score(weights[0], counts.FrequencyMax, counts.LengthMin, averageLength);

    public override uint MoveTo(uint document)
    {
        postings.MoveTo(document);
        return Document = postings.Document;
    }

    public override double Score(int function) => source.Functions[function].Score(weights[function], postings.Frequency, postings.Length, averageLength);

    public override double Bound(uint document, out uint last)
    {
        if (document > _blockLast)
        {
            if (!postings.MoveToBlock(document))
            {
                last = End;
                return 0;
            }
            var (frequency, length) = postings.BlockBest;
            _blockLast = postings.BlockLast;
            _blockBest = source.Functions[0].Score(weights[0], frequency, length, averageLength);
        }
        last = _blockLast;
        return _blockBest;
    }

    public override uint MoveToBetter(uint document, double floor)
    {
        // A block whose most frequent and shortest would not be enough is left out unread.
        while (Bound(document, out var last) <= floor)
        {
            if (last == End)
                return Document = End;
            document = last + 1;
        }
        return MoveTo(document);
    }

    public override void Dispose() => postings.Dispose();
}
