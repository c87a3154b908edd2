using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Logical;

/// <summary>How BM25() and TFIDF() are told apart.</summary>
public enum ScorerKind
{
    Bm25,
    Tfidf,
}

/// <summary>A score of the documents a search finds, in a variable of its own.</summary>
/// <param name="Parameters">What follows the document in the call; evaluated once for each search.</param>
public sealed record SearchScorer(Variable Variable, ScorerKind Kind, ImmutableArray<Expression> Parameters)
{
    public override string ToString() => $"{Variable.Name} = {(Kind == ScorerKind.Bm25 ? "BM25" : "TFIDF")}({string.Join(", ", Parameters)})";
}

/// <summary>The scores asked for of one search. Grows while the query is bound, since calls come after their loop; not changed afterwards.</summary>
public sealed class SearchScorers(IEnumerable<SearchScorer> items)
{
    private readonly List<SearchScorer> _items = [.. items];

    public IReadOnlyList<SearchScorer> Items => _items;

    /// <summary>The variable of a score; calls that say the same share one.</summary>
    public Variable VariableOf(ScorerKind kind, ImmutableArray<Expression> parameters, Func<Variable> newVariable)
    {
        var scorer = new SearchScorer(default!, kind, parameters);
        var text = string.Join(", ", parameters);
        if (_items.Find(known => known.Kind == kind && string.Join(", ", known.Parameters) == text) is { } same)
            return same.Variable;
        _items.Add(scorer with { Variable = newVariable() });
        return _items[^1].Variable;
    }
}

/// <summary>The documents of a view, or of a collection with an inverted index, that a search condition holds for.</summary>
/// <param name="Source">Name of the view or collection.</param>
/// <param name="Condition">On <paramref name="Variable"/> and the variables around the loop.</param>
/// <param name="Collections">The collections of the view that are looked through; null for all.</param>
/// <param name="IndexName">Of a collection: the index.</param>
public sealed record EnumerateViewNode(
    Variable Variable, string Source, bool IsView, Expression Condition, SearchScorers Scorers, ImmutableArray<string>? Collections, string? IndexName) : LogicalNode, ICoveringLoop
{
    /// <summary>Set when only the documents with the highest scores are needed, offset and count together.</summary>
    public LimitNode? Top { get; init; }

    /// <summary>The scorer whose scores decide that.</summary>
    public int TopScorer { get; init; }

    /// <summary>Whether a filter behind it looks at every document again: then more may be found than the condition holds for, and none may be missing.</summary>
    public bool FindsCandidates { get; init; }

    /// <summary>Of a semantic view: its indexes. A rule finds the nearest there; no operator goes through such a view.</summary>
    public ImmutableArray<VectorSource>? Vectors { get; init; }

    /// <summary>What all indexes that are looked through keep of their documents.</summary>
    public ImmutableArray<IndexField> Held { get; init; } = [];

    /// <summary>All that is needed of the documents, unless they are read.</summary>
    public ImmutableArray<IndexProjection> Projections { get; init; } = [];

    public bool ReadsDocuments { get; init; } = true;

    public bool HasIds => true;

    public bool MayTellNothing => true;

    public LogicalNode With(ImmutableArray<IndexProjection> projections) => this with { Projections = projections, ReadsDocuments = false };

    public Expression DocumentOf(Expression identity) => new DocumentByIdExpression(identity);

    public override string TypeName => "EnumerateViewNode";

    public override IEnumerable<Variable> Produced =>
        [Variable, .. Scorers.Items.Select(scorer => scorer.Variable), .. Projections.Select(projection => projection.Variable)];

    public override IEnumerable<Expression> Expressions => Scorers.Items.SelectMany(scorer => scorer.Parameters).Prepend(Condition);

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with
    {
        Condition = map(Condition),
        Scorers = new SearchScorers(Scorers.Items.Select(scorer => scorer with { Parameters = [.. scorer.Parameters.Select(map)] })),
    };

    public override bool IsRowWise => Top is null;
}
