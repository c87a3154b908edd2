using GeoFabric.Primitives.Errors;

namespace GeoFabric.Query.Physical;

/// <summary>
/// What ends a query before its end: that it is killed, that its client goes away, or that it takes longer than it may. One for parsing, planning and
/// running it, so that no text keeps a thread for longer than its run would.
/// </summary>
/// <remarks>Asked by the query's threads; told by any.</remarks>
public sealed class StopSignal(TimeProvider clock, TimeSpan runtime, CancellationToken cancellation)
{
    private readonly long _deadline = clock.GetTimestamp() + (long)(Math.Min(runtime.TotalSeconds, 1e9) * clock.TimestampFrequency);
    private CancellationToken _cancellation = cancellation;
    private volatile bool _isKilled;

    /// <summary>Whether it has been killed or its time is up.</summary>
    public bool IsStopped => _isKilled || clock.GetTimestamp() > _deadline;

    /// <summary>Who is waiting now for the rows of a query that is read page by page.</summary>
    public CancellationToken Cancellation
    {
        set => _cancellation = value;
    }

    public void Kill() => _isKilled = true;

    /// <exception cref="GeoFabricException">1500 once the query is to end.</exception>
    public void ThrowIfStopped()
    {
        if (_isKilled)
            throw ErrorCodes.QueryKilled.Create();
        if (_cancellation.IsCancellationRequested)
            throw ErrorCodes.QueryKilled.With("the client went away");
        if (clock.GetTimestamp() > _deadline)
            throw ErrorCodes.QueryKilled.With($"the query ran longer than {runtime.TotalSeconds} s (maxRuntime)");
    }
}
