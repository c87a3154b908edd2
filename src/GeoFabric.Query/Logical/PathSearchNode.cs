using GeoFabric.Query.Expressions;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Logical;

/// <summary><c>FOR v, e IN direction SHORTEST_PATH a TO b graph</c> and its kin: paths between two vertices.</summary>
/// <param name="Vertex">SHORTEST_PATH: the path's vertices, one for each row; null for the others, whose rows are paths.</param>
/// <param name="Edge">The edge that leads to the vertex.</param>
/// <param name="Least">K_PATHS: the least number of edges.</param>
public sealed record PathSearchNode(
    PathSearchKind Kind,
    Variable? Vertex,
    Variable? Edge,
    Expression Least,
    Expression Most,
    EdgeDirection Direction,
    Expression Start,
    Expression Target,
    GraphSource Graph,
    TraversalOptions Options) : PathNode(Graph, Options)
{
    public bool NeedsVertex { get; init; } = true;

    public bool NeedsEdge { get; init; } = true;

    public override string TypeName => Kind == PathSearchKind.ShortestPath ? "ShortestPathNode" : "EnumeratePathsNode";

    public override IEnumerable<Variable> Produced => new[] { Vertex, Edge, DeclaredPath, Parts.Vertices, Parts.Edges, Parts.Weights, VertexId, VertexKey }.OfType<Variable>();

    public override IEnumerable<Expression> Expressions => [Least, Most, Start, Target];

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) =>
        this with { Least = map(Least), Most = map(Most), Start = map(Start), Target = map(Target) };
}
