namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>Adds to the commit relation what reads force on it, and reports its cycles.</summary>
internal sealed class CommitSaturation(ReadsFrom reads, CausalOrder order, CheckReport report)
{
    private readonly VersionLanes _versions = new(reads, order);
    private readonly List<CommitEdge> _forced = [];

    /// <summary>Reads of the absent version that had to see a writer; no cycle is needed to see that they are wrong.</summary>
    private readonly Dictionary<(int Reader, int Key), CommitEdge> _missed = [];

    public void Run()
    {
        foreach (var reader in order.Order)
            AddHappenedBefore(reader);
        var known = KnownEdges(reads, order);
        if (_missed.Count == 0 && new CommitGraph(reads.Transactions.Count, [.. known, .. _forced]).Components(CommitEdgeKind.HappenedBefore).Count == 0)
            return;

        // Something is wrong. The edges that give it a narrower name follow from the others, so sound histories do without.
        foreach (var reader in order.Order)
            AddSeenTogether(reader);
        AddSeenEarlier();
        Report(new CommitGraph(reads.Transactions.Count, [.. known, .. _forced]));
    }

    /// <summary>Session order and reads-from.</summary>
    public static List<CommitEdge> KnownEdges(ReadsFrom reads, CausalOrder order)
    {
        var edges = new List<CommitEdge>();
        for (var transaction = 0; transaction < reads.Transactions.Count; transaction++)
        {
            if (!reads.IsPresent(transaction))
                continue;
            if (order.SessionPredecessor(transaction) is >= 0 and var predecessor)
                edges.Add(new CommitEdge(predecessor, transaction, CommitEdgeKind.Session));
            foreach (var read in reads.ReadsOf(transaction))
            {
                if (read.Writer != ReadsFrom.Initial)
                    edges.Add(new CommitEdge(read.Writer, transaction, CommitEdgeKind.ReadsFrom, transaction, read.Key));
            }
        }
        return edges;
    }

    private void AddHappenedBefore(int reader)
    {
        var writers = new List<int>();
        foreach (var read in reads.ReadsOf(reader))
        {
            writers.Clear();
            _versions.FindLastBefore(reader, read.Key, writers);
            foreach (var writer in writers)
                Add(writer, reader, read, CommitEdgeKind.HappenedBefore);
        }
    }

    private void AddSeenTogether(int reader)
    {
        foreach (var seen in reads.ReadsOf(reader))
        {
            foreach (var read in reads.ReadsOf(reader))
            {
                if (seen.Writer != ReadsFrom.Initial && reads.Writes(seen.Writer, read.Key))
                    Add(seen.Writer, reader, read, CommitEdgeKind.SeenTogether);
            }
        }
    }

    /// <summary>Goes through each session, remembering the last writer of each key and lane among the transactions it has read from.</summary>
    private void AddSeenEarlier()
    {
        var session = "";
        var seen = new Dictionary<int, Dictionary<int, int>>();
        for (var reader = 0; reader < reads.Transactions.Count; reader++)
        {
            if (session != reads.Transactions[reader].Session)
                seen.Clear();
            session = reads.Transactions[reader].Session;
            if (!reads.IsAcknowledged(reader))
                continue;
            foreach (var read in reads.ReadsOf(reader))
            {
                foreach (var (lane, position) in seen.GetValueOrDefault(read.Key) ?? [])
                    Add(order.MemberAt(lane, position), reader, read, CommitEdgeKind.SeenEarlier);
            }
            foreach (var read in reads.ReadsOf(reader))
            {
                if (read.Writer != ReadsFrom.Initial)
                    Remember(read.Writer, seen);
            }
        }
    }

    private void Remember(int writer, Dictionary<int, Dictionary<int, int>> seen)
    {
        var lane = order.LaneOf(writer);
        foreach (var key in reads.WrittenKeysOf(writer))
        {
            if (!seen.TryGetValue(key, out var positions))
                seen[key] = positions = [];
            positions[lane] = Math.Max(positions.GetValueOrDefault(lane), order.PositionOf(writer));
        }
    }

    /// <summary>The reader had to see the writer's version but read another one, so the writer commits before that one's.</summary>
    private void Add(int writer, int reader, ExternalRead read, CommitEdgeKind kind)
    {
        var edge = new CommitEdge(writer, read.Writer, kind, reader, read.Key);
        if (writer == read.Writer || writer == reader)
            return;
        if (read.Writer == ReadsFrom.Initial)
        {
            if (!_missed.TryGetValue((reader, read.Key), out var known) || kind < known.Kind)
                _missed[(reader, read.Key)] = edge;
        }
        // What happened before anyway is in the relation already; most reads of a sound history end here.
        else if (!order.HappenedBefore(writer, read.Writer))
            _forced.Add(edge);
    }

    private void Report(CommitGraph graph)
    {
        var explanation = new CausalExplanation(reads, order);
        foreach (var edge in _missed.Values)
            report.Add(NameOf(edge.Kind), () => explanation.OfMissed(edge));
        var explained = new HashSet<int>();
        for (var kind = CommitEdgeKind.SeenTogether; kind <= CommitEdgeKind.HappenedBefore; kind++)
        {
            foreach (var component in graph.Components(kind))
            {
                // The cycle that a lower kind has made is in here again.
                if (!component.Exists(explained.Contains))
                    report.Add(NameOf(kind), () => explanation.OfCycle(graph.ShortCycle(component, kind)));
                explained.UnionWith(component);
            }
        }
    }

    private static AnomalyKind NameOf(CommitEdgeKind kind) => kind switch
    {
        CommitEdgeKind.SeenTogether => AnomalyKind.FracturedRead,
        CommitEdgeKind.SeenEarlier => AnomalyKind.NonMonotonicRead,
        _ => AnomalyKind.CausalityViolation,
    };
}
