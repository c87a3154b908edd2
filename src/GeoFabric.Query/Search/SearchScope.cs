using System.Diagnostics.CodeAnalysis;
using GeoFabric.Database.Analysis;
using GeoFabric.Database.Inverted;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Search;

/// <summary>What holds for a part of a condition: ANALYZER() and BOOST() around it.</summary>
internal readonly record struct SearchTraits(AnalyzerDefinition Analyzer, double Boost)
{
    public static SearchTraits Default { get; } = new(AnalyzerDefinition.Identity, 1);
}

/// <summary>Reads the parts of a condition on one document variable: paths below it, and values that do not depend on it.</summary>
/// <param name="row">Variables around the search.</param>
internal sealed class SearchScope(Variable document, EvaluationContext context, Value[] row)
{
    public EvaluationContext Context => context;

    /// <summary>Whether any of the indexes knows items of arrays by their positions.</summary>
    public bool KnowsPositions { get; init; }

    /// <summary>Whether an expression says something about the document.</summary>
    public bool IsAbout(Expression expression) => expression.Uses(document);

    public bool TryReadPath(Expression expression, [NotNullWhen(true)] out SearchPath? path)
    {
        path = null;
        var names = new List<string>();
        while (true)
        {
            switch (expression)
            {
                case AttributeExpression attribute:
                    names.Add(attribute.Name);
                    expression = attribute.Target;
                    continue;
                case ExpansionExpression expansion when expansion.TryGetTail(out var tail):
                    // Items of an array are found under its own path.
                    for (var i = tail.Length - 1; i >= 0; i--)
                        names.Add(tail[i]);
                    expression = expansion.Target;
                    continue;
                case IndexExpression { Index: ConstantExpression { Value.IsString: true } name } index:
                    names.Add(name.Value.Text);
                    expression = index.Target;
                    continue;
                case IndexExpression { Index: ConstantExpression { Value: { IsInteger: true, Integer: >= 0 } position } } index when KnowsPositions:
                    names.Add(SearchPath.Position(position.Integer));
                    expression = index.Target;
                    continue;
                case VariableExpression variable when ReferenceEquals(variable.Variable, document) && names.Count > 0:
                    names.Reverse();
                    path = new SearchPath(names);
                    return true;
                default:
                    return false;
            }
        }
    }

    public SearchPath ReadPath(Expression expression, string function) => TryReadPath(expression, out var path)
        ? path
        : throw WrongArgument(function, $"the first argument, {expression}, must be an attribute of {document.Name}");

    /// <summary>A condition that is computed on each document that has all attributes of which the expression speaks.</summary>
    /// <param name="holdsWithout">Whether it may hold for documents without them.</param>
    public SearchCondition OnDocuments(Expression expression, SearchTraits traits, bool holdsWithout = false)
    {
        var paths = new List<SearchPath>();
        AddPaths(expression, paths);
        return new DocumentCondition(expression, holdsWithout ? [] : paths, document, row, traits.Boost);
    }

    private void AddPaths(Expression expression, List<SearchPath> paths)
    {
        System.Runtime.CompilerServices.RuntimeHelpers.EnsureSufficientExecutionStack();
        // Of an item its array is enough: the document is looked at anyway, and not every index knows positions.
        if (TryReadPath(expression, out var path) && !path.HasPositions)
        {
            paths.Add(path);
            return;
        }
        if (expression is VariableExpression variable && ReferenceEquals(variable.Variable, document))
            throw Unsupported(expression);
        foreach (var child in expression.Children)
            AddPaths(child, paths);
    }

    public Value Evaluate(Expression expression)
    {
        if (IsAbout(expression))
            throw Unsupported(expression);
        return expression.Evaluate(context, row);
    }

    public AnalyzerDefinition ReadAnalyzer(Expression expression, string function)
    {
        var name = Evaluate(expression);
        if (!name.IsString)
            throw WrongArgument(function, $"the analyzer must be a name, not {Shorten(name)}");
        return context.Reader.Catalog.TryGetAnalyzer(name.Text, out var analyzer)
            ? analyzer
            : throw WrongArgument(function, $"there is no analyzer '{Shorten(name)}'");
    }

    public static GeoFabricException Unsupported(Expression expression) => ErrorCodes.QueryParse.With(
        $"SEARCH cannot look for {expression}: it takes comparisons of attributes with values, IN, LIKE and the search functions, joined by AND, OR and NOT; use FILTER for the rest");

    public static GeoFabricException WrongArgument(string function, string detail) =>
        ErrorCodes.FunctionArgumentTypeMismatch.With($"{detail} in call to function '{function}()'");

    public static string Shorten(Value value)
    {
        var text = value.IsString ? value.Text : value.ToString();
        return text.Length <= 80 ? text : text[..77] + "...";
    }
}
