namespace GeoFabric.Cluster.Tests.Checking;

/// <summary>What happened before what: the transitive closure of session order and of who read from whom, as vector clocks.</summary>
/// <remarks>
/// <para>A lane is a chain of transactions, each before the next. The acknowledged transactions of a session are one. A transaction of unknown
/// outcome may take effect after its session has gone on: it comes after those before it, but what follows in the session need not see it.
/// So it goes to a side lane, whose last transaction happened before it; such chains are soon found, since what is seen at all is seen by many.</para>
/// <para>Time and space are O(n k) for n transactions and k lanes.</para>
/// </remarks>
internal sealed class CausalOrder
{
    public const int None = -1;

    private readonly ReadsFrom _reads;
    private readonly int[] _lanes;
    private readonly int[] _positions;
    private readonly List<List<int>> _members = [];

    /// <summary>By transaction and lane, how many of the lane's transactions happened before it, itself included. Shorter where later lanes did not exist yet.</summary>
    private readonly int[]?[] _clocks;

    private readonly int[] _sessionPredecessors;
    private readonly List<int> _order = [];
    private int _sessionLanes;

    public CausalOrder(ReadsFrom reads)
    {
        _reads = reads;
        var count = reads.Transactions.Count;
        _lanes = new int[count];
        _positions = new int[count];
        Array.Fill(_positions, int.MaxValue);
        _clocks = new int[]?[count];
        _sessionPredecessors = new int[count];
        FindSessionPredecessors();
        Sort();
    }

    /// <summary>Present transactions, causes before effects. Those on or behind a circle are missing.</summary>
    public IReadOnlyList<int> Order => _order;

    /// <summary>Whether some transaction happened before itself. Those on or behind the circle have no place then: nothing happened before or after them.</summary>
    public bool IsCircular { get; private set; }

    public int LaneCount => _members.Count;

    public int LaneOf(int transaction) => _lanes[transaction];

    public int PositionOf(int transaction) => _positions[transaction];

    public int MemberAt(int lane, int position) => _members[lane][position];

    /// <summary>The last acknowledged transaction before it in its session, or <see cref="None"/>.</summary>
    public int SessionPredecessor(int transaction) => _sessionPredecessors[transaction];

    /// <summary>Its session predecessor and those it read from; the latter may repeat.</summary>
    public IEnumerable<int> Predecessors(int transaction)
    {
        if (_sessionPredecessors[transaction] != None)
            yield return _sessionPredecessors[transaction];
        foreach (var read in _reads.ReadsOf(transaction))
        {
            if (read.Writer != ReadsFrom.Initial)
                yield return read.Writer;
        }
    }

    public bool HappenedBefore(int cause, int effect) => cause != effect && _positions[cause] < CountBefore(effect, _lanes[cause]);

    /// <summary>How many transactions of a lane happened before this one, which counts itself too in its own lane.</summary>
    public int CountBefore(int transaction, int lane) => _clocks[transaction] is { } clock && lane < clock.Length ? clock[lane] : 0;

    /// <summary>A shortest way from a cause to its effect, both included.</summary>
    public IReadOnlyList<int> Path(int cause, int effect)
    {
        var next = new Dictionary<int, int> { [effect] = effect };
        var pending = new Queue<int>([effect]);
        while (pending.TryDequeue(out var transaction) && transaction != cause)
        {
            foreach (var predecessor in Predecessors(transaction))
            {
                if (next.TryAdd(predecessor, transaction))
                    pending.Enqueue(predecessor);
            }
        }
        var path = new List<int> { cause };
        for (var at = cause; at != effect; path.Add(at))
            at = next[at];
        return path;
    }

    private void FindSessionPredecessors()
    {
        var lane = -1;
        var last = None;
        for (var transaction = 0; transaction < _sessionPredecessors.Length; transaction++)
        {
            if (transaction == 0 || _reads.Transactions[transaction].Session != _reads.Transactions[transaction - 1].Session)
            {
                lane++;
                last = None;
                _members.Add([]);
            }
            _lanes[transaction] = lane;
            _sessionPredecessors[transaction] = last;
            if (_reads.IsAcknowledged(transaction))
                last = transaction;
        }
        _sessionLanes = _members.Count;
    }

    /// <summary>Kahn's algorithm; a transaction gets its clock when all of its predecessors have theirs.</summary>
    private void Sort()
    {
        var count = _lanes.Length;
        var successors = new List<int>?[count];
        var missing = new int[count];
        var ready = new Queue<int>();
        var present = 0;
        for (var transaction = 0; transaction < count; transaction++)
        {
            if (!_reads.IsPresent(transaction))
                continue;
            present++;
            foreach (var predecessor in Predecessors(transaction))
            {
                (successors[predecessor] ??= []).Add(transaction);
                missing[transaction]++;
            }
            if (missing[transaction] == 0)
                ready.Enqueue(transaction);
        }
        while (ready.TryDequeue(out var transaction))
        {
            Place(transaction);
            foreach (var successor in successors[transaction] ?? [])
            {
                if (--missing[successor] == 0)
                    ready.Enqueue(successor);
            }
        }
        IsCircular = _order.Count < present;
    }

    private void Place(int transaction)
    {
        _order.Add(transaction);
        var clock = new int[_members.Count];
        foreach (var predecessor in Predecessors(transaction))
        {
            var before = _clocks[predecessor]!; // Sort places causes first.
            for (var i = 0; i < before.Length; i++)
                clock[i] = Math.Max(clock[i], before[i]);
        }
        if (!_reads.IsAcknowledged(transaction))
        {
            _lanes[transaction] = FindSideLane(clock);
            if (_lanes[transaction] == clock.Length)
                Array.Resize(ref clock, clock.Length + 1);
        }
        var members = _members[_lanes[transaction]];
        _positions[transaction] = members.Count;
        members.Add(transaction);
        clock[_lanes[transaction]] = members.Count;
        _clocks[transaction] = clock;
    }

    private int FindSideLane(int[] clock)
    {
        for (var lane = _sessionLanes; lane < _members.Count; lane++)
        {
            if (_members[lane].Count == clock[lane])
                return lane;
        }
        _members.Add([]);
        return _members.Count - 1;
    }
}
