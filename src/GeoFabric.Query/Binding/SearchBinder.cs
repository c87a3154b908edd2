using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Search;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Binding;

/// <summary>Binds FOR over a view, and FOR with SEARCH over a collection that has an inverted index.</summary>
/// <param name="declare">Declares a variable of the query level.</param>
internal sealed class SearchBinder(BindingState state, ExpressionBinder expressions, Func<string, SourceSpan, Variable> declare)
{
    /// <param name="source">What the loop is over; null when it is no name.</param>
    public void Bind(ForSyntax loop, string? source, Scope scope, ImmutableArray<LogicalNode>.Builder nodes)
    {
        if (source is null)
            throw SyntaxErrors.Parse(state.Text, loop.Source.Span.Start, "SEARCH needs the name of a view, or of a collection with an inverted index, before it");
        if (loop.Target is not NameTargetSyntax target)
            throw SyntaxErrors.Parse(state.Text, loop.Target.Span.Start, "a loop over a view binds one variable, no pattern");
        var (only, hint) = new OptionsBinder(state, expressions, "FOR").ReadSearchOptions(loop.Options);
        string? indexName = null;
        ImmutableArray<IndexDefinition> indexes = [];
        var isView = state.TryGetView(source, out var view);
        if (isView)
        {
            var collections = state.UseView(view!, loop.Source.Span);
            CheckCollections(collections, only, source);
            if (view!.IsSemantic)
            {
                BindSemantic(loop, target, source, collections.Where(collection => only is not { } names || names.Contains(collection.Name)), view, scope, nodes);
                return;
            }
            indexes = [.. collections.SelectMany(collection => collection.Indexes.Where(index => index.ViewId == view!.Id))];
        }
        else if (source.Length > 0)
        {
            var collection = state.UseCollection(source, isWrite: false, loop.Source.Span);
            indexName = ChooseIndex(collection, hint);
            indexes = [.. collection.Indexes.Where(index => index.Name == indexName)];
        }
        scope.IsInsideLoop = true;
        var variable = declare(target.Name, target.Span);
        var scorers = new SearchScorers([]);
        state.Searches.Add(variable, scorers);
        var condition = loop.Search is null ? new ConstantExpression(Value.True) : expressions.Bind(loop.Search, scope);
        state.SearchedLoops.Add(variable, new SearchedLoop(variable, condition, isView ? view!.Id : 0, indexName));
        nodes.Add(new EnumerateViewNode(variable, source, isView, condition, scorers, only, indexName) { Held = HeldBy(indexes) });
    }

    /// <summary>A loop over a view that finds the nearest vectors: what is near to what is said by a SORT behind it.</summary>
    private void BindSemantic(
        ForSyntax loop, NameTargetSyntax target, string source, IEnumerable<CollectionDefinition> collections, ViewDefinition view, Scope scope, ImmutableArray<LogicalNode>.Builder nodes)
    {
        if (loop.Search is not null)
            throw ErrorCodes.BadParameter.With($"view '{source}' is of type '{ViewDefinition.SemanticType}', which SEARCH cannot look through: SORT by APPROX_NEAR_COSINE(), _L2() or _INNER_PRODUCT() with LIMIT, and FILTER");
        var vectors = collections.SelectMany(collection => collection.Indexes.Where(index => index.ViewId == view.Id).Select(index => new VectorSource(collection, index)));
        scope.IsInsideLoop = true;
        nodes.Add(new EnumerateViewNode(declare(target.Name, target.Span), source, IsView: true, new ConstantExpression(Value.True), new SearchScorers([]), null, null)
        {
            Vectors = [.. vectors],
        });
    }

    /// <summary>What all of the indexes keep of documents.</summary>
    private static ImmutableArray<IndexField> HeldBy(IReadOnlyList<IndexDefinition> indexes) =>
        indexes.Count == 0 ? [] : [.. indexes[0].Stored.Fields.Where(field => indexes.All(index => index.Stored.Fields.Contains(field)))];

    private static void CheckCollections(IReadOnlyList<CollectionDefinition> collections, ImmutableArray<string>? only, string view)
    {
        foreach (var name in only ?? [])
        {
            if (!collections.Any(collection => collection.Name == name))
                throw ErrorCodes.BadParameter.With($"OPTIONS collections: view '{view}' is not over a collection '{name}'");
        }
    }

    private string? ChooseIndex(CollectionDefinition collection, IndexHint hint)
    {
        var usable = collection.Indexes.Where(index => index.Kind == IndexKind.Inverted && index.ViewId == 0 && index.TypeName == "inverted" && !index.IsBuilding).ToList();
        foreach (var name in hint.Names)
        {
            if (usable.Any(index => index.Name == name))
                return name;
        }
        if (hint.IsForced)
            throw ErrorCodes.ForcedIndexHintUnusable.With($"collection '{collection.Name}' has no inverted index {string.Join(" or ", hint.Names.Select(name => $"'{name}'"))}");
        if (usable.Count == 0)
            state.FailExistence(ErrorCodes.IndexNotFound.With($"SEARCH over collection '{collection.Name}' needs an inverted index, or a view"));
        return usable.FirstOrDefault()?.Name;
    }
}
