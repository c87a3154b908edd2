using GeoFabric.Database.Inverted;
using GeoFabric.Primitives.Errors;

namespace GeoFabric.Query.Search;

/// <summary>One place of a phrase: a term, or any of those found between bounds.</summary>
/// <param name="Offset">Places behind the phrase's first.</param>
/// <param name="FindTerms">The terms in one source.</param>
/// <param name="Holds">Whether a term may stand there.</param>
internal sealed record PhraseSlot(int Offset, Func<SearchSource, List<byte[]>> FindTerms, TermSetCondition.TermTest Holds);

/// <summary>An attribute has terms one behind another.</summary>
internal sealed class PhraseCondition(SearchPath path, string analyzer, IReadOnlyList<PhraseSlot> slots, double boost) : SearchCondition
{
    public override void AddTargets(ICollection<SearchTarget> targets) =>
        targets.Add(new SearchTarget(path, analyzer, SearchTargetKind.Phrase, [.. slots.Select(slot => (slot.Offset, slot.Holds))]));

    public override SearchIterator Open(SearchSource source)
    {
        if (path.IsTooLong)
            return new EmptyIterator();
        var (documents, averageLength) = source.CountField(path, analyzer);
        var weights = new double[source.Functions.Length];
        var opened = new List<PhraseIterator.Slot>();
        foreach (var slot in slots)
        {
            var terms = slot.FindTerms(source);
            if (terms.Count > SearchLimits.PhraseTermsMax)
                throw ErrorCodes.ResourceLimit.With($"a part of PHRASE() would take more than {SearchLimits.PhraseTermsMax} different terms; narrow it");
            var matching = terms.Sum(term => source.CountTerm(path, analyzer, term).Documents);
            for (var i = 0; i < weights.Length; i++)
                weights[i] += boost * source.Functions[i].Weigh(documents, Math.Min(matching, documents));
            opened.Add(new PhraseIterator.Slot(slot.Offset, [.. terms.Select(term => source.Reader.OpenTerm(path, analyzer, term))]));
        }
        return new PhraseIterator(opened, source, weights, averageLength);
    }
}

/// <summary>Documents in which terms stand at given distances from each other.</summary>
internal sealed class PhraseIterator(List<PhraseIterator.Slot> slots, SearchSource source, double[] weights, double averageLength) : SearchIterator
{
    private int _frequency;

    public override uint MoveTo(uint document)
    {
        if (Document >= document && Document != 0)
            return Document;
        while (true)
        {
            document = FindCommon(document);
            if (document == End)
                return Document = End;
            _frequency = CountPlaces();
            if (_frequency > 0)
                return Document = document;
            document++;
        }
    }

    public override double Score(int function) => source.Functions[function].Score(weights[function], _frequency, slots[0].Length, averageLength);

    public override void Dispose() => slots.ForEach(slot => slot.Dispose());

    private uint FindCommon(uint document)
    {
        for (var i = 0; i < slots.Count;)
        {
            var found = slots[i].MoveTo(document);
            if (found == End)
                return End;
            i = found > document ? 0 : i + 1;
            document = found;
        }
        return document;
    }

    private int CountPlaces()
    {
        foreach (var slot in slots)
            slot.ReadPositions();
        var count = 0;
        foreach (var first in slots[0].Positions)
        {
            var isWhole = true;
            for (var i = 1; i < slots.Count && isWhole; i++)
                isWhole = slots[i].Positions.BinarySearch(first + slots[i].Offset - slots[0].Offset) >= 0;
            if (isWhole)
                count++;
        }
        return count;
    }

    /// <summary>The documents that have any of a place's terms.</summary>
    internal sealed class Slot(int offset, PostingCursor[] terms) : IDisposable
    {
        private readonly List<int> _ofTerm = [];
        private uint _document;

        public int Offset => offset;

        /// <summary>Where the terms are in the present document, in order.</summary>
        public List<int> Positions { get; } = [];

        public int Length => terms.First(term => term.Document == _document).Length;

        public uint MoveTo(uint document)
        {
            if (_document >= document && _document != 0)
                return _document;
            _document = End;
            foreach (var term in terms)
            {
                term.MoveTo(document);
                _document = Math.Min(_document, term.Document);
            }
            return _document;
        }

        public void ReadPositions()
        {
            Positions.Clear();
            foreach (var term in terms)
            {
                if (term.Document != _document)
                    continue;
                term.ReadPositions(_ofTerm);
                Positions.AddRange(_ofTerm);
            }
            if (terms.Length > 1)
                Positions.Sort();
        }

        public void Dispose()
        {
            foreach (var term in terms)
                term.Dispose();
        }
    }
}
