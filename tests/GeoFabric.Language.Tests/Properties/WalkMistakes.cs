using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties;

/// <summary>Traversals and searches of paths that go wrong on purpose.</summary>
internal static class WalkMistakes
{
    public static IReadOnlyList<EngineMistake> All { get; } =
    [
        EngineMistake.OfOperator("a traversal prunes nothing", node => node is TraversalNode { Prune: not null } traversal ? traversal with { Prune = null } : node),
        EngineMistake.OfOperator("a traversal walks any direction outbound", node =>
            node is TraversalNode traversal && traversal.Graph.Edges.Any(edges => edges.Direction == EdgeDirection.Any) ? traversal with { Graph = Outbound(traversal.Graph) } : node),
        EngineMistake.OfOperator("a walk in a named graph forgets its last edges", node =>
            node is PathNode { Graph: { Name: not null, Edges.Length: > 1 } graph } walk ? walk with { Graph = graph with { Edges = graph.Edges[..^1] } } : node),
        EngineMistake.OfOperator("a walk ignores which vertices are allowed", node => WithOptions(node, options => options with { VertexCollections = [] })),
        EngineMistake.OfOperator("a vertex comes twice on a path", node =>
            WithOptions(node, options => options.UniqueVertices == VertexUniqueness.Path ? options with { UniqueVertices = VertexUniqueness.None } : options)),
        EngineMistake.OfOperator("a vertex comes by every path", node =>
            WithOptions(node, options => options.UniqueVertices == VertexUniqueness.Global ? options with { UniqueVertices = VertexUniqueness.Path } : options)),
        EngineMistake.OfOperator("an edge comes twice on a path", node => WithOptions(node, options => options with { HasUniqueEdges = false })),
        EngineMistake.OfOperator("paths by weight come by length", node =>
            WithOptions(node, options => options.Order == TraversalOrder.Weighted ? options with { WeightAttribute = null } : options)),
        EngineMistake.OfOperator("paths by length come as they are found", node =>
            WithOptions(node, options => options.Order == TraversalOrder.BreadthFirst ? options with { Order = TraversalOrder.DepthFirst } : options)),
        EngineMistake.OfOperator("an edge without a weight counts one", node => WithOptions(node, options => options with { DefaultWeight = 1 })),
        EngineMistake.OfOperator("a search of paths ignores weights", node => node is PathSearchNode search ? WithOptions(search, options => options with { WeightAttribute = null }) : node),
        EngineMistake.OfOperator("a search of paths gives longer ones", node => node is PathSearchNode { Kind: PathSearchKind.KPaths, Most: ConstantExpression { Value.IsInteger: true } most } search
            ? search with { Most = new ConstantExpression(Value.FromInteger(most.Value.Integer + 1)) }
            : node),
        EngineMistake.OfOperator("all shortest paths are all paths", node =>
            node is PathSearchNode { Kind: PathSearchKind.AllShortestPaths } search ? search with { Kind = PathSearchKind.KPaths, Most = new ConstantExpression(Value.FromInteger(9)) } : node),
        EngineMistake.OfOperator("a search of paths begins at its target", node => node is PathSearchNode search ? search with { Start = search.Target, Target = search.Start } : node),
    ];

    private static GraphSource Outbound(GraphSource graph) => graph with { Edges = [.. graph.Edges.Select(edges => edges with { Direction = EdgeDirection.Outbound })] };

    private static LogicalNode WithOptions(LogicalNode node, Func<TraversalOptions, TraversalOptions> change) =>
        node is PathNode walk && change(walk.Options) is var changed && changed != walk.Options ? walk with { Options = changed } : node;
}
