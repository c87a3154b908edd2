using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Search;

namespace GeoFabric.Query.Physical.Operators;

/// <summary>The documents a search finds, collection by collection in the order of their numbers, with the scores that were asked for.</summary>
internal sealed class ViewSearchOperator(QueryContext context, PhysicalOperator input, EnumerateViewNode node) : FanOutOperator(context, input)
{
    private readonly int[] _scoreSlots = [.. node.Scorers.Items.Select(scorer => scorer.Variable.Slot)];
    private readonly List<SearchSource> _sources = [];
    private readonly List<FoundDocuments> _found = [];
    private SearchCondition _condition = SearchCondition.None;
    private SearchIterator? _iterator;
    private List<ScoredDocument>? _top;
    private int _next;
    private int _steps;

    protected override void OpenSource(Span<Value> row)
    {
        var rowCopy = row.ToArray();
        var functions = new ScoreFunction[_scoreSlots.Length];
        for (var i = 0; i < functions.Length; i++)
            functions[i] = CreateFunction(node.Scorers.Items[i], rowCopy);
        _sources.Clear();
        _found.Clear();
        var knowsPositions = false;
        foreach (var (collection, index) in FindIndexes())
        {
            knowsPositions |= index.Search!.KnowsPositions;
            var reader = Context.Reader.OpenInverted(collection, index);
            Context.Statistics.CursorsCreated++;
            _sources.Add(new SearchSource(reader, functions, _sources, Context));
            _found.Add(new FoundDocuments(node, collection.Name, reader, Context));
        }
        _condition = node.FindsCandidates
            ? SearchConditionReader.ReadCandidates(node.Condition, node.Variable, Context, rowCopy)
            : SearchConditionReader.Read(node.Condition, node.Variable, Context, rowCopy, knowsPositions);
        _next = 0;
        _steps = 0;
        if (node.Top is not null)
            _top = new TopSearch(_condition, _sources, node.TopScorer, Context).Run(RowsNeeded(node.Top, rowCopy));
    }

    protected override bool Fill(RowBatch batch, Span<Value> row)
    {
        if (_top is not null)
        {
            for (; _next < _top.Count; _next++)
            {
                if (batch.IsFull)
                    return true;
                var found = _top[_next];
                if (!_found[found.Source].TryMoveTo(found.Number))
                    continue;
                Append(batch, row, _found[found.Source], found.Scores);
            }
            return false;
        }
        while (!batch.IsFull)
        {
            if (_iterator is null)
            {
                if (_next == _sources.Count)
                    return false;
                _iterator = _condition.Open(_sources[_next]);
            }
            if (_iterator.MoveTo(_iterator.Document + 1) == SearchIterator.End)
            {
                _iterator.Dispose();
                _iterator = null;
                _next++;
                continue;
            }
            if (++_steps % SearchLimits.PollEvery == 0)
                Context.ThrowIfStopped();
            if (!_found[_next].TryMoveTo(_iterator.Document))
                continue;
            var appended = Append(batch, row, _found[_next], []);
            for (var i = 0; i < _scoreSlots.Length; i++)
                appended[_scoreSlots[i]] = Value.FromDouble(_iterator.Score(i));
        }
        return true;
    }

    protected override void CloseSource()
    {
        _iterator?.Dispose();
        _iterator = null;
        _sources.Clear();
        _found.Clear();
        _top = null;
        _next = 0;
    }

    private Span<Value> Append(RowBatch batch, Span<Value> row, FoundDocuments found, double[] scores)
    {
        var appended = batch.Append(row);
        found.Write(appended);
        for (var i = 0; i < scores.Length; i++)
            appended[_scoreSlots[i]] = Value.FromDouble(scores[i]);
        Context.Statistics.ScannedIndex++;
        if (found.ReadsDocuments)
            Context.Statistics.DocumentLookups++;
        return appended;
    }

    /// <summary>The plan may be older than the view's or the collection's last change, so both are looked up again by name.</summary>
    private IEnumerable<(CollectionDefinition Collection, IndexDefinition Index)> FindIndexes()
    {
        if (!node.IsView)
        {
            var collection = Context.Reader.Catalog.GetCollection(node.Source);
            var index = collection.Indexes.FirstOrDefault(index => index.Name == node.IndexName)
                ?? throw ErrorCodes.IndexNotFound.With($"index '{node.IndexName}' of collection '{collection.Name}'");
            return [(collection, index)];
        }
        var view = Context.Reader.Catalog.GetView(node.Source);
        return Context.Reader.Catalog.LinksOf(view)
            .Where(link => node.Collections is not { } names || names.Contains(link.Collection.Name, StringComparer.Ordinal))
            .Select(link => (link.Collection, link.Collection.Indexes.FirstOrDefault(index => index.ViewId == view.Id)
                ?? throw ErrorCodes.IndexNotFound.With($"view '{view.Name}' is not over collection '{link.Collection.Name}' yet; try again")));
    }

    private ScoreFunction CreateFunction(SearchScorer scorer, Value[] row)
    {
        if (scorer.Kind == ScorerKind.Tfidf)
            return new TfidfFunction(scorer.Parameters.Length > 0 && scorer.Parameters[0].Evaluate(Context, row).IsTruthy);
        return new Bm25Function(ReadParameter(scorer, 0, 1.2, "k", row, double.MaxValue), ReadParameter(scorer, 1, 0.75, "b", row, 1));
    }

    private double ReadParameter(SearchScorer scorer, int position, double absent, string name, Value[] row, double max)
    {
        if (scorer.Parameters.Length <= position)
            return absent;
        var value = scorer.Parameters[position].Evaluate(Context, row);
        return value.IsNumber && value.Number >= 0 && value.Number <= max
            ? value.Number
            : throw SearchScope.WrongArgument("BM25", $"{name} must be a number from 0{(max == 1 ? " to 1" : "")}, not {SearchScope.Shorten(value)}");
    }

    private long RowsNeeded(LimitNode limit, Value[] row)
    {
        var take = LimitNumber.Read(limit.Count.Evaluate(Context, row), defaultValue: long.MaxValue);
        var skip = limit.Offset is null ? 0 : LimitNumber.Read(limit.Offset.Evaluate(Context, row), defaultValue: 0);
        return take > long.MaxValue - skip ? long.MaxValue : skip + take;
    }
}
