using System.Collections.Concurrent;
using System.Globalization;
using GeoFabric.Primitives.Errors;
using GeoFabric.Query.Physical;

namespace GeoFabric.Query.Execution;

/// <summary>A query under way or just finished, as query/current and query/slow show it.</summary>
public sealed record QueryInfo(string Id, string FabricId, string User, string Text, string BindVarsJson, DateTimeOffset Started, double RunSeconds, string State);

/// <summary>The queries running now, and the last slow ones. Thread-safe.</summary>
public sealed class RunningQueries(TimeProvider clock, TimeSpan slowThreshold, int slowMax = 64)
{
    private readonly ConcurrentDictionary<long, Entry> _running = new();
    private readonly Queue<QueryInfo> _slow = new();
    private long _lastId;

    /// <summary>Enters a query; dispose the handle when it ends.</summary>
    public Handle Enter(string fabricId, string user, QueryRequest request)
    {
        var id = Interlocked.Increment(ref _lastId);
        var entry = new Entry(id, fabricId, user, request, clock.GetUtcNow(), clock.GetTimestamp());
        _running[id] = entry;
        return new Handle(this, entry);
    }

    public IReadOnlyList<QueryInfo> Current(string fabricId) =>
        [.. _running.Values.Where(entry => entry.FabricId == fabricId).OrderBy(entry => entry.Id).Select(entry => entry.Describe(clock, "executing"))];

    public IReadOnlyList<QueryInfo> Slow(string fabricId)
    {
        lock (_slow)
            return [.. _slow.Where(query => query.FabricId == fabricId)];
    }

    public void ClearSlow(string fabricId)
    {
        lock (_slow)
        {
            var others = _slow.Where(query => query.FabricId != fabricId).ToList();
            _slow.Clear();
            others.ForEach(_slow.Enqueue);
        }
    }

    /// <exception cref="GeoFabricException">1591 when no such query of the fabric is running.</exception>
    public void Kill(string fabricId, string id)
    {
        if (!long.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || !_running.TryGetValue(number, out var entry) || entry.FabricId != fabricId)
            throw ErrorCodes.QueryNotFound.With(id);
        entry.Kill();
    }

    private void Leave(Entry entry)
    {
        _running.TryRemove(entry.Id, out _);
        if (clock.GetElapsedTime(entry.Started) < slowThreshold)
            return;
        var info = entry.Describe(clock, "finished");
        lock (_slow)
        {
            _slow.Enqueue(info);
            while (_slow.Count > slowMax)
                _slow.Dequeue();
        }
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

        /// <summary>Makes the context the one that a kill stops; at once if it was killed before it began.</summary>
        public void Attach(QueryContext context) => _entry.Attach(context);

        public void Dispose() => _owner.Leave(_entry);
    }

    internal sealed class Entry(long id, string fabricId, string user, QueryRequest request, DateTimeOffset started, long startedTimestamp)
    {
        private readonly Lock _gate = new();
        private QueryContext? _context;
        private bool _isKilled;

        public long Id => id;

        public string FabricId => fabricId;

        /// <summary>Timestamp of the clock.</summary>
        public long Started => startedTimestamp;

        public void Attach(QueryContext context)
        {
            lock (_gate)
            {
                _context = context;
                if (_isKilled)
                    context.Kill();
            }
        }

        public void Kill()
        {
            lock (_gate)
            {
                _isKilled = true;
                _context?.Kill();
            }
        }

        public QueryInfo Describe(TimeProvider clock, string state) => new(
            id.ToString(CultureInfo.InvariantCulture),
            fabricId,
            user,
            request.Text.Length <= 4096 ? request.Text : request.Text[..4096] + "...",
            request.BindVars.IsNull ? "{}" : request.BindVars.ToString(),
            started,
            clock.GetElapsedTime(startedTimestamp).TotalSeconds,
            state);
    }
}
