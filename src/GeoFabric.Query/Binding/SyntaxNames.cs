using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Binding;

/// <summary>Finds the plain names in an expression, outside subqueries.</summary>
internal static class SyntaxNames
{
    public static IEnumerable<NameSyntax> In(ExpressionSyntax? syntax) => syntax switch
    {
        null => [],
        NameSyntax name => [name],
        ArraySyntax array => array.Items.SelectMany(In),
        ObjectSyntax members => members.Members.SelectMany(member => In(member.Name).Concat(In(member.Value))),
        AttributeSyntax attribute => In(attribute.Target),
        BoundAttributeSyntax attribute => In(attribute.Target),
        IndexSyntax index => In(index.Target).Concat(In(index.Index)),
        ExpansionSyntax expansion => In(expansion.Target).Concat(In(expansion.Filter)).Concat(In(expansion.Return)).Concat(In(expansion.Projection)),
        QuestionMarkSyntax question => In(question.Target).Concat(In(question.Condition)),
        UnarySyntax unary => In(unary.Operand),
        BinarySyntax binary => In(binary.Left).Concat(In(binary.Right)),
        ArrayComparisonSyntax comparison => In(comparison.Left).Concat(In(comparison.Right)),
        RangeSyntax range => In(range.Start).Concat(In(range.End)),
        ConditionalSyntax conditional => In(conditional.Condition).Concat(In(conditional.WhenTrue)).Concat(In(conditional.WhenFalse)),
        CallSyntax call => call.Arguments.SelectMany(In),
        _ => [],
    };
}
