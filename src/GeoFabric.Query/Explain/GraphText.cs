using System.Collections.Immutable;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Logical;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Query.Explain;

/// <summary>Describes walks over graphs: one line for trees, named details for JSON.</summary>
internal static class GraphText
{
    public static string Describe(TraversalNode node)
    {
        var outputs = new List<string>();
        if (node.NeedsVertex)
            outputs.Add(node.Vertex.Name);
        AddIdentity(node, outputs);
        if (node.NeedsEdge && node.Edge is not null)
            outputs.Add(node.Edge.Name);
        outputs.AddRange(node.Path.All.Select(variable => variable.Name));
        var options = node.Options.ToString();
        return $"Traversal {(outputs.Count == 0 ? "(count only)" : string.Join(", ", outputs))} IN {Depth(node)} {Direction(node.Direction)} {node.Start} {node.Graph}"
            + (node.Conditions.IsEmpty ? "" : $" WHERE {string.Join(" && ", node.Conditions)}")
            + (node.Prune is null ? "" : $" PRUNE {node.Prune}")
            + (options.Length == 0 ? "" : $" ({options})");
    }

    public static void AddDetails(TraversalNode node, ImmutableArray<(string Name, Value Value)>.Builder details)
    {
        AddWalk(node.Direction, node.Graph, node.Options, details);
        details.Add(("start", Value.FromString(node.Start.ToString())));
        details.Add(("minDepth", Value.FromString(node.Least.ToString())));
        details.Add(("maxDepth", Value.FromString(node.Most.ToString())));
        details.Add(("pathOutVariables", Value.FromList([.. node.Path.All.Select(variable => Value.FromString(variable.Name))])));
        details.Add(("conditions", Value.FromList([.. node.Conditions.Select(condition => Value.FromString(condition.ToString()))])));
        if (node.Prune is not null)
            details.Add(("prune", Value.FromString(node.Prune.ToString())));
    }

    public static string Describe(PathSearchNode node)
    {
        var outputs = new List<string>();
        if (node.NeedsVertex && node.Vertex is not null)
            outputs.Add(node.Vertex.Name);
        AddIdentity(node, outputs);
        if (node.NeedsEdge && node.Edge is not null)
            outputs.Add(node.Edge.Name);
        outputs.AddRange(node.Path.All.Select(variable => variable.Name));
        var depth = node.Kind == PathSearchKind.KPaths ? $"{node.Least}..{node.Most} " : "";
        var options = node.Options.ToString();
        return $"{node.Kind} {(outputs.Count == 0 ? "(count only)" : string.Join(", ", outputs))} IN {depth}{Direction(node.Direction)} {node.Start} TO {node.Target} {node.Graph}"
            + (options.Length == 0 ? "" : $" ({options})");
    }

    public static void AddDetails(PathSearchNode node, ImmutableArray<(string Name, Value Value)>.Builder details)
    {
        AddWalk(node.Direction, node.Graph, node.Options, details);
        details.Add(("search", Value.FromString(node.Kind.ToString())));
        details.Add(("start", Value.FromString(node.Start.ToString())));
        details.Add(("target", Value.FromString(node.Target.ToString())));
        if (node.Kind == PathSearchKind.KPaths)
        {
            details.Add(("minDepth", Value.FromString(node.Least.ToString())));
            details.Add(("maxDepth", Value.FromString(node.Most.ToString())));
        }
        details.Add(("pathOutVariables", Value.FromList([.. node.Path.All.Select(variable => Value.FromString(variable.Name))])));
    }

    private static void AddIdentity(PathNode node, List<string> outputs)
    {
        if (node.VertexId is not null)
            outputs.Add(node.VertexId.Name);
        if (node.VertexKey is not null)
            outputs.Add(node.VertexKey.Name);
    }

    private static void AddWalk(EdgeDirection direction, GraphSource graph, TraversalOptions options, ImmutableArray<(string Name, Value Value)>.Builder details)
    {
        details.Add(("direction", Value.FromString(direction.ToString().ToLowerInvariant())));
        if (graph.Name is not null)
            details.Add(("graph", Value.FromString(graph.Name)));
        details.Add(("edgeCollections", Value.FromList([.. graph.Edges.Select(edges => Value.FromString($"{edges.Direction.ToString().ToUpperInvariant()} {edges.Collection.Name}"))])));
        details.Add(("options", Value.FromString(options.ToString())));
    }

    private static string Depth(TraversalNode node) => ReferenceEquals(node.Least, node.Most) ? node.Least.ToString() : $"{node.Least}..{node.Most}";

    private static string Direction(EdgeDirection direction) => direction.ToString().ToUpperInvariant();
}
