using GeoFabric.Database.Inverted;

namespace GeoFabric.Query.Search;

/// <summary>What a search looks for, with all values known. Opened once for each source.</summary>
internal abstract class SearchCondition
{
    public static SearchCondition All { get; } = new AllCondition();

    public static SearchCondition None { get; } = new NoneCondition();

    public abstract SearchIterator Open(SearchSource source);

    /// <summary>Adds what it looks for in strings.</summary>
    public virtual void AddTargets(ICollection<SearchTarget> targets)
    {
    }

    public static SearchCondition And(List<SearchCondition> parts)
    {
        if (parts.Contains(None))
            return None;
        parts.RemoveAll(part => part == All);
        return parts.Count switch
        {
            0 => All,
            1 => parts[0],
            _ => new AndCondition(parts),
        };
    }

    public static SearchCondition Or(List<SearchCondition> parts) => AtLeast(parts, 1);

    public static SearchCondition AtLeast(List<SearchCondition> parts, long least)
    {
        if (least <= 0)
            return All;
        if (least > parts.Count)
            return None;
        return parts.Count == 1 ? parts[0] : new OrCondition(parts, (int)least);
    }

    private sealed class AllCondition : SearchCondition
    {
        public override SearchIterator Open(SearchSource source) => new AllIterator(source.Reader.OpenAll());
    }

    private sealed class NoneCondition : SearchCondition
    {
        public override SearchIterator Open(SearchSource source) => new EmptyIterator();
    }

    private sealed class AndCondition(List<SearchCondition> parts) : SearchCondition
    {
        public override void AddTargets(ICollection<SearchTarget> targets) => parts.ForEach(part => part.AddTargets(targets));

        public override SearchIterator Open(SearchSource source)
        {
            // What is not to hold is taken away from what has to.
            var included = parts.Where(part => part is not NotCondition).Select(part => part.Open(source)).ToArray();
            Array.Sort(included, (left, right) => left.Cost.CompareTo(right.Cost));
            var excluded = parts.OfType<NotCondition>().Select(part => part.Negated.Open(source)).ToArray();
            SearchIterator all = included.Length switch
            {
                0 => All.Open(source),
                1 => included[0],
                _ => new ConjunctionIterator(included),
            };
            return excluded.Aggregate(all, (from, without) => new ExclusionIterator(from, without));
        }
    }

    private sealed class OrCondition(List<SearchCondition> parts, int least) : SearchCondition
    {
        public override void AddTargets(ICollection<SearchTarget> targets) => parts.ForEach(part => part.AddTargets(targets));

        public override SearchIterator Open(SearchSource source) => new DisjunctionIterator([.. parts.Select(part => part.Open(source))], least);
    }
}

/// <summary>All documents but those of a condition.</summary>
internal sealed class NotCondition(SearchCondition negated) : SearchCondition
{
    public SearchCondition Negated => negated;

    public override SearchIterator Open(SearchSource source) => new ExclusionIterator(All.Open(source), negated.Open(source));
}

/// <summary>An attribute has a term.</summary>
internal sealed class TermCondition(SearchPath path, string analyzer, byte[] term, double boost) : SearchCondition
{
    private double[]? _weights;
    private double _averageLength;
    private TermCounts _counts;

    public override void AddTargets(ICollection<SearchTarget> targets) =>
        targets.Add(new SearchTarget(path, analyzer, SearchTargetKind.Term, [(0, found => found.SequenceEqual(term))]));

    public override SearchIterator Open(SearchSource source)
    {
        if (path.IsTooLong)
            return new EmptyIterator();
        _weights ??= Weigh(source);
        return new TermIterator(source.Reader.OpenTerm(path, analyzer, term), source, _weights, _averageLength, _counts);
    }

    private double[] Weigh(SearchSource source)
    {
        _counts = source.CountTerm(path, analyzer, term);
        if (source.Functions.Length == 0)
            return [];
        (var documents, _averageLength) = source.CountField(path, analyzer);
        return [.. source.Functions.Select(function => boost * function.Weigh(documents, _counts.Documents))];
    }
}
