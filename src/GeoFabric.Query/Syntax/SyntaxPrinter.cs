using System.Text;

namespace GeoFabric.Query.Syntax;

/// <summary>
/// Writes syntax as C8QL text in one line and one canonical form: the fewest brackets, keywords in capitals. Parsing the text of a parsed
/// query yields the same tree again.
/// </summary>
public static class SyntaxPrinter
{
    public static string Print(QuerySyntax query)
    {
        var output = new StringBuilder();
        new OperationPrinter(output).Append(query);
        return output.ToString();
    }

    public static string Print(OperationSyntax operation)
    {
        var output = new StringBuilder();
        new OperationPrinter(output).Append(operation);
        return output.ToString();
    }

    public static string Print(ExpressionSyntax expression)
    {
        var output = new StringBuilder();
        new OperationPrinter(output).Expressions.Append(expression);
        return output.ToString();
    }
}
