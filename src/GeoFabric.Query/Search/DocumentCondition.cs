using GeoFabric.Database.Inverted;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Search;

/// <summary>
/// What terms cannot answer: an expression that is computed on each document that has the attributes it is about. It does not hold for documents it would
/// warn about. Every document scores the boost.
/// </summary>
/// <param name="paths">Attributes that have to be there; none for all documents.</param>
/// <param name="row">Variables around the search; the document is put into it.</param>
internal sealed class DocumentCondition(Expression test, IReadOnlyList<SearchPath> paths, Variable document, Value[] row, double boost) : SearchCondition
{
    public override SearchIterator Open(SearchSource source)
    {
        var candidates = And([.. paths.Select(path => (SearchCondition)new TermSetCondition(path, SearchTerms.Existence, TermBounds.All, boost))]);
        return new DocumentIterator(candidates.Open(source), source, this);
    }

    private double Boost => boost;

    private bool Holds(EvaluationContext context, Value candidate)
    {
        row[document.Slot] = candidate;
        var wasQuiet = context.IsQuiet;
        var warnings = context.QuietWarnings;
        context.IsQuiet = true;
        try
        {
            return test.Evaluate(context, row).IsTruthy && context.QuietWarnings == warnings;
        }
        finally
        {
            context.IsQuiet = wasQuiet;
        }
    }

    private sealed class DocumentIterator(SearchIterator candidates, SearchSource source, DocumentCondition condition) : SearchIterator
    {
        private int _steps;

        public override long Cost => candidates.Cost;

        public override double Best => condition.Boost;

        public override uint MoveTo(uint document)
        {
            if (Document >= document && Document != 0)
                return Document;
            for (Document = candidates.MoveTo(document); Document != End; Document = candidates.MoveTo(Document + 1))
            {
                if (++_steps % SearchLimits.PollEvery == 0)
                    source.Context.ThrowIfStopped();
                if (source.Reader.TryGetDocument(Document, out var found) && condition.Holds(source.Context, found))
                    break;
            }
            return Document;
        }

        public override double Score(int function) => condition.Boost;

        public override void Dispose() => candidates.Dispose();
    }
}
