namespace GeoFabric.Language.Tests.Properties;

/// <summary>A graph as a list of edges, searched in the most obvious way.</summary>
internal sealed class EdgeList(IReadOnlyList<EdgeList.Edge> edges)
{
    public int Weight(string key) => edges.First(edge => edge.Key == key).Weight;

    /// <summary>All paths from a vertex whose number of edges lies in a range.</summary>
    public IEnumerable<Path> Paths(string start, string direction, int least, int most, bool hasUniqueVertices, bool hasUniqueEdges) =>
        Extend(new Path([start], []), direction, most, hasUniqueVertices, hasUniqueEdges).Where(path => path.Edges.Count >= least);

    /// <summary>The least number of edges, or weight, to each vertex that can be reached along the edges.</summary>
    public SortedDictionary<string, int> Distances(string start, bool isWeighted)
    {
        var distances = new SortedDictionary<string, int>(StringComparer.Ordinal) { [start] = 0 };
        for (var isChanged = true; isChanged;)
        {
            isChanged = false;
            foreach (var edge in edges.Where(edge => distances.ContainsKey(edge.From)))
            {
                var distance = distances[edge.From] + (isWeighted ? edge.Weight : 1);
                if (distances.TryGetValue(edge.To, out var known) && known <= distance)
                    continue;
                distances[edge.To] = distance;
                isChanged = true;
            }
        }
        return distances;
    }

    private IEnumerable<Path> Extend(Path path, string direction, int most, bool hasUniqueVertices, bool hasUniqueEdges)
    {
        yield return path;
        if (path.Edges.Count == most)
            yield break;
        foreach (var edge in edges)
        {
            var last = path.Vertices[^1];
            var next = direction != "INBOUND" && edge.From == last ? edge.To : direction != "OUTBOUND" && edge.To == last ? edge.From : null;
            if (next is null || (hasUniqueVertices && path.Vertices.Contains(next)) || (hasUniqueEdges && path.Edges.Contains(edge)))
                continue;
            foreach (var longer in Extend(new Path([.. path.Vertices, next], [.. path.Edges, edge]), direction, most, hasUniqueVertices, hasUniqueEdges))
                yield return longer;
        }
    }

    public sealed record Edge(string Key, string From, string To, int Weight);

    public sealed record Path(List<string> Vertices, List<Edge> Edges)
    {
        public string Text => string.Join(' ', Edges.Select(edge => edge.Key));
    }
}
