using System.Collections.Immutable;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Binding;

/// <summary>Binds loops over graphs: traversals and path searches.</summary>
internal sealed class GraphBinder(BindingState state, ExpressionBinder expressions)
{
    public void BindTraversal(TraversalSyntax syntax, Scope scope, ImmutableArray<LogicalNode>.Builder nodes)
    {
        ThrowAfterModification(syntax.Span);
        var least = BindDepth(syntax.MinDepth, scope);
        var most = syntax.MaxDepth is null ? least : BindDepth(syntax.MaxDepth, scope);
        CheckKnown(least, most, syntax.Span);
        var start = expressions.Bind(syntax.Start, scope);
        var options = Options("TRAVERSAL").ReadTraversal(syntax.Options, out var only);
        var graph = BindGraph(syntax.Graph, syntax.Direction, syntax.Span);
        if (only.Length > 0)
            graph = graph with { Edges = graph.Edges.RemoveAll(edges => !only.Contains(edges.Collection.Name)) };
        scope.IsInsideLoop = true;
        var variables = syntax.Variables.Select(name => QueryBinder.DeclareListed(state, name, syntax.Span, scope)).ToList();
        var path = variables.ElementAtOrDefault(2);
        // PRUNE sees the traversal's own variables, but not the one it gives a name to.
        var prune = expressions.BindOptional(syntax.Prune, scope);
        ThrowAfterModification(syntax.Span);
        var pruned = syntax.PruneVariable is null ? null : QueryBinder.DeclareListed(state, syntax.PruneVariable, syntax.Span, scope);
        nodes.Add(new TraversalNode(
            variables[0], variables.ElementAtOrDefault(1), least, most, syntax.Direction, start, graph, pruned, prune, options)
        {
            DeclaredPath = path,
            Path = PathVariables.None with { Whole = path },
            Parts = MakeParts(path, "weights"),
        });
    }

    public void BindPathSearch(PathSearchSyntax syntax, Scope scope, ImmutableArray<LogicalNode>.Builder nodes)
    {
        ThrowAfterModification(syntax.Span);
        var least = BindDepth(syntax.MinDepth, scope);
        var most = syntax.MaxDepth is null ? least : BindDepth(syntax.MaxDepth, scope);
        CheckKnown(least, most, syntax.Span);
        var start = expressions.Bind(syntax.Start, scope);
        var target = expressions.Bind(syntax.Target, scope);
        ThrowAfterModification(syntax.Span);
        var options = Options(OperationPrinter.Keyword(syntax.Kind)).ReadPathSearch(syntax.Options);
        var graph = BindGraph(syntax.Graph, syntax.Direction, syntax.Span);
        scope.IsInsideLoop = true;
        var variables = syntax.Variables.Select(name => QueryBinder.DeclareListed(state, name, syntax.Span, scope)).ToList();
        var isVertices = syntax.Kind == PathSearchKind.ShortestPath;
        var path = isVertices ? null : variables[0];
        nodes.Add(new PathSearchNode(
            syntax.Kind, isVertices ? variables[0] : null, variables.ElementAtOrDefault(1), least, most, syntax.Direction, start, target, graph, options)
        {
            DeclaredPath = path,
            Path = PathVariables.None with { Whole = path },
            Parts = MakeParts(path, "weight"),
        });
    }

    private GraphOptionsBinder Options(string operation) => new(new OptionsBinder(state, expressions, operation));

    /// <summary>Variables for the parts of a path, should rules have a use for them. Their names are what they stand for.</summary>
    private PathVariables MakeParts(Variable? path, string weights) => path is null
        ? PathVariables.None
        : new PathVariables(null, state.TryNewVariable($"{path.Name}.vertices"), state.TryNewVariable($"{path.Name}.edges"), state.TryNewVariable($"{path.Name}.{weights}"));

    private Expression BindDepth(ExpressionSyntax? syntax, Scope scope) =>
        syntax is null ? new ConstantExpression(Value.FromInteger(1)) : expressions.Bind(syntax, scope);

    private void CheckKnown(Expression least, Expression most, SourceSpan span)
    {
        if (least is ConstantExpression { Value: { IsNumber: true } first } && most is ConstantExpression { Value: { IsNumber: true } last } && first.Number > last.Number)
            throw SyntaxErrors.Parse(state.Text, span.Start, "the greatest depth is less than the least,");
    }

    private void ThrowAfterModification(SourceSpan span)
    {
        if (state.Modified.Count > 0)
            throw ErrorCodes.AccessAfterModification.With($"a graph {state.Text.Where(span)} may not be walked after a modification; walk it before, or use two queries");
    }

    private GraphSource BindGraph(GraphSyntax syntax, EdgeDirection direction, SourceSpan span)
    {
        if (syntax.Name is not null)
            return BindNamed(syntax.Name, direction, span);
        var edges = ImmutableArray.CreateBuilder<GraphEdges>();
        foreach (var written in syntax.EdgeCollections)
            Add(expressions.CollectionName(written.Collection, null) ?? "", written.Direction ?? direction, written.Collection.Span, edges);
        return new GraphSource(null, edges.ToImmutable());
    }

    private GraphSource BindNamed(ExpressionSyntax syntax, EdgeDirection direction, SourceSpan span)
    {
        var name = expressions.StructuralConstant(syntax) is { IsString: true } text ? text.Text : "";
        if (name.Length == 0 && syntax is ValueParameterSyntax)
        {
            state.FailParameter(ErrorCodes.BindParameterType.With($"the graph {state.Text.Where(span)} must be given by its name, a string that is not empty"));
            return new GraphSource("", []);
        }
        var edges = ImmutableArray.CreateBuilder<GraphEdges>();
        if (state.FindGraph(name) is not { } graph)
            state.FailExistence(ErrorCodes.GraphNotFound.With($"'{name}'"));
        else if (graph.Edges.IsEmpty)
            state.FailExistence(ErrorCodes.EmptyGraph.With($"'{name}'"));
        else
        {
            foreach (var definition in graph.Edges)
                Add(definition.Collection, direction, span, edges);
        }
        return new GraphSource(name, edges.ToImmutable());
    }

    private void Add(string name, EdgeDirection direction, SourceSpan span, ImmutableArray<GraphEdges>.Builder edges)
    {
        if (name.Length == 0)
            return;
        var collection = state.UseCollection(name, isWrite: false, span);
        if (state.CollectionExists(name) && collection.Type != CollectionType.Edge)
            state.FailExistence(ErrorCodes.CollectionTypeInvalid.With($"'{name}' {state.Text.Where(span)} is no edge collection"));
        var known = edges.FirstOrDefault(other => other.Collection.Name == name);
        if (known is null)
            edges.Add(new GraphEdges(collection, direction));
        else if (known.Direction != direction)
            state.FailExistence(ErrorCodes.CollectionTypeInvalid.With($"'{name}' {state.Text.Where(span)} is walked in two directions; use ANY for both"));
    }
}
