namespace GeoFabric.Query.Physical.Graphs;

/// <summary>
/// K_PATHS: all paths without loops whose number of edges lies in a range, depth first. How far each vertex is from the target is found first, so
/// that no step is taken from which the target cannot be reached in time.
/// </summary>
internal sealed class KPaths(GraphReader graph) : PathSearch
{
    private readonly NumberedList<int> _distances = new(graph.Memory);
    private readonly PathTree _tree = new(graph);
    private readonly List<Expansion> _expansions = [];
    private int _target;
    private long _least;
    private long _most;
    private bool _isAtStart;

    public override void Begin(int start, int target, long least, long most)
    {
        (_target, _least, _most) = (target, least, most);
        _isAtStart = true;
        Measure();
        graph.LookForward();
        _tree.Add(-1, new Step(start, -1), 0);
        if (CanArrive(start, 0))
            Open(0);
        else
            _tree.Clear();
    }

    public override bool TryNext(out FoundPath path)
    {
        if (_isAtStart && _tree.Count > 0 && _tree[0].Vertex == _target)
        {
            // A path that comes back has a loop.
            path = new FoundPath([_target], [], 0);
            _tree.Clear();
            return _least == 0;
        }
        _isAtStart = false;
        while (_tree.Count > 0)
        {
            var last = _tree.Count - 1;
            if (!_expansions[last].TryNext(graph, out var step))
            {
                _tree.RemoveLast();
                continue;
            }
            if (!CanArrive(step.Vertex, last + 1) || _tree.PassesVertex(last, step.Vertex))
                continue;
            if (step.Vertex != _target)
            {
                Open(_tree.Add(last, step, 0));
                continue;
            }
            if (last + 1 < _least)
                continue;
            path = Read(step);
            return true;
        }
        path = null!;
        return false;
    }

    public override void Clear()
    {
        _tree.Clear();
        _distances.Dispose();
    }

    /// <summary>Whether the target may be reached in time from a vertex at some depth.</summary>
    private bool CanArrive(int vertex, int depth) => _distances.Reaches(vertex) && _distances[vertex] is > 0 and var distance && depth + (distance - 1) <= _most;

    private void Open(int node)
    {
        if (node == _expansions.Count)
        {
            graph.Memory.Reserve(512);
            _expansions.Add(new Expansion());
        }
        _expansions[node].Begin(_tree[node].Vertex);
    }

    /// <summary>Distances to the target, plus one: 0 is not reached.</summary>
    private void Measure()
    {
        graph.LookBackward();
        var expansion = new Expansion();
        var frontier = new List<int> { _target };
        _distances[_target] = 1;
        for (var depth = 1L; depth <= _most && frontier.Count > 0; depth++)
        {
            var next = new List<int>();
            foreach (var vertex in frontier)
            {
                expansion.Begin(vertex);
                while (expansion.TryNext(graph, out var step))
                {
                    if (_distances[step.Vertex] != 0)
                        continue;
                    _distances[step.Vertex] = (int)depth + 1;
                    next.Add(step.Vertex);
                }
            }
            frontier = next;
        }
    }

    private FoundPath Read(Step last)
    {
        var vertices = new int[_tree.Count + 1];
        var edges = new int[_tree.Count];
        for (var i = 0; i < _tree.Count; i++)
        {
            vertices[i] = _tree[i].Vertex;
            if (i > 0)
                edges[i - 1] = _tree[i].Edge;
        }
        vertices[^1] = last.Vertex;
        edges[^1] = last.Edge;
        return new FoundPath(vertices, edges, edges.Length);
    }
}
