using System.Collections.Immutable;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Syntax;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Search;

/// <summary>
/// Reads from requests by which scores the best documents will be asked for, and shows it in answers. Nothing is made of it: the best by any score are
/// found without it. What is no order by a score is refused all the same, so that a mistake is not told back as if it were understood.
/// </summary>
internal static class ScoreOrderReader
{
    public const int OrdersMax = 64;
    public const int LengthMax = 256;

    private const string Name = "optimizeTopK";

    /// <returns>Null when the request says nothing.</returns>
    /// <exception cref="GeoFabricException">10.</exception>
    public static ImmutableArray<string>? Read(RequestFields body)
    {
        if (body.Body.GetAttribute("optimizeTopK"u8).IsNull)
            return null;
        var orders = body.Texts("optimizeTopK"u8);
        if (orders.Count > OrdersMax)
            throw ErrorCodes.BadParameter.With($"{Name} has {orders.Count} items; at most {OrdersMax}");
        foreach (var order in orders)
            Check(order);
        return [.. orders];
    }

    public static IEnumerable<(string Name, Value Value)> Describe(ImmutableArray<string> orders) => orders.IsEmpty ? [] : [(Name, ObjectValue.Strings(orders))];

    private static void Check(string order)
    {
        if (order.Length > LengthMax)
            throw Wrong(order[..40] + "...", $"it has {order.Length} characters, at most {LengthMax}");
        QuerySyntax query;
        try
        {
            // What is no expression alone makes more of a query than these three parts; a comment ends with its line.
            query = QueryParser.Parse($"FOR doc IN c SORT {order}\nRETURN doc");
        }
        catch (GeoFabricException)
        {
            throw Wrong(order, "it cannot be read as what stands behind SORT");
        }
        if (query.Operations is not [ForSyntax, SortSyntax { Items: [{ Direction: null } item] }, ReturnSyntax])
            throw Wrong(order, "it is more than one expression with ASC or DESC");
        if (item.Expression is not CallSyntax { Name: "BM25" or "TFIDF" } call)
            throw Wrong(order, "it is no call of BM25() or TFIDF()");
        if (call.Arguments is not [ValueParameterSyntax { Name: "doc" }, .. var parameters])
            throw Wrong(order, "the first argument is not @doc");
        if (call.Name == "BM25" ? parameters.Length > 2 || !parameters.All(IsNumber) : parameters.Length > 1 || !parameters.All(IsFlag))
            throw Wrong(order, "BM25() takes behind @doc up to two numbers, TFIDF() true or false");
    }

    private static bool IsNumber(ExpressionSyntax argument) => argument is LiteralSyntax { Value.IsNumber: true };

    private static bool IsFlag(ExpressionSyntax argument) => argument is LiteralSyntax { Value.IsBoolean: true };

    private static GeoFabricException Wrong(string order, string why) =>
        ErrorCodes.BadParameter.With($"{Name}: '{order}' is no order by a score such as \"BM25(@doc) DESC\" or \"TFIDF(@doc, true) DESC\": {why}");
}
