namespace GeoFabric.Query.Physical.Parallel;

/// <summary>
/// Says how many threads may help queries read big collections: those for which no query of the process has a use. Thread-safe.
/// </summary>
/// <param name="processors">Threads that work at one time, queries' own included.</param>
/// <param name="helpersMax">Most that help at one time, whatever the queries leave.</param>
public sealed class SpareThreads(int processors, int helpersMax)
{
    private int _queries;
    private int _helpers;

    /// <summary>Counts a query that begins.</summary>
    public void EnterQuery() => Interlocked.Increment(ref _queries);

    public void LeaveQuery() => Interlocked.Decrement(ref _queries);

    /// <summary>Takes a thread, to be given back by <see cref="Return"/>.</summary>
    /// <returns>False when none is free.</returns>
    public bool TryTake()
    {
        var helpers = Interlocked.Increment(ref _helpers);
        if (helpers <= helpersMax && helpers + Volatile.Read(ref _queries) <= processors)
            return true;
        Interlocked.Decrement(ref _helpers);
        return false;
    }

    /// <summary>Whether a helper should go back to make room: more queries have come than processors are left.</summary>
    public bool AreTooMany => Volatile.Read(ref _helpers) + Volatile.Read(ref _queries) > processors;

    public void Return() => Interlocked.Decrement(ref _helpers);
}
