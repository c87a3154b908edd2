namespace GeoFabric.Query.Physical.Graphs;

/// <summary>
/// K_SHORTEST_PATHS: paths without loops by increasing weight, by Yen's method. Each next path leaves one found before at some vertex, by an edge
/// that no found path with the same beginning takes there.
/// </summary>
internal sealed class KShortestPaths(GraphReader graph, IShortestPath search, bool hasWeights, double weightOfEdge) : PathSearch
{
    private readonly List<FoundPath> _found = [];
    private readonly PriorityQueue<FoundPath, (double Weight, int Order)> _candidates = new();
    private readonly HashSet<string> _known = new(StringComparer.Ordinal);
    private readonly Restriction _restriction = new();
    private int _start;
    private int _target;

    public override void Begin(int start, int target, long least, long most) => (_start, _target) = (start, target);

    public override bool TryNext(out FoundPath path)
    {
        if (_found.Count > 0)
            AddCandidates(_found[^1]);
        else if (search.Find(_start, _target, null) is { } first)
            AddCandidate(first);
        if (!_candidates.TryDequeue(out path!, out _))
            return false;
        _found.Add(path);
        return true;
    }

    public override void Clear()
    {
        _found.Clear();
        _candidates.Clear();
        _known.Clear();
        search.Clear();
    }

    private void AddCandidates(FoundPath last)
    {
        var weight = 0.0;
        for (var at = 0; at < last.Edges.Length; at++)
        {
            _restriction.Clear();
            for (var i = 0; i < at; i++)
                _restriction.Vertices.Add(last.Vertices[i]);
            foreach (var other in _found)
            {
                if (other.Edges.Length > at && other.Edges.AsSpan(0, at).SequenceEqual(last.Edges.AsSpan(0, at)))
                    _restriction.Edges.Add(other.Edges[at]);
            }
            if (search.Find(last.Vertices[at], _target, _restriction) is { } rest)
            {
                AddCandidate(new FoundPath(
                    [.. last.Vertices.AsSpan(0, at), .. rest.Vertices], [.. last.Edges.AsSpan(0, at), .. rest.Edges], weight + rest.Weight));
            }
            weight += hasWeights ? graph.Weight(last.Edges[at]) : weightOfEdge;
        }
    }

    private void AddCandidate(FoundPath path)
    {
        if (!_known.Add(string.Join(',', path.Edges)))
            return;
        graph.Memory.Reserve(128 + (16L * path.Vertices.Length));
        _candidates.Enqueue(path, (path.Weight, _known.Count));
    }
}
