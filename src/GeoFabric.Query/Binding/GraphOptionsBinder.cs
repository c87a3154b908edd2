using System.Collections.Immutable;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Binding;

/// <summary>Reads the OPTIONS of traversals and path searches.</summary>
internal sealed class GraphOptionsBinder(OptionsBinder options)
{
    /// <param name="edgeCollections">The edge collections that may be walked; empty for all.</param>
    public TraversalOptions ReadTraversal(ExpressionSyntax? syntax, out ImmutableArray<string> edgeCollections)
    {
        var read = TraversalOptions.Default;
        var isBreadthFirst = false;
        TraversalOrder? order = null;
        edgeCollections = [];
        foreach (var (name, value) in options.ReadOfAccess(syntax))
        {
            switch (name)
            {
                case "order": order = ReadOrder(value); break;
                case "bfs": isBreadthFirst = value.IsTruthy; break;
                case "uniqueVertices": read = read with { UniqueVertices = ReadUniqueVertices(value) }; break;
                case "uniqueEdges": read = read with { HasUniqueEdges = ReadUniqueEdges(value) }; break;
                case "vertexCollections": read = read with { VertexCollections = OptionsBinder.ReadNames(value) }; break;
                case "edgeCollections": edgeCollections = OptionsBinder.ReadNames(value); break;
                default: read = ReadWeight(name, value, read); break;
            }
        }
        read = read with { Order = order ?? (isBreadthFirst ? TraversalOrder.BreadthFirst : TraversalOrder.DepthFirst) };
        if (read is { UniqueVertices: VertexUniqueness.Global, Order: TraversalOrder.DepthFirst })
            throw ErrorCodes.BadParameter.With("uniqueVertices \"global\" needs order \"bfs\" or \"weighted\", for which path comes to a vertex first would be chance otherwise");
        return read;
    }

    public TraversalOptions ReadPathSearch(ExpressionSyntax? syntax)
    {
        var read = TraversalOptions.Default;
        foreach (var (name, value) in options.ReadOfAccess(syntax))
            read = ReadWeight(name, value, read);
        return read;
    }

    private TraversalOptions ReadWeight(string name, Value value, TraversalOptions read)
    {
        switch (name)
        {
            case "weightAttribute":
                return value.IsString ? read with { WeightAttribute = value.Text } : throw ErrorCodes.BadParameter.With($"weightAttribute {value}; it is the name of an attribute");
            case "defaultWeight":
                if (!value.IsNumber)
                    throw ErrorCodes.BadParameter.With($"defaultWeight {value}; it is a number");
                return value.Number >= 0 ? read with { DefaultWeight = value.Number } : throw ErrorCodes.NegativeEdgeWeight.With($"defaultWeight {value}; weights are 0 or more");
            case "indexHint":
                // Edges are found through the edge index whatever else there is.
                return read;
            default:
                options.WarnUnknown(name);
                return read;
        }
    }

    private static TraversalOrder ReadOrder(Value value) => Text(value) switch
    {
        "dfs" => TraversalOrder.DepthFirst,
        "bfs" => TraversalOrder.BreadthFirst,
        "weighted" => TraversalOrder.Weighted,
        _ => throw ErrorCodes.BadParameter.With($"order {value}; it is one of \"dfs\", \"bfs\", \"weighted\""),
    };

    private static VertexUniqueness ReadUniqueVertices(Value value) => Text(value) switch
    {
        "none" => VertexUniqueness.None,
        "path" => VertexUniqueness.Path,
        "global" => VertexUniqueness.Global,
        _ => throw ErrorCodes.BadParameter.With($"uniqueVertices {value}; it is one of \"none\", \"path\", \"global\""),
    };

    private static bool ReadUniqueEdges(Value value) => Text(value) switch
    {
        "path" => true,
        "none" => false,
        _ => throw ErrorCodes.BadParameter.With($"uniqueEdges {value}; it is \"path\" or \"none\""),
    };

    private static string Text(Value value) => value.IsString ? value.Text : "";
}
