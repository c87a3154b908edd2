namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Why one transaction commits before another. Ascending: a finding is named by the lowest kinds that suffice for a cycle.</summary>
internal enum CommitEdgeKind
{
    /// <summary>The next acknowledged transaction of the session.</summary>
    Session,

    /// <summary>The later one read from the earlier.</summary>
    ReadsFrom,

    /// <summary>A reader of the later version read from the writer of the earlier one in the same transaction.</summary>
    SeenTogether,

    /// <summary>The session of a reader of the later version had read from the writer of the earlier one before.</summary>
    SeenEarlier,

    /// <summary>The writer of the earlier version happened before a reader of the later one.</summary>
    HappenedBefore,
}

/// <summary>An edge of the commit relation.</summary>
/// <param name="Reader">For an order of versions: who read <paramref name="To"/>'s version of <paramref name="Key"/> although it had to see <paramref name="From"/>'s.</param>
internal readonly record struct CommitEdge(int From, int To, CommitEdgeKind Kind, int Reader = -1, int Key = -1);

/// <summary>The commit relation, to look for cycles in.</summary>
internal sealed class CommitGraph
{
    private readonly int[] _starts;
    private readonly CommitEdge[] _edges;

    /// <param name="count">Transactions are numbered from 0 to below this.</param>
    public CommitGraph(int count, IReadOnlyList<CommitEdge> edges)
    {
        _starts = new int[count + 1];
        _edges = new CommitEdge[edges.Count];
        foreach (var edge in edges)
            _starts[edge.From + 1]++;
        for (var i = 0; i < count; i++)
            _starts[i + 1] += _starts[i];
        var next = _starts.ToArray();
        foreach (var edge in edges)
            _edges[next[edge.From]++] = edge;
    }

    /// <summary>The sets of two and more transactions that are all before each other, by edges of kinds up to <paramref name="kindMax"/>.</summary>
    /// <remarks>Tarjan's algorithm with a stack of its own, as chains of thousands of transactions would overflow the thread's.</remarks>
    public List<List<int>> Components(CommitEdgeKind kindMax)
    {
        var count = _starts.Length - 1;
        var components = new List<List<int>>();
        var indexes = new int[count];
        var lows = new int[count];
        var isOpen = new bool[count];
        var next = _starts[..count];
        var open = new Stack<int>();
        var path = new Stack<int>();
        var nextIndex = 0;
        for (var root = 0; root < count; root++)
        {
            if (indexes[root] == 0)
                path.Push(root);
            while (path.TryPeek(out var node))
            {
                if (indexes[node] == 0)
                {
                    indexes[node] = lows[node] = ++nextIndex;
                    isOpen[node] = true;
                    open.Push(node);
                }
                if (TryDescend(node))
                    continue;
                path.Pop();
                if (path.TryPeek(out var parent))
                    lows[parent] = Math.Min(lows[parent], lows[node]);
                if (lows[node] == indexes[node])
                    Close(node);
            }
        }
        return components;

        bool TryDescend(int node)
        {
            while (next[node] < _starts[node + 1])
            {
                var edge = _edges[next[node]++];
                if (edge.Kind > kindMax)
                    continue;
                if (indexes[edge.To] == 0)
                {
                    path.Push(edge.To);
                    return true;
                }
                if (isOpen[edge.To])
                    lows[node] = Math.Min(lows[node], indexes[edge.To]);
            }
            return false;
        }

        void Close(int node)
        {
            var component = new List<int>();
            int member;
            do
            {
                member = open.Pop();
                isOpen[member] = false;
                component.Add(member);
            }
            while (member != node);
            if (component.Count > 1)
                components.Add(component);
        }
    }

    /// <summary>A cycle of few edges inside a component that <see cref="Components"/> found with the same kinds.</summary>
    /// <remarks>The shortest through any of <c>startsMax</c> transactions all over the component; where much is wrong, trying all would take long.</remarks>
    public List<CommitEdge> ShortCycle(List<int> component, CommitEdgeKind kindMax)
    {
        const int startsMax = 1000;
        var members = component.ToHashSet();
        List<CommitEdge> shortest = [];
        for (var i = 0; i < component.Count; i += 1 + (component.Count / startsMax))
        {
            if (CycleThrough(component[i], members, kindMax, i == 0 ? int.MaxValue : shortest.Count - 1) is { } cycle)
                shortest = cycle;
            if (shortest.Count == 2)
                break;
        }
        return shortest;
    }

    /// <summary>A shortest cycle through a transaction, or <see langword="null"/> if it has more than <paramref name="lengthMax"/> edges.</summary>
    private List<CommitEdge>? CycleThrough(int start, HashSet<int> members, CommitEdgeKind kindMax, int lengthMax)
    {
        var arrivals = new Dictionary<int, CommitEdge>();
        var pending = new Queue<(int Node, int Length)>([(start, 0)]);
        while (!arrivals.ContainsKey(start))
        {
            if (!pending.TryDequeue(out var reached) || reached.Length == lengthMax)
                return null;
            for (var i = _starts[reached.Node]; i < _starts[reached.Node + 1]; i++)
            {
                var edge = _edges[i];
                if (edge.Kind <= kindMax && members.Contains(edge.To) && arrivals.TryAdd(edge.To, edge))
                    pending.Enqueue((edge.To, reached.Length + 1));
            }
        }
        var cycle = new List<CommitEdge>();
        var at = start;
        do
        {
            cycle.Add(arrivals[at]);
            at = arrivals[at].From;
        }
        while (at != start);
        cycle.Reverse();
        return cycle;
    }
}
