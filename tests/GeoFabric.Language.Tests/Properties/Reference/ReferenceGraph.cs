using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>What traversals and searches of paths have in common: each step is found by looking at all edges.</summary>
internal sealed class ReferenceGraph(ReferenceContext context, ReferenceExpressions expressions, ReferenceData data)
{
    /// <summary>The edge collections that a query names, each with its direction.</summary>
    public List<(string Collection, EdgeDirection Direction)> Edges(GraphSyntax graph, EdgeDirection direction) => graph.Name is null
        ? [.. graph.EdgeCollections.Select(edges => (((NameSyntax)edges.Collection).Name, edges.Direction ?? direction)).Distinct()]
        : expressions.Evaluate(graph.Name, null).Text == GeneratedData.Graph.Name
        ? [.. GeneratedData.Graph.Edges.Select(edges => (edges.Collection, direction))]
        : throw new NotSupportedException("another graph");

    /// <summary>The vertex that a value names, or null. One without a document is there by the edges that lead on from it.</summary>
    /// <param name="isTarget">Whether paths end there.</param>
    public string? Vertex(Value value, List<(string Collection, EdgeDirection Direction)> edges, bool isTarget)
    {
        if (value.IsObject && !value.TryGetAttribute("_id"u8, out value))
            return null;
        if (!value.IsString || !value.Text.Contains('/', StringComparison.Ordinal))
        {
            context.Warn(ErrorCodes.BadParameter);
            return null;
        }
        var walked = isTarget ? [.. edges.Select(edge => (edge.Collection, Reverse(edge.Direction)))] : edges;
        return data.Find(value.Text).IsNull && !Steps(walked, value.Text).Any() ? null : value.Text;
    }

    public Value Document(string vertex) => data.Find(vertex);

    public IEnumerable<(Value Edge, string Next)> Steps(List<(string Collection, EdgeDirection Direction)> edges, string vertex)
    {
        foreach (var (collection, direction) in edges)
        {
            foreach (var edge in data.Collection(collection))
            {
                var (from, to) = (ReferenceValues.Attribute(edge, "_from").Text, ReferenceValues.Attribute(edge, "_to").Text);
                if (direction != EdgeDirection.Inbound && from == vertex)
                    yield return (edge, to);
                // From a vertex to itself both ways are one.
                else if (direction != EdgeDirection.Outbound && to == vertex)
                    yield return (edge, from);
            }
        }
    }

    private static EdgeDirection Reverse(EdgeDirection direction) => direction switch
    {
        EdgeDirection.Outbound => EdgeDirection.Inbound,
        EdgeDirection.Inbound => EdgeDirection.Outbound,
        _ => direction,
    };

    /// <summary>The options of a loop, of which there may be no others.</summary>
    public Value Options(ExpressionSyntax? syntax, params string[] known)
    {
        var options = syntax is null ? Value.EmptyObject : expressions.Evaluate(syntax, null);
        return ReferenceValues.Members(options).Find(member => !known.Contains(member.Name)).Name is { } other ? throw new NotSupportedException($"the option {other}") : options;
    }

    /// <summary>The weight of an edge, as the options say.</summary>
    public static double Weight(Value options, Value edge)
    {
        var attribute = ReferenceValues.Attribute(options, "weightAttribute");
        var own = attribute.IsString ? ReferenceValues.Attribute(edge, attribute.Text) : Value.Null;
        var other = ReferenceValues.Attribute(options, "defaultWeight");
        var weight = own.IsNumber ? own.Number : other.IsNumber ? other.Number : 1;
        return weight >= 0 ? weight : throw ErrorCodes.NegativeEdgeWeight.With("");
    }
}
