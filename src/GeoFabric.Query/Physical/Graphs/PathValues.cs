using GeoFabric.Primitives.Values;
using GeoFabric.Query.Expressions;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Physical.Graphs;

/// <summary>Makes the values of path variables.</summary>
internal static class PathValues
{
    /// <summary>Sets the variables of a path, or those of them that are wanted.</summary>
    public static void Write(
        Span<Value> row, PathVariables variables, IReadOnlySet<Variable>? wanted, PathTree tree, int node, QueryContext context, TraversalOptions options)
    {
        if (IsWanted(variables.Vertices, wanted))
            row[variables.Vertices!.Slot] = tree.Vertices(node);
        if (IsWanted(variables.Edges, wanted))
            row[variables.Edges!.Slot] = tree.Edges(node);
        // Only walks ordered by weight have weights.
        var hasWeights = options.Order == TraversalOrder.Weighted;
        if (IsWanted(variables.Weights, wanted))
            row[variables.Weights!.Slot] = hasWeights ? tree.Weights(node) : default;
        if (!IsWanted(variables.Whole, wanted))
            return;
        var path = Build(context, tree.Vertices(node), tree.Edges(node), "weights"u8, hasWeights ? tree.Weights(node) : default);
        row[variables.Whole!.Slot] = path;
    }

    /// <summary>The path as an object.</summary>
    /// <param name="more">A further attribute; left out when it is null.</param>
    public static Value Build(QueryContext context, Value vertices, Value edges, ReadOnlySpan<byte> moreName = default, Value more = default)
    {
        var builder = context.RentBuilder();
        builder.BeginObject();
        builder.WriteAttribute("vertices"u8, vertices);
        builder.WriteAttribute("edges"u8, edges);
        if (!more.IsNull)
            builder.WriteAttribute(moreName, more);
        builder.EndObject();
        var path = builder.Build();
        context.ReturnBuilder(builder);
        return path;
    }

    private static bool IsWanted(Variable? variable, IReadOnlySet<Variable>? wanted) => variable is not null && (wanted is null || wanted.Contains(variable));
}
