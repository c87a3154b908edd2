using System.Collections.Concurrent;
using System.Globalization;
using GeoFabric.Primitives.Errors;
using GeoFabric.Query.Physical;

namespace GeoFabric.Query.Execution;

/// <summary>The queries running now, and the last slow ones, fabric by fabric. Thread-safe.</summary>
public sealed class RunningQueries(TimeProvider clock, QueryTracking defaults)
{
    /// <summary>In front of what a client calls a query, where an id is expected.</summary>
    public const string ClientIdPrefix = "client:";

    private readonly ConcurrentDictionary<long, Entry> _running = new();
    private readonly ConcurrentDictionary<string, QueryTracking> _tracking = new(StringComparer.Ordinal);
    private readonly List<QueryInfo> _slow = [];
    private long _lastId;

    /// <summary>Called with every slow query when it has ended.</summary>
    public Action<QueryInfo>? SlowQueryEnded { get; init; }

    /// <summary>Queries that run now, of all fabrics.</summary>
    public int Count => _running.Count;

    public QueryTracking TrackingOf(string fabricId) => _tracking.GetValueOrDefault(fabricId, defaults);

    public void Track(string fabricId, QueryTracking tracking) => _tracking[fabricId] = tracking;

    /// <summary>Enters a query before it is parsed; dispose the handle when it ends.</summary>
    public Handle Enter(QueryCaller caller, QueryRequest request, CancellationToken cancellationToken)
    {
        var id = Interlocked.Increment(ref _lastId);
        var entry = new Entry(id, caller, TrackingOf(caller.FabricId), request, new StopSignal(clock, request.Limits.Runtime, cancellationToken), clock.GetUtcNow(), clock.GetTimestamp());
        _running[id] = entry;
        return new Handle(this, entry);
    }

    public IReadOnlyList<QueryInfo> Current(string fabricId) =>
        [.. Of(fabricId).OrderBy(entry => entry.Id).Select(entry => entry.Describe(clock, "executing"))];

    public IReadOnlyList<QueryInfo> Slow(string fabricId)
    {
        lock (_slow)
            return [.. _slow.Where(query => query.Caller.FabricId == fabricId)];
    }

    public void ClearSlow(string fabricId)
    {
        lock (_slow)
            _slow.RemoveAll(query => query.Caller.FabricId == fabricId);
    }

    /// <param name="id">The id of a query, or <see cref="ClientIdPrefix"/> and what its client calls it.</param>
    /// <exception cref="GeoFabricException">1591 when no such query of the fabric is running.</exception>
    public void Kill(string fabricId, string id)
    {
        var named = id.StartsWith(ClientIdPrefix, StringComparison.Ordinal) ? id[ClientIdPrefix.Length..] : null;
        var found = Of(fabricId).Where(entry => named is null ? entry.Id.ToString(CultureInfo.InvariantCulture) == id : entry.ClientId == named).ToList();
        if (found.Count == 0)
            throw ErrorCodes.QueryNotFound.With($"'{id}' is not among the running queries; it may have ended");
        found.ForEach(entry => entry.Kill());
    }

    private IEnumerable<Entry> Of(string fabricId) => _running.Values.Where(entry => entry.Caller.FabricId == fabricId && entry.Tracking.IsEnabled);

    private void Leave(Entry entry)
    {
        _running.TryRemove(entry.Id, out _);
        var tracking = entry.Tracking;
        if (!tracking.IsEnabled || !tracking.TracksSlowQueries || clock.GetElapsedTime(entry.Started) < (entry.IsStream ? tracking.SlowStreamingThreshold : tracking.SlowThreshold))
            return;
        var info = entry.Describe(clock, "finished");
        lock (_slow)
        {
            _slow.Add(info);
            for (var excess = _slow.Count(query => query.Caller.FabricId == info.Caller.FabricId) - tracking.SlowQueriesMax; excess > 0; excess--)
                _slow.RemoveAt(_slow.FindIndex(query => query.Caller.FabricId == info.Caller.FabricId));
        }
        SlowQueryEnded?.Invoke(info);
    }

    /// <summary>A query's place in the registry.</summary>
    public sealed class Handle : IDisposable
    {
        private readonly RunningQueries _owner;
        private readonly Entry _entry;

        internal Handle(RunningQueries owner, Entry entry)
        {
            _owner = owner;
            _entry = entry;
        }

        /// <summary>What a kill of the query reaches, and its time.</summary>
        public StopSignal Stop => _entry.Stop;

        /// <summary>Makes the context the one whose figures are shown.</summary>
        public void Attach(QueryContext context) => _entry.Attach(context);

        public void Dispose() => _owner.Leave(_entry);
    }

    internal sealed class Entry(long id, QueryCaller caller, QueryTracking tracking, QueryRequest request, StopSignal stop, DateTimeOffset started, long startedTimestamp)
    {
        private volatile QueryContext? _context;

        public long Id => id;

        public QueryCaller Caller => caller;

        public QueryTracking Tracking => tracking;

        public StopSignal Stop => stop;

        public string? ClientId => request.ClientId;

        public bool IsStream => request.IsStream;

        /// <summary>Timestamp of the clock.</summary>
        public long Started => startedTimestamp;

        public void Attach(QueryContext context) => _context = context;

        public void Kill() => stop.Kill();

        public QueryInfo Describe(TimeProvider clock, string state) => new(
            id.ToString(CultureInfo.InvariantCulture),
            caller,
            request.Text.Length <= tracking.TextLengthMax ? request.Text : request.Text[..tracking.TextLengthMax] + "...",
            request.BindVars.IsNull || !tracking.TracksBindVars ? "{}" : request.BindVars.ToString(),
            started,
            clock.GetElapsedTime(startedTimestamp).TotalSeconds,
            state,
            request.IsStream,
            _context?.Statistics.PeakMemoryBytes ?? 0,
            request.ClientId);
    }
}
