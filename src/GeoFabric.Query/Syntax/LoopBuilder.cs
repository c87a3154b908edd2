using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Grammar.Generated;

namespace GeoFabric.Query.Syntax;

/// <summary>Builds FOR over values, traversals and path searches.</summary>
internal sealed class LoopBuilder(QueryText query, ExpressionBuilder expressions, TargetBuilder targets)
{
    public OperationSyntax For(C8QLParser.ForOperationContext context)
    {
        if (context.graphWalk() is { } walk)
            return Walk(context, walk);
        if (context.name().Length > 0)
            throw SyntaxErrors.Parse(query, context.name(0).Start.StartIndex, "FOR binds one variable unless it follows a graph,");
        return new ForSyntax(
            targets.Target(context.target()),
            expressions.Build(context.expression()),
            expressions.BuildOptional(context.searchClause()?.expression()),
            TargetBuilder.Options(expressions, context.optionsClause()),
            ExpressionBuilder.Span(context));
    }

    private OperationSyntax Walk(C8QLParser.ForOperationContext context, C8QLParser.GraphWalkContext walk)
    {
        PathSearchKind? kind = walk.pathKind()?.Start.Type switch
        {
            null => null,
            C8QLParser.SHORTEST_PATH => PathSearchKind.ShortestPath,
            C8QLParser.ALL_SHORTEST_PATHS => PathSearchKind.AllShortestPaths,
            C8QLParser.K_SHORTEST_PATHS => PathSearchKind.KShortestPaths,
            _ => PathSearchKind.KPaths,
        };
        var variables = Variables(context, kind);
        var (least, most) = Depth(context, kind);
        var direction = Direction(walk.direction());
        var ends = walk.expression();
        var start = Vertex(ends[0]);
        var graph = Graph(walk.graph());
        var options = TargetBuilder.Options(expressions, walk.optionsClause());
        var span = ExpressionBuilder.Span(context);
        var prune = walk.pruneClause();
        if (kind is null)
        {
            return new TraversalSyntax(
                variables, least, most, direction, start, graph,
                prune?.name() is { } name ? ExpressionBuilder.Name(name) : null,
                expressions.BuildOptional(prune?.expression()), options, span);
        }
        if (prune is not null)
            throw SyntaxErrors.Unexpected(query, prune.Start.StartIndex, "PRUNE", "OPTIONS or the next operation, for only traversals can be pruned");
        return new PathSearchSyntax(kind.Value, variables, least, most, direction, start, Vertex(ends[1]), graph, options, span);
    }

    private ImmutableArray<string> Variables(C8QLParser.ForOperationContext context, PathSearchKind? kind)
    {
        if (context.target().name() is not { } first)
            throw SyntaxErrors.Parse(query, context.target().Start.StartIndex, "a graph loop binds plain variables, no patterns,");
        var more = context.name();
        var most = kind switch
        {
            null => 3,
            PathSearchKind.ShortestPath => 2,
            _ => 1,
        };
        if (more.Length >= most)
            throw SyntaxErrors.Parse(query, more[most - 1].Start.StartIndex, $"this graph loop binds at most {most} variable{(most == 1 ? "" : "s")},");
        return [ExpressionBuilder.Name(first), .. more.Select(ExpressionBuilder.Name)];
    }

    private (ExpressionSyntax? Least, ExpressionSyntax? Most) Depth(C8QLParser.ForOperationContext context, PathSearchKind? kind)
    {
        if (context.expression() is not { } written)
            return (null, null);
        var depth = expressions.Build(written);
        if (kind is not (null or PathSearchKind.KPaths))
            throw SyntaxErrors.Parse(query, depth.Span.Start, "only traversals and K_PATHS take a depth,");
        if (depth is not RangeSyntax range)
        {
            DemandDepth(depth);
            return (depth, null);
        }
        DemandDepth(range.Start);
        DemandDepth(range.End);
        if (ConstantSyntax.Number(range.Start) > ConstantSyntax.Number(range.End))
            throw SyntaxErrors.Parse(query, range.Span.Start, "the greatest depth is less than the least,");
        return (range.Start, range.End);
    }

    private void DemandDepth(ExpressionSyntax depth)
    {
        var number = ConstantSyntax.Number(depth);
        var isWrong = number is { } value ? value < 0 || value != Math.Truncate(value) : depth is LiteralSyntax or ArraySyntax or ObjectSyntax;
        if (isWrong)
            throw SyntaxErrors.Parse(query, depth.Span.Start, "a depth is a non-negative integer,");
    }

    private ExpressionSyntax Vertex(C8QLParser.ExpressionContext context)
    {
        var vertex = expressions.Build(context);
        if (vertex is LiteralSyntax { Value.Kind: ValueKind.Null or ValueKind.Boolean } || ConstantSyntax.Number(vertex) is not null)
            throw SyntaxErrors.Parse(query, vertex.Span.Start, "a vertex is a document or the text of its _id,");
        return vertex;
    }

    private static EdgeDirection Direction(C8QLParser.DirectionContext context) => context.Start.Type switch
    {
        C8QLParser.OUTBOUND => EdgeDirection.Outbound,
        C8QLParser.INBOUND => EdgeDirection.Inbound,
        _ => EdgeDirection.Any,
    };

    private GraphSyntax Graph(C8QLParser.GraphContext context)
    {
        if (context.GRAPH() is null)
        {
            return new GraphSyntax(null, [.. context.edgeCollection().Select(edges => new EdgeCollectionSyntax(
                edges.direction() is { } direction ? Direction(direction) : null, targets.Collection(edges.collection())))]);
        }
        if (context.VALUE_PARAMETER() is { } parameter)
            return new GraphSyntax(ExpressionBuilder.ValueParameter(parameter.Symbol), []);
        var name = context.name() is { } plain
            ? new LiteralSyntax(Value.FromString(ExpressionBuilder.Name(plain)), ExpressionBuilder.Span(plain))
            : expressions.Literal(context.STRING().Symbol);
        return new GraphSyntax(name, []);
    }
}
