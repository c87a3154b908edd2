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
            if (next.Depth > SyntaxLimits.TreeDepthMax)
                throw SyntaxErrors.At(ErrorCodes.TooMuchNesting, text, Start(next.Node), $"more than {SyntaxLimits.TreeDepthMax} levels of operators, calls and subqueries");
            if (next.Node is OperationSyntax && ++operationCount > SyntaxLimits.OperationsMax)
                throw ErrorCodes.ResourceLimit.With($"the query has more than {SyntaxLimits.OperationsMax} operations");
            children.Clear();
            SyntaxChildren.Add(next.Node, children);
            foreach (var child in children)
                pending.Push((child, next.Depth + 1));
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
