using GeoFabric.Primitives.Errors;

namespace GeoFabric.Query.Syntax;

/// <summary>Refuses trees that are deeper than <see cref="SyntaxLimits.TreeDepthMax"/>. Long chains such as 1+1+1+... nest without any bracket.</summary>
internal static class SyntaxDepth
{
    public static void Check(QueryText text, QuerySyntax query)
    {
        var pending = new Stack<(object Node, int Depth)>();
        var children = new List<object>();
        var operationCount = 0;
        pending.Push((query, 0));
        while (pending.TryPop(out var next))
        {
            children.Clear();
            SyntaxChildren.Add(next.Node, children);
            // Names and literals have no parts: they stand at a level and make none.
            if (next.Depth > SyntaxLimits.TreeDepthMax && children.Count > 0)
                throw SyntaxErrors.At(ErrorCodes.TooMuchNesting, text, Start(next.Node), $"more than {SyntaxLimits.TreeDepthMax} levels of operators, calls and subqueries");
            if (next.Node is OperationSyntax && ++operationCount > SyntaxLimits.OperationsMax)
                throw ErrorCodes.ResourceLimit.With($"the query has more than {SyntaxLimits.OperationsMax} operations");
            foreach (var child in children)
                pending.Push((child, child is ExpressionSyntax ? next.Depth + 1 : next.Depth));
        }
    }

    private static int Start(object node) => node switch
    {
        ExpressionSyntax expression => expression.Span.Start,
        OperationSyntax operation => operation.Span.Start,
        QuerySyntax query => query.Span.Start,
        _ => 0,
    };
}
