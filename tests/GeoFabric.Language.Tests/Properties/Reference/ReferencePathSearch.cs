using GeoFabric.Primitives.Values;
using GeoFabric.Query.Syntax;

namespace GeoFabric.Language.Tests.Properties.Reference;

/// <summary>Searches of paths: all paths without loops are found, and then the wanted ones are picked.</summary>
internal sealed class ReferencePathSearch(ReferenceContext context, ReferenceExpressions expressions, ReferenceGraph graph)
{
    public IEnumerable<ReferenceRow?> Apply(PathSearchSyntax search, ReferenceRow? row)
    {
        var options = graph.Options(search.Options, "weightAttribute", "defaultWeight");
        var least = search.MinDepth is null ? 1 : expressions.Integer(expressions.Evaluate(search.MinDepth, row));
        var most = search.MaxDepth is null ? least : expressions.Integer(expressions.Evaluate(search.MaxDepth, row));
        var edges = graph.Edges(search.Graph, search.Direction);
        var start = graph.Vertex(expressions.Evaluate(search.Start, row), edges, isTarget: false);
        var target = graph.Vertex(expressions.Evaluate(search.Target, row), edges, isTarget: true);
        if (start is null || target is null)
            return [];
        // Without an attribute each edge counts the same.
        var isWeighted = ReferenceValues.Attribute(options, "weightAttribute").IsString;
        List<Path> paths = [.. Extend(edges, new Path([start], [], 0), target, isWeighted ? options : Value.EmptyObject)];
        return search.Kind switch
        {
            PathSearchKind.ShortestPath => Vertices(search, Least(paths, path => path.Weight), row),
            PathSearchKind.AllShortestPaths => Least(paths, path => path.Edges.Count).Select(path => Shown(search, path, Value.Null, row)),
            PathSearchKind.KShortestPaths => paths.OrderBy(path => path.Weight)
                .Select(path => Shown(search, path, isWeighted ? Value.FromDouble(path.Weight) : Value.FromInteger(path.Edges.Count), row)),
            _ => paths.Where(path => path.Edges.Count >= least && path.Edges.Count <= most).Select(path => Shown(search, path, Value.Null, row)),
        };
    }

    private static List<Path> Least(List<Path> paths, Func<Path, double> size) => [.. paths.Where(path => size(path) == paths.Min(size))];

    private IEnumerable<Path> Extend(List<(string Collection, EdgeDirection Direction)> edges, Path path, string target, Value options)
    {
        context.Step();
        if (path.Vertices[^1] == target)
        {
            yield return path;
            yield break;
        }
        foreach (var (edge, next) in graph.Steps(edges, path.Vertices[^1]))
        {
            if (path.Vertices.Contains(next))
                continue;
            foreach (var longer in Extend(edges, new Path([.. path.Vertices, next], [.. path.Edges, edge], path.Weight + ReferenceGraph.Weight(options, edge)), target, options))
                yield return longer;
        }
    }

    private ReferenceRow Shown(PathSearchSyntax search, Path path, Value weight, ReferenceRow? row)
    {
        List<(string, Value)> members = [("vertices", Value.FromList([.. path.Vertices.Select(graph.Document)])), ("edges", Value.FromList(path.Edges))];
        if (!weight.IsNull)
            members.Add(("weight", weight));
        return new ReferenceRow(search.Variables[0], ReferenceValues.Object(members), row);
    }

    /// <summary>The vertices of one of the given paths, any of which may come: what they do not share is not known.</summary>
    private IEnumerable<ReferenceRow?> Vertices(PathSearchSyntax search, List<Path> paths, ReferenceRow? row)
    {
        if (paths.Exists(path => path.Edges.Count != paths[0].Edges.Count))
            throw new NotSupportedException("shortest paths of several lengths");
        for (var i = 0; paths.Count > 0 && i < paths[0].Vertices.Count; i++)
        {
            var at = i;
            var found = Common(search.Variables[0], paths.ConvertAll(path => graph.Document(path.Vertices[at])), row);
            yield return search.Variables.Length == 1 ? found : Common(search.Variables[1], paths.ConvertAll(path => at == 0 ? Value.Null : path.Edges[at - 1]), found);
        }
    }

    private static ReferenceRow Common(string name, List<Value> values, ReferenceRow? row) =>
        new(name, values[0], row) { IsKnown = values.TrueForAll(value => ReferenceValues.AreEqual(value, values[0])) };

    private sealed record Path(List<string> Vertices, List<Value> Edges, double Weight);
}
