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
        bool? isBreadthFirst = null;
        TraversalOrder? order = null;
        edgeCollections = [];
        foreach (var (name, value) in options.ReadOfAccess(syntax, KnownOptions.Traversal))
        {
            switch (name)
            {
                case "order": order = ReadOrder(value); break;
                case "bfs": isBreadthFirst = value.IsTruthy; break;
                case "uniqueVertices": read = read with { UniqueVertices = ReadUniqueVertices(value) }; break;
                case "uniqueEdges": read = read with { HasUniqueEdges = ReadUniqueEdges(value) }; break;
                case "vertexCollections": read = read with { VertexCollections = ReadCollections(name, value) }; break;
                case "edgeCollections": edgeCollections = ReadCollections(name, value); break;
                default: read = ReadWeight(name, value, read); break;
            }
        }
        if (isBreadthFirst is { } isAsked)
        {
            if (order is not null)
                options.Warn("'order' beside bfs");
            order = isAsked ? TraversalOrder.BreadthFirst : TraversalOrder.DepthFirst;
        }
        read = read with { Order = order ?? TraversalOrder.DepthFirst };
        if (read is { UniqueVertices: VertexUniqueness.Global, Order: TraversalOrder.DepthFirst })
            throw ErrorCodes.BadParameter.With("uniqueVertices \"global\" needs order \"bfs\" or \"weighted\", for which path comes to a vertex first would be chance otherwise");
        return read;
    }

    public TraversalOptions ReadPathSearch(ExpressionSyntax? syntax)
    {
        var read = TraversalOptions.Default;
        foreach (var (name, value) in options.ReadOfAccess(syntax, KnownOptions.PathSearch))
            read = ReadWeight(name, value, read);
        return read;
    }

    private static ImmutableArray<string> ReadCollections(string name, Value value) =>
        OptionsBinder.ReadNames(value) is var names && (value.IsString || (value.IsArray && names.Length == value.Items.Count))
            ? names
            : throw ErrorCodes.BadParameter.With($"{name} {value}; it is the name of a collection or an array of names");

    /// <summary>Any other option makes no difference: edges are found through the edge index, whatever else there is.</summary>
    private static TraversalOptions ReadWeight(string name, Value value, TraversalOptions read) => name switch
    {
        "weightAttribute" => read with { WeightAttribute = value.Text },
        "defaultWeight" => value.Number >= 0
            ? read with { DefaultWeight = value.Number }
            : throw ErrorCodes.NegativeEdgeWeight.With($"defaultWeight {value}; weights are 0 or more"),
        _ => read,
    };

    private static TraversalOrder ReadOrder(Value value) => Text(value) switch
    {
        "DFS" => TraversalOrder.DepthFirst,
        "BFS" => TraversalOrder.BreadthFirst,
        "WEIGHTED" => TraversalOrder.Weighted,
        _ => throw ErrorCodes.BadParameter.With($"order {value}; it is one of \"dfs\", \"bfs\", \"weighted\""),
    };

    private static VertexUniqueness ReadUniqueVertices(Value value) => Text(value) switch
    {
        "NONE" => VertexUniqueness.None,
        "PATH" => VertexUniqueness.Path,
        "GLOBAL" => VertexUniqueness.Global,
        _ => throw ErrorCodes.BadParameter.With($"uniqueVertices {value}; it is one of \"none\", \"path\", \"global\""),
    };

    private static bool ReadUniqueEdges(Value value) => Text(value) switch
    {
        "PATH" => true,
        "NONE" => false,
        _ => throw ErrorCodes.BadParameter.With($"uniqueEdges {value}; it is \"path\" or \"none\""),
    };

    /// <summary>Such words may be written in any case.</summary>
    private static string Text(Value value) => value.IsString ? value.Text.ToUpperInvariant() : "";
}
