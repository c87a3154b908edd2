namespace GeoFabric.Query.Syntax;

/// <summary>What can be told about a constant without evaluating expressions.</summary>
internal static class ConstantSyntax
{
    /// <summary>Whether a name, a collection or a subquery occurs in an expression.</summary>
    public static bool DependsOnRows(ExpressionSyntax expression)
    {
        var pending = new List<object> { expression };
        while (pending.Count > 0)
        {
            var node = pending[^1];
            pending.RemoveAt(pending.Count - 1);
            if (node is NameSyntax { Name: not ExpansionSyntax.ElementName } or CollectionParameterSyntax or SubquerySyntax)
                return true;
            SyntaxChildren.Add(node, pending);
        }
        return false;
    }

    /// <summary>The number of a literal, with a sign or without; null for everything else.</summary>
    public static double? Number(ExpressionSyntax expression) => expression switch
    {
        LiteralSyntax { Value.IsNumber: true } literal => literal.Value.Number,
        UnarySyntax { Operator: UnaryOperator.Minus, Operand: LiteralSyntax { Value.IsNumber: true } literal } => -literal.Value.Number,
        UnarySyntax { Operator: UnaryOperator.Plus, Operand: LiteralSyntax { Value.IsNumber: true } literal } => literal.Value.Number,
        _ => null,
    };
}
