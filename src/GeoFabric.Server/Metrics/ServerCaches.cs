using System.Collections.Immutable;
using GeoFabric.Database;
using GeoFabric.Primitives.Patterns;
using GeoFabric.Query.Execution;

namespace GeoFabric.Server.Metrics;

/// <summary>The caches whose use is counted, since the server started. Pages of the data are cached by the operating system, which does not tell.</summary>
internal sealed class ServerCaches(DatabaseHost databases, QueryEngine queries)
{
    /// <summary>Every one, by the name that figures have for it.</summary>
    private static readonly ImmutableArray<(string Name, Func<ServerCaches, CacheCounts> Read)> s_all =
    [
        ("plans", caches => caches.ReadPlans()),
        ("keys", caches => caches.ReadKeys()),
        ("patterns", _ => new CacheCounts(RegexCache.Hits, RegexCache.Misses)),
    ];

    /// <summary>In the order of <see cref="Read"/>.</summary>
    public static ImmutableArray<string> Names { get; } = [.. s_all.Select(cache => cache.Name)];

    public CacheCounts[] Read() => [.. s_all.Select(cache => cache.Read(this))];

    private CacheCounts ReadPlans() => new(queries.Plans.Hits, queries.Plans.Misses);

    private CacheCounts ReadKeys() => databases.OpenFabrics.Select(fabric => fabric.Status)
        .Aggregate(default(CacheCounts), (sum, status) => sum + new CacheCounts(status.KeysRemembered, status.KeysSought));
}
