using GeoFabric.Primitives.Errors;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Syntax;

/// <summary>What golden files cannot show: blank texts, places in the text, and the shape of very wide trees.</summary>
public sealed class QueryParserTests
{
    [Fact]
    public void An_empty_text_is_an_empty_query()
    {
        var exception = Assert.Throws<GeoFabricException>(() => QueryParser.Parse(""));

        Assert.Equal(1502, exception.ErrorNumber);
    }

    [Theory]
    [InlineData(" ")]
    [InlineData("\r\n\t ")]
    [InlineData("// comment")]
    [InlineData("/* comment */ ")]
    public void Blanks_and_comments_alone_are_a_syntax_error(string text)
    {
        var exception = Assert.Throws<GeoFabricException>(() => QueryParser.Parse(text));

        Assert.Equal(1501, exception.ErrorNumber);
    }

    [Theory]
    [InlineData("abc", 0, 1, 1)]
    [InlineData("abc", 3, 1, 4)]
    [InlineData("a\nb", 1, 1, 2)]
    [InlineData("a\nb", 2, 2, 1)]
    [InlineData("a\r\nb", 3, 2, 1)]
    [InlineData("a\rb", 2, 2, 1)]
    [InlineData("a\n\n\nbc", 5, 4, 2)]
    [InlineData("abc", 99, 1, 4)]
    public void Offsets_have_a_line_and_a_column(string text, int offset, int line, int column) =>
        Assert.Equal((line, column), new QueryText(text).Position(offset));

    [Fact]
    public void An_excerpt_is_cut_between_characters()
    {
        var text = new QueryText(new string('x', 59) + "😀" + "rest");

        Assert.Equal(new string('x', 59) + "...", text.Excerpt(0));
        Assert.Equal("rest", text.Excerpt(61));
        Assert.Equal("", text.Excerpt(1000));
    }

    [Fact]
    public void Syntax_knows_where_it_stands()
    {
        const string Text = "LET 😀 = 1";
        const string Query = "FOR doc IN coll FILTER doc.a == -(b + \"ü😀\") RETURN LENGTH(doc[*].x.y)";

        var operations = QueryParser.Parse(Query).Operations;

        Assert.Throws<GeoFabricException>(() => QueryParser.Parse(Text));
        Assert.Equal("FOR doc IN coll", Slice(Query, operations[0].Span));
        var condition = Assert.IsType<BinarySyntax>(Assert.IsType<FilterSyntax>(operations[1]).Condition);
        Assert.Equal("doc.a", Slice(Query, condition.Left.Span));
        Assert.Equal("b + \"ü😀\"", Slice(Query, Assert.IsType<UnarySyntax>(condition.Right).Operand.Span));
        var call = Assert.IsType<CallSyntax>(Assert.IsType<ReturnSyntax>(operations[2]).Expression);
        Assert.Equal("LENGTH(doc[*].x.y)", Slice(Query, call.Span));
        Assert.Equal("doc[*].x.y", Slice(Query, call.Arguments[0].Span));
    }

    [Theory]
    [InlineData(" || ")]
    [InlineData(" && ")]
    public void Thousands_of_conditions_become_a_shallow_tree_in_the_same_order(string separator)
    {
        var members = Enumerable.Range(0, 5_000).Select(i => $"d.a == {i}").ToList();

        var tree = QueryParser.Parse("FOR d IN c FILTER " + string.Join(separator, members) + " RETURN d");

        var condition = ((FilterSyntax)tree.Operations[1]).Condition;
        Assert.Equal(members, Leaves(condition));
        Assert.True(Depth(condition) < 20);
        var printed = SyntaxPrinter.Print(tree);
        Assert.Equal(printed, SyntaxPrinter.Print(QueryParser.Parse(printed)));
        Assert.Equal(SyntaxDump.Of(tree), SyntaxDump.Of(QueryParser.Parse(printed)));
    }

    [Fact]
    public void A_query_may_have_many_operations_but_not_any_number()
    {
        var most = string.Concat(Enumerable.Repeat("FILTER true ", SyntaxLimits.OperationsMax - 1));

        Assert.Equal(SyntaxLimits.OperationsMax, QueryParser.Parse(most + "RETURN 1").Operations.Length);
        Assert.Equal(32, Assert.Throws<GeoFabricException>(() => QueryParser.Parse(most + "FILTER true RETURN 1")).ErrorNumber);
    }

    private static string Slice(string text, SourceSpan span) => text[span.Start..span.End];

    private static IEnumerable<string> Leaves(ExpressionSyntax expression) =>
        expression is BinarySyntax { Operator: BinaryOperator.And or BinaryOperator.Or } binary
            ? Leaves(binary.Left).Concat(Leaves(binary.Right))
            : [SyntaxPrinter.Print(expression)];

    private static int Depth(ExpressionSyntax expression) =>
        expression is BinarySyntax { Operator: BinaryOperator.And or BinaryOperator.Or } binary ? 1 + Math.Max(Depth(binary.Left), Depth(binary.Right)) : 0;
}
