using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Optimizer;

/// <summary>A filter behind a traversal, as a condition on the steps of its paths.</summary>
/// <param name="IsExact">Whether the filter holds wherever the condition does; else paths too short for the condition still have to pass it.</param>
internal sealed record PathCondition(StepCondition Step, bool IsExact)
{
    /// <summary>Reads a filter condition; null when it says nothing about single steps.</summary>
    public static PathCondition? Read(Expression filter, TraversalNode node)
    {
        var variables = filter.Variables();
        var usesEnds = variables.Contains(node.Vertex) || (node.Edge is not null && variables.Contains(node.Edge));
        if (node.DeclaredPath is null || !variables.Contains(node.DeclaredPath))
            return usesEnds ? OnEnds(filter, node) : null;
        if (usesEnds || node.Edge is null)
            return null;
        return OnAll(filter, node) ?? OnPosition(filter, node);
    }

    /// <summary>With one depth only, what holds for the last vertex and edge holds at that depth.</summary>
    private static PathCondition? OnEnds(Expression filter, TraversalNode node) =>
        ConstantDepth(node.Least) is { } least && ConstantDepth(node.Most) == least
            ? new PathCondition(new StepCondition(least, IsOnEdge: false, filter), IsExact: true)
            : null;

    /// <summary><c>p.edges[*].a ALL == x</c>, also with NONE and for vertices.</summary>
    private static PathCondition? OnAll(Expression filter, TraversalNode node)
    {
        if (filter is not ArrayComparisonExpression { Quantifier: QuantifierKind.All or QuantifierKind.None, Left: ExpansionExpression elements } comparison
            || !elements.TryGetTail(out var names)
            || PathElement.IsEdges(elements.Target, node.DeclaredPath!) is not { } isEdge
            || comparison.Right.Uses(node.DeclaredPath!))
            return null;
        Expression element = new VariableExpression(isEdge ? node.Edge! : node.Vertex);
        foreach (var name in names)
            element = new AttributeExpression(element, name);
        Expression condition = new ComparisonExpression(comparison.Operator, element, comparison.Right);
        if (comparison.Quantifier == QuantifierKind.None)
            condition = new UnaryExpression(UnaryOperator.Not, condition);
        return new PathCondition(new StepCondition(null, isEdge, condition), IsExact: true);
    }

    /// <summary>A condition that reads one position of the path, such as <c>p.vertices[1].a == x</c>.</summary>
    private static PathCondition? OnPosition(Expression filter, TraversalNode node)
    {
        PathElement? element = null;
        var isOne = true;
        var condition = filter.Rewrite(part =>
        {
            if (PathElement.Of(part, node.DeclaredPath!) is not { } found)
                return part;
            isOne &= found == (element ??= found);
            return new VariableExpression(found.IsEdge ? node.Edge! : node.Vertex);
        });
        if (element is not { Position: >= 0 and < int.MaxValue } one || !isOne || condition.Uses(node.DeclaredPath!))
            return null;
        var depth = (int)one.Position + (one.IsEdge ? 1 : 0);
        return new PathCondition(new StepCondition(depth, one.IsEdge, condition), IsExact: ConstantDepth(node.Least) >= depth);
    }

    private static int? ConstantDepth(Expression depth) =>
        depth is ConstantExpression { Value: { IsInteger: true } value } && value.Integer is >= 0 and < int.MaxValue ? (int)value.Integer : null;
}
