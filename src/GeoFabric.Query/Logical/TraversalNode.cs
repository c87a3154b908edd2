using System.Collections.Immutable;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Logical;

/// <summary>
/// A condition that the steps of every path have to meet, read through the traversal's own variables for vertex and edge: what does not meet it is
/// not walked over.
/// </summary>
/// <param name="Depth">The depth at which it holds; null for all.</param>
/// <param name="IsOnEdge">Whether it is about the edge that leads there (none at depth 0) as well; else about the vertex alone.</param>
public sealed record StepCondition(int? Depth, bool IsOnEdge, Expression Condition)
{
    public override string ToString() => Depth is null ? $"{Condition} everywhere" : $"{Condition} at depth {Depth}";
}

/// <summary><c>FOR v, e, p IN min..max direction start graph</c>: the paths that begin at a vertex.</summary>
/// <param name="Vertex">Last vertex of the path.</param>
/// <param name="Edge">Last edge of the path.</param>
/// <param name="Least">Depth from which paths are handed on.</param>
/// <param name="Most">Depth at which paths end; the same expression as <paramref name="Least"/> when only one was written.</param>
public sealed record TraversalNode(
    Variable Vertex,
    Variable? Edge,
    Expression Least,
    Expression Most,
    EdgeDirection Direction,
    Expression Start,
    GraphSource Graph,
    Variable? PruneVariable,
    Expression? Prune,
    TraversalOptions Options) : PathNode(Graph, Options)
{
    /// <summary>Whether anything behind or in the node reads the last vertex.</summary>
    public bool NeedsVertex { get; init; } = true;

    public bool NeedsEdge { get; init; } = true;

    public ImmutableArray<StepCondition> Conditions { get; init; } = [];

    /// <summary>Filter conditions that hold for every path handed on.</summary>
    public ImmutableArray<Expression> Covered { get; init; } = [];

    public override string TypeName => "TraversalNode";

    public override IEnumerable<Variable> Produced => new[] { Vertex, Edge, DeclaredPath, PruneVariable, Parts.Vertices, Parts.Edges, Parts.Weights, VertexId, VertexKey }.OfType<Variable>();

    public override IEnumerable<Expression> Expressions
    {
        get
        {
            yield return Least;
            yield return Most;
            yield return Start;
            if (Prune is not null)
                yield return Prune;
            foreach (var condition in Conditions)
                yield return condition.Condition;
        }
    }

    public override LogicalNode MapExpressions(Func<Expression, Expression> map) => this with
    {
        Least = map(Least),
        Most = map(Most),
        Start = map(Start),
        Prune = Prune is null ? null : map(Prune),
        Conditions = [.. Conditions.Select(condition => condition with { Condition = map(condition.Condition) })],
    };
}
