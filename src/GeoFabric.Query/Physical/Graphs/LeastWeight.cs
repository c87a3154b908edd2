namespace GeoFabric.Query.Physical.Graphs;

/// <summary>
/// A path of the least weight: Dijkstra's search from both ends. No weight is negative, so once the nearest unsettled vertices of both ends are
/// together as far away as the best meeting, no better one can come: any other path goes through an unsettled vertex of each side.
/// </summary>
internal sealed class LeastWeight(GraphReader graph) : IShortestPath
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
        var best = double.PositiveInfinity;
        var meeting = -1;
        while (_forward.TryPeek(out var ahead) && _backward.TryPeek(out var behind) && ahead + behind < best)
        {
            var isForward = ahead <= behind;
            if (isForward)
                graph.LookForward();
            else
                graph.LookBackward();
            Settle(isForward ? _forward : _backward, isForward ? _backward : _forward, restriction, ref best, ref meeting);
        }
        return meeting < 0 ? null : SearchSide.Join(_forward, _backward, meeting, _ => best);
    }

    public void Clear()
    {
        _forward.Clear();
        _backward.Clear();
        _run = 0;
    }

    private void Settle(Side side, Side other, Restriction? restriction, ref double best, ref int meeting)
    {
        if (!side.TrySettle(out var vertex, out var distance))
            return;
        _expansion.Begin(vertex);
        while (_expansion.TryNext(graph, out var step))
        {
            if (restriction?.Forbids(step) == true || !side.Reach(step, vertex, distance + graph.Weight(step.Edge), _run, out var reached))
                continue;
            if (other.TryGetDistance(step.Vertex, _run, out var rest) && reached + rest < best)
            {
                best = reached + rest;
                meeting = step.Vertex;
            }
        }
    }

    private sealed class Side(GraphReader graph) : SearchSide
    {
        private readonly NumberedList<Reached> _reached = new(graph.Memory);
        private readonly PriorityQueue<int, (double Distance, int Vertex)> _queue = new();

        public void Begin(int vertex, int run)
        {
            _queue.Clear();
            _reached[vertex] = new Reached(run, -1, -1, 0, false);
            _queue.Enqueue(vertex, (0, vertex));
        }

        /// <summary>The distance of the nearest vertex that is not settled.</summary>
        public bool TryPeek(out double distance)
        {
            while (_queue.TryPeek(out var vertex, out var priority))
            {
                distance = priority.Distance;
                if (!_reached[vertex].IsSettled)
                    return true;
                _queue.Dequeue();
            }
            distance = 0;
            return false;
        }

        public bool TrySettle(out int vertex, out double distance)
        {
            vertex = _queue.Dequeue();
            ref var reached = ref _reached[vertex];
            distance = reached.Distance;
            if (reached.IsSettled)
                return false;
            reached = reached with { IsSettled = true };
            return true;
        }

        public bool TryGetDistance(int vertex, int run, out double distance)
        {
            distance = 0;
            if (!_reached.Reaches(vertex) || _reached[vertex].Run != run)
                return false;
            distance = _reached[vertex].Distance;
            return true;
        }

        public bool Reach(Step step, int from, double distance, int run, out double reachedAt)
        {
            reachedAt = distance;
            ref var reached = ref _reached[step.Vertex];
            if (reached.Run == run && reached.Distance <= distance)
                return false;
            graph.Memory.Reserve(24);
            reached = new Reached(run, from, step.Edge, distance, false);
            _queue.Enqueue(step.Vertex, (distance, step.Vertex));
            return true;
        }

        protected override (int From, int Edge) Origin(int vertex) => (_reached[vertex].From, _reached[vertex].Edge);

        public void Clear()
        {
            _queue.Clear();
            _reached.Dispose();
        }

        private readonly record struct Reached(int Run, int From, int Edge, double Distance, bool IsSettled);
    }
}
