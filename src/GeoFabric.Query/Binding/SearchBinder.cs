using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
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
        var (only, hint) = new OptionsBinder(state, expressions).ReadSearchOptions(loop.Options);
        string? indexName = null;
        var isView = state.TryGetView(source, out var view);
        if (isView)
            CheckCollections(state.UseView(view!, loop.Source.Span), only, source);
        else if (source.Length > 0)
            indexName = ChooseIndex(state.UseCollection(source, isWrite: false, loop.Source.Span), hint);
        scope.IsInsideLoop = true;
        var variable = declare(target.Name, target.Span);
        var scorers = new SearchScorers([]);
        state.Searches.Add(variable, scorers);
        var condition = loop.Search is null ? new ConstantExpression(Value.True) : expressions.Bind(loop.Search, scope);
        nodes.Add(new EnumerateViewNode(variable, source, isView, condition, scorers, only, indexName));
    }

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
