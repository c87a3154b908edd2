namespace GeoFabric.Query.Physical.Graphs;

/// <summary>What a search from both ends has reached from one of them: every vertex knows the one before it.</summary>
internal abstract class SearchSide
{
    /// <summary>The path over a vertex that both sides have reached.</summary>
    /// <param name="weigh">Its weight by the number of its edges.</param>
    public static FoundPath Join(SearchSide forward, SearchSide backward, int meeting, Func<int, double> weigh)
    {
        var vertices = new List<int>();
        var edges = new List<int>();
        forward.Trace(meeting, vertices, edges);
        vertices.Reverse();
        edges.Reverse();
        vertices.RemoveAt(vertices.Count - 1);
        backward.Trace(meeting, vertices, edges);
        return new FoundPath([.. vertices], [.. edges], weigh(edges.Count));
    }

    /// <summary>The vertex before a reached one, -1 at the side's end, and the edge between.</summary>
    protected abstract (int From, int Edge) Origin(int vertex);

    /// <summary>Adds the vertices from one back to the side's end, and the edges between.</summary>
    private void Trace(int vertex, List<int> vertices, List<int> edges)
    {
        for (var at = vertex; at >= 0;)
        {
            vertices.Add(at);
            (at, var edge) = Origin(at);
            if (at >= 0)
                edges.Add(edge);
        }
    }
}
