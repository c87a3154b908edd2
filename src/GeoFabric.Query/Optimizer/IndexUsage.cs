using System.Collections.Concurrent;
using GeoFabric.Database.Catalog;
using GeoFabric.Query.Logical;

namespace GeoFabric.Query.Optimizer;

/// <summary>How many queries have read by an index, and when the last one did, since the server started. A query counts once for each index of its plan.</summary>
/// <remarks>Thread-safe. Ids of indexes are never used again, so nothing has to be forgotten; those beyond the limit are not counted.</remarks>
public sealed class IndexUsage(TimeProvider clock, int indexesMax = 100_000)
{
    private readonly ConcurrentDictionary<(string Fabric, uint Collection, uint Index), Counter> _counters = new();

    /// <summary>Zero and no time when no query has read by it.</summary>
    public (long Queries, DateTimeOffset? LastUsed) Read(string fabricId, CollectionDefinition collection, IndexDefinition index) =>
        _counters.TryGetValue((fabricId, collection.Id, index.Id), out var counter) ? counter.Read() : (0, null);

    /// <summary>Counts an execution of a plan.</summary>
    internal void Count(string fabricId, PreparedQuery prepared, CatalogSnapshot catalog)
    {
        // Found once for a plan: it is executed many times.
        var counters = prepared.IndexCounters;
        if (counters.IsDefault)
            prepared.IndexCounters = counters = [.. Indexes(prepared.Plan, catalog).Distinct().Select(used => CounterOf(fabricId, used)).OfType<Counter>()];
        if (counters.Length == 0)
            return;
        var now = clock.GetUtcNow().UtcTicks;
        foreach (var counter in counters)
            counter.Add(now);
    }

    private Counter? CounterOf(string fabricId, (uint Collection, uint Index) used)
    {
        var key = (fabricId, used.Collection, used.Index);
        return _counters.TryGetValue(key, out var known) || _counters.Count >= indexesMax ? known : _counters.GetOrAdd(key, _ => new Counter());
    }

    private static IEnumerable<(uint Collection, uint Index)> Indexes(LogicalPlan plan, CatalogSnapshot catalog) => plan.AllNodes().SelectMany(node => node switch
    {
        IndexNode found => [Of(found.Collection, found.Index)],
        IndexUnionNode union => union.Branches.Select(branch => Of(branch.Collection, branch.Index)),
        BoxIndexNode box => [Of(box.Collection, box.Index)],
        GeoIndexNode geo => [Of(geo.Collection, geo.Index)],
        VectorIndexNode vector => vector.Sources.Select(source => Of(source.Collection, source.Index)),
        PathNode path => path.Graph.Edges.Select(edges => Of(edges.Collection, edges.Collection.Indexes.First(index => index.Kind == IndexKind.Edge))),
        EnumerateViewNode { IndexName: { } name } search when catalog.TryGetCollection(search.Source, out var collection) =>
            collection.Indexes.Where(index => index.Name == name).Select(index => Of(collection, index)),
        _ => Enumerable.Empty<(uint, uint)>(),
    });

    /// <summary>The two indexes of an edge collection are one to clients: the first of them.</summary>
    private static (uint Collection, uint Index) Of(CollectionDefinition collection, IndexDefinition index) =>
        (collection.Id, index.Kind == IndexKind.Edge ? collection.Indexes.First(one => one.Kind == IndexKind.Edge).Id : index.Id);

    /// <summary>The figures of one index.</summary>
    internal sealed class Counter
    {
        private long _queries;
        private long _lastTicks;

        public void Add(long now)
        {
            Interlocked.Increment(ref _queries);
            Volatile.Write(ref _lastTicks, now);
        }

        public (long Queries, DateTimeOffset? LastUsed) Read() => (Volatile.Read(ref _queries), Volatile.Read(ref _lastTicks) is > 0 and var ticks ? new DateTimeOffset(ticks, TimeSpan.Zero) : null);
    }
}
