using GeoFabric.Query.Expressions;

namespace GeoFabric.Query.Optimizer;

/// <summary>An edge or vertex of a path at a constant position, such as <c>p.edges[0]</c>.</summary>
internal readonly record struct PathElement(bool IsEdge, long Position)
{
    /// <summary>Reads an expression as an element of the path; null when it is none.</summary>
    public static PathElement? Of(Expression expression, Variable path) =>
        expression is IndexExpression { Index: ConstantExpression { Value: { IsInteger: true } position } } index && IsEdges(index.Target, path) is { } isEdge
            ? new PathElement(isEdge, position.Integer)
            : null;

    /// <summary>Whether an expression is the path's edges (true), its vertices (false), or neither (null).</summary>
    public static bool? IsEdges(Expression expression, Variable path) => expression switch
    {
        AttributeExpression { Name: "edges", Target: VariableExpression target } when ReferenceEquals(target.Variable, path) => true,
        AttributeExpression { Name: "vertices", Target: VariableExpression target } when ReferenceEquals(target.Variable, path) => false,
        _ => null,
    };
}
