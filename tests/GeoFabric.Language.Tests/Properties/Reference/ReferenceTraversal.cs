using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>Traversals of edge collections: every path is walked, each step found by looking at all edges. The order of the paths is none of the language's.</summary>
internal sealed class ReferenceTraversal(ReferenceContext context, ReferenceExpressions expressions, ReferenceData data)
{
    public static IEnumerable<string> Names(TraversalSyntax traversal) =>
        traversal.PruneVariable is null ? traversal.Variables : [.. traversal.Variables, traversal.PruneVariable];

    /// <summary>The rows that one row becomes.</summary>
    public IEnumerable<ReferenceRow?> Apply(TraversalSyntax traversal, ReferenceRow? row)
    {
        var options = traversal.Options is null ? Value.Null : expressions.Evaluate(traversal.Options, null);
        var vertices = ReferenceValues.Attribute(options, "uniqueVertices");
        if (traversal.Graph.Name is not null || ReferenceValues.Members(options.IsObject ? options : ReferenceValues.Object([])).Exists(member => member.Name is not ("order" or "bfs" or "uniqueVertices" or "uniqueEdges")))
            throw new NotSupportedException("a traversal of a named graph, or with other options");
        var least = traversal.MinDepth is null ? 1 : expressions.Integer(expressions.Evaluate(traversal.MinDepth, row));
        var most = traversal.MaxDepth is null ? least : expressions.Integer(expressions.Evaluate(traversal.MaxDepth, row));
        if (Start(expressions.Evaluate(traversal.Start, row)) is not { } start)
            return [];
        var edges = ReferenceValues.Attribute(options, "uniqueEdges");
        var rules = new Rules(least, most, vertices.IsString && vertices.Text == "path", !(edges.IsString && edges.Text == "none"));
        return Walk(traversal, new Path([start], []), rules, row);
    }

    private string? Start(Value value)
    {
        if (value.IsObject && !value.TryGetAttribute("_id"u8, out value))
            return null;
        if (!value.IsString || !value.Text.Contains('/', StringComparison.Ordinal))
        {
            context.Warn(ErrorCodes.BadParameter);
            return null;
        }
        return data.Find(value.Text).IsNull ? null : value.Text;
    }

    private IEnumerable<ReferenceRow?> Walk(TraversalSyntax traversal, Path path, Rules rules, ReferenceRow? row)
    {
        context.Step();
        var depth = path.Edges.Count;
        List<Value> found = [data.Find(path.Vertices[^1]), depth == 0 ? Value.Null : path.Edges[^1], Shown(path)];
        var walked = row;
        for (var i = 0; i < traversal.Variables.Length; i++)
            walked = new ReferenceRow(traversal.Variables[i], found[i], walked);
        var pruned = traversal.Prune is null ? Value.False : expressions.Evaluate(traversal.Prune, walked);
        if (traversal.PruneVariable is not null)
            walked = new ReferenceRow(traversal.PruneVariable, pruned, walked);
        if (depth >= rules.Least)
            yield return walked;
        if (depth == rules.Most || ReferenceValues.IsTrue(pruned))
            yield break;
        foreach (var (edge, next) in Steps(traversal, path.Vertices[^1]))
        {
            if ((rules.HasUniqueVertices && path.Vertices.Contains(next)) || (rules.HasUniqueEdges && path.Edges.Exists(other => ReferenceValues.AreEqual(Id(other), Id(edge)))))
                continue;
            foreach (var longer in Walk(traversal, new Path([.. path.Vertices, next], [.. path.Edges, edge]), rules, row))
                yield return longer;
        }
    }

    private IEnumerable<(Value Edge, string Next)> Steps(TraversalSyntax traversal, string vertex)
    {
        foreach (var (ownDirection, collection) in traversal.Graph.EdgeCollections)
        {
            var direction = ownDirection ?? traversal.Direction;
            foreach (var edge in data.Collection(((NameSyntax)collection).Name))
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

    private Value Shown(Path path) => ReferenceValues.Object(
        [("vertices", Value.FromList([.. path.Vertices.Select(data.Find)])), ("edges", Value.FromList(path.Edges))]);

    private static Value Id(Value document) => ReferenceValues.Attribute(document, "_id");

    private sealed record Path(List<string> Vertices, List<Value> Edges);

    private sealed record Rules(long Least, long Most, bool HasUniqueVertices, bool HasUniqueEdges);
}
