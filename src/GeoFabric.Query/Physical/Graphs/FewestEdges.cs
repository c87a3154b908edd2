namespace GeoFabric.Query.Physical.Graphs;

/// <summary>
/// A path of the fewest edges, searched from both ends, level by level, always on the side with fewer vertices to expand. Before a level is
/// expanded no vertex was reached from both ends, so every path is longer than both levels together, and the first meeting is one edge longer.
/// </summary>
internal sealed class FewestEdges(GraphReader graph, double weightOfEdge) : IShortestPath
{
    private readonly Side _forward = new(graph);
    private readonly Side _backward = new(graph);
    private readonly Expansion _expansion = new();
    private int _run;

    public FoundPath? Find(int start, int target, Restriction? restriction)
    {
        if (start == target)
            return new FoundPath([start], [], 0);
        _run++;
        _forward.Begin(start, _run);
        _backward.Begin(target, _run);
        while (_forward.Frontier.Count > 0 && _backward.Frontier.Count > 0)
        {
            var isForward = _forward.Frontier.Count <= _backward.Frontier.Count;
            if (isForward)
                graph.LookForward();
            else
                graph.LookBackward();
            if (Expand(isForward ? _forward : _backward, isForward ? _backward : _forward, restriction) is var meeting and >= 0)
                return SearchSide.Join(_forward, _backward, meeting, edges => weightOfEdge * edges);
        }
        return null;
    }

    public void Clear()
    {
        _forward.Clear();
        _backward.Clear();
        _run = 0;
    }

    /// <returns>A vertex that the other side has reached, or -1.</returns>
    private int Expand(Side side, Side other, Restriction? restriction)
    {
        side.Next.Clear();
        foreach (var vertex in side.Frontier)
        {
            _expansion.Begin(vertex);
            while (_expansion.TryNext(graph, out var step))
            {
                if (restriction?.Forbids(step) == true || !side.Reach(step, vertex, _run))
                    continue;
                if (other.HasReached(step.Vertex, _run))
                    return step.Vertex;
            }
        }
        (side.Frontier, side.Next) = (side.Next, side.Frontier);
        return -1;
    }

    private sealed class Side(GraphReader graph) : SearchSide
    {
        private readonly NumberedList<Reached> _reached = new(graph.Memory);

        public List<int> Frontier { get; set; } = [];

        public List<int> Next { get; set; } = [];

        public void Begin(int vertex, int run)
        {
            Frontier.Clear();
            Frontier.Add(vertex);
            _reached[vertex] = new Reached(run, -1, -1);
        }

        public bool HasReached(int vertex, int run) => _reached.Reaches(vertex) && _reached[vertex].Run == run;

        public bool Reach(Step step, int from, int run)
        {
            ref var reached = ref _reached[step.Vertex];
            if (reached.Run == run)
                return false;
            reached = new Reached(run, from, step.Edge);
            Next.Add(step.Vertex);
            return true;
        }

        protected override (int From, int Edge) Origin(int vertex) => (_reached[vertex].From, _reached[vertex].Edge);

        public void Clear() => _reached.Dispose();

        private readonly record struct Reached(int Run, int From, int Edge);
    }
}
