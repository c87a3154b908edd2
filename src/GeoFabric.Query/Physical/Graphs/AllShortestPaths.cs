namespace GeoFabric.Query.Physical.Graphs;

/// <summary>
/// ALL_SHORTEST_PATHS: searched from both ends like one shortest path, but remembering every way to each vertex, and to the end of the level in which
/// the sides meet. Each shortest path comes by exactly one vertex of that level; its ways to both ends are then counted through.
/// </summary>
internal sealed class AllShortestPaths(GraphReader graph) : PathSearch
{
    private readonly Side _forward = new(graph);
    private readonly Side _backward = new(graph);
    private readonly Expansion _expansion = new();
    private readonly List<int> _meetings = [];
    private int[] _ways = [];
    private int _ahead;
    private int _nextMeeting;
    private bool _isOnMeeting;

    public override void Begin(int start, int target, long least, long most)
    {
        _forward.Begin(start);
        _backward.Begin(target);
        if (start == target)
            _meetings.Add(start);
        while (_meetings.Count == 0 && _forward.Frontier.Count > 0 && _backward.Frontier.Count > 0)
        {
            if (_forward.Frontier.Count <= _backward.Frontier.Count)
            {
                graph.LookForward();
                Expand(_forward, _backward);
            }
            else
            {
                graph.LookBackward();
                Expand(_backward, _forward);
            }
        }
        _ahead = _forward.Depth;
        _ways = new int[_forward.Depth + _backward.Depth];
    }

    public override bool TryNext(out FoundPath path)
    {
        while (true)
        {
            if (_isOnMeeting ? Advance() : Enter())
            {
                path = Read();
                return true;
            }
            if (!_isOnMeeting)
            {
                path = null!;
                return false;
            }
            _isOnMeeting = false;
        }
    }

    public override void Clear()
    {
        _forward.Clear();
        _backward.Clear();
        _meetings.Clear();
        _nextMeeting = 0;
        _isOnMeeting = false;
    }

    private void Expand(Side side, Side other)
    {
        var next = new List<int>();
        side.Depth++;
        foreach (var vertex in side.Frontier)
        {
            _expansion.Begin(vertex);
            while (_expansion.TryNext(graph, out var step))
            {
                if (side.Reach(step, vertex))
                    next.Add(step.Vertex);
            }
        }
        side.Frontier = next;
        _meetings.AddRange(next.Where(other.HasReached));
    }

    private bool Enter()
    {
        if (_nextMeeting == _meetings.Count)
            return false;
        _isOnMeeting = true;
        Refill(0, _meetings[_nextMeeting++]);
        return true;
    }

    /// <summary>Takes the next way at the last place that has one.</summary>
    private bool Advance()
    {
        for (var at = _ways.Length - 1; at >= 0; at--)
        {
            var side = at < _ahead ? _forward : _backward;
            if (side.Ways[_ways[at]].Next is var next and >= 0)
            {
                _ways[at] = next;
                Refill(at + 1, side.Ways[next].From);
                return true;
            }
        }
        return false;
    }

    /// <summary>Takes the first way at each place from one on.</summary>
    private void Refill(int at, int vertex)
    {
        for (; at < _ways.Length; at++)
        {
            var side = at < _ahead ? _forward : _backward;
            if (at == _ahead)
                vertex = _meetings[_nextMeeting - 1];
            _ways[at] = side.FirstWay(vertex);
            vertex = side.Ways[_ways[at]].From;
        }
    }

    private FoundPath Read()
    {
        var vertices = new int[_ways.Length + 1];
        var edges = new int[_ways.Length];
        vertices[_ahead] = _meetings[_nextMeeting - 1];
        for (var i = 0; i < _ahead; i++)
        {
            var way = _forward.Ways[_ways[i]];
            vertices[_ahead - 1 - i] = way.From;
            edges[_ahead - 1 - i] = way.Edge;
        }
        for (var i = _ahead; i < _ways.Length; i++)
        {
            var way = _backward.Ways[_ways[i]];
            vertices[i + 1] = way.From;
            edges[i] = way.Edge;
        }
        return new FoundPath(vertices, edges, edges.Length);
    }

    private sealed class Side(GraphReader graph)
    {
        private readonly NumberedList<Reached> _reached = new(graph.Memory);

        public List<int> Frontier { get; set; } = [];

        /// <summary>Levels expanded so far.</summary>
        public int Depth { get; set; }

        /// <summary>All ways, those to one vertex linked to each other.</summary>
        public List<Way> Ways { get; } = [];

        public void Begin(int vertex)
        {
            Frontier = [vertex];
            _reached[vertex] = new Reached(1, -1);
        }

        public bool HasReached(int vertex) => _reached.Reaches(vertex) && _reached[vertex].DepthPlusOne > 0;

        public int FirstWay(int vertex) => _reached[vertex].FirstWay;

        /// <returns>Whether the vertex is new.</returns>
        public bool Reach(Step step, int from)
        {
            ref var reached = ref _reached[step.Vertex];
            var isNew = reached.DepthPlusOne == 0;
            if (!isNew && reached.DepthPlusOne != Depth + 1)
                return false;
            graph.Memory.Reserve(12);
            Ways.Add(new Way(from, step.Edge, isNew ? -1 : reached.FirstWay));
            reached = new Reached(Depth + 1, Ways.Count - 1);
            return isNew;
        }

        public void Clear()
        {
            Ways.Clear();
            Depth = 0;
            _reached.Dispose();
        }

        private readonly record struct Reached(int DepthPlusOne, int FirstWay);
    }

    private readonly record struct Way(int From, int Edge, int Next);
}
