using GeoFabric.Primitives.Values;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>Traversals: every path is walked. Of paths of one length or weight, the order is none of the language's.</summary>
internal sealed class ReferenceTraversal(ReferenceContext context, ReferenceExpressions expressions, ReferenceGraph graph)
{
    public static IEnumerable<string> Names(TraversalSyntax traversal) =>
        traversal.PruneVariable is null ? traversal.Variables : [.. traversal.Variables, traversal.PruneVariable];

    /// <summary>The rows that one row becomes.</summary>
    public IEnumerable<ReferenceRow?> Apply(TraversalSyntax traversal, ReferenceRow? row)
    {
        var options = graph.Options(
            traversal.Options, "order", "bfs", "uniqueVertices", "uniqueEdges", "vertexCollections", "edgeCollections", "weightAttribute", "defaultWeight");
        var least = traversal.MinDepth is null ? 1 : expressions.Integer(expressions.Evaluate(traversal.MinDepth, row));
        var most = traversal.MaxDepth is null ? least : expressions.Integer(expressions.Evaluate(traversal.MaxDepth, row));
        var only = Names(options, "edgeCollections");
        List<(string, EdgeDirection)> edges = [.. graph.Edges(traversal.Graph, traversal.Direction).Where(edges => only.Count == 0 || only.Contains(edges.Collection))];
        if (graph.Vertex(expressions.Evaluate(traversal.Start, row), edges, isTarget: false) is not { } start)
            return [];
        var order = Text(options, "order") ?? (ReferenceValues.IsTrue(ReferenceValues.Attribute(options, "bfs")) ? "bfs" : "dfs");
        var walk = new Rules(
            traversal, row, options, least, most, order, edges);
        var first = new Path([start], [], [0]);
        if (Text(options, "uniqueVertices") == "global")
            return Once(walk, first);
        var paths = Walk(walk, first);
        return (order switch { "dfs" => paths, "bfs" => paths.OrderBy(path => path.Path.Edges.Count), _ => paths.OrderBy(path => path.Path.Weights[^1]) }).Select(path => path.Row);
    }

    private IEnumerable<(Path Path, ReferenceRow? Row)> Walk(Rules rules, Path path)
    {
        var (row, isPruned) = Look(rules, path);
        if (path.Edges.Count >= rules.Least)
            yield return (path, row);
        if (path.Edges.Count == rules.Most || isPruned)
            yield break;
        foreach (var next in Next(rules, path))
        {
            foreach (var longer in Walk(rules, next))
                yield return longer;
        }
    }

    /// <summary>Each vertex by the first path that comes to it: the shortest, or the lightest.</summary>
    private List<ReferenceRow?> Once(Rules rules, Path first)
    {
        var rows = new List<ReferenceRow?>();
        var visited = new HashSet<string>(StringComparer.Ordinal);
        var open = new List<Path> { first };
        while (open.Count > 0)
        {
            var path = rules.Order == "weighted" ? open.MinBy(path => path.Weights[^1])! : open[0];
            open.Remove(path);
            if (!visited.Add(path.Vertices[^1]))
                continue;
            var (row, isPruned) = Look(rules, path);
            if (path.Edges.Count >= rules.Least)
                rows.Add(row);
            if (path.Edges.Count < rules.Most && !isPruned)
                open.AddRange(Next(rules, path).Where(next => !visited.Contains(next.Vertices[^1])));
        }
        return rows;
    }

    private (ReferenceRow? Row, bool IsPruned) Look(Rules rules, Path path)
    {
        context.Step();
        List<Value> found = [graph.Document(path.Vertices[^1]), path.Edges.Count == 0 ? Value.Null : path.Edges[^1], Shown(path, rules.Order == "weighted")];
        var row = rules.Row;
        for (var i = 0; i < rules.Traversal.Variables.Length; i++)
            row = new ReferenceRow(rules.Traversal.Variables[i], found[i], row);
        var pruned = rules.Traversal.Prune is null ? Value.False : expressions.Evaluate(rules.Traversal.Prune, row);
        if (rules.Traversal.PruneVariable is not null)
            row = new ReferenceRow(rules.Traversal.PruneVariable, pruned, row);
        return (row, ReferenceValues.IsTrue(pruned));
    }

    private IEnumerable<Path> Next(Rules rules, Path path)
    {
        var allowed = Names(rules.Options, "vertexCollections");
        var vertices = Text(rules.Options, "uniqueVertices");
        var edges = Text(rules.Options, "uniqueEdges");
        foreach (var (edge, next) in graph.Steps(rules.Edges, path.Vertices[^1]))
        {
            if ((vertices == "path" && path.Vertices.Contains(next)) || (allowed.Count > 0 && !allowed.Contains(next.Split('/')[0])))
                continue;
            if (vertices != "global" && edges != "none" && path.Edges.Exists(other => ReferenceValues.AreEqual(Id(other), Id(edge))))
                continue;
            yield return new Path([.. path.Vertices, next], [.. path.Edges, edge], [.. path.Weights, path.Weights[^1] + ReferenceGraph.Weight(rules.Options, edge)]);
        }
    }

    private Value Shown(Path path, bool hasWeights)
    {
        List<(string, Value)> members = [("vertices", Value.FromList([.. path.Vertices.Select(graph.Document)])), ("edges", Value.FromList(path.Edges))];
        if (hasWeights)
            members.Add(("weights", Value.FromList([.. path.Weights.Select(Value.FromDouble)])));
        return ReferenceValues.Object(members);
    }

    private static Value Id(Value document) => ReferenceValues.Attribute(document, "_id");

    private static string? Text(Value options, string name) => ReferenceValues.Attribute(options, name) is { IsString: true } value ? value.Text : null;

    private static List<string> Names(Value options, string name)
    {
        var value = ReferenceValues.Attribute(options, name);
        return value.IsString ? [value.Text] : value.IsArray ? ReferenceValues.Items(value).ConvertAll(item => item.Text) : [];
    }

    private sealed record Path(List<string> Vertices, List<Value> Edges, List<double> Weights);

    private sealed record Rules(
        TraversalSyntax Traversal, ReferenceRow? Row, Value Options, long Least, long Most, string Order, List<(string Collection, EdgeDirection Direction)> Edges);
}
