using System.Text;
using GeoFabric.Database.Reading;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Authentication;
using GeoFabric.Server.Http;
using GeoFabric.Server.Metrics;

namespace GeoFabric.Server.Endpoints.Administration;

/// <summary>How the server fares, second by second: what was, and a stream of what comes.</summary>
internal static class MetricEndpoints
{
    private const string Tag = "Administration";

    private const int CollectionsListed = 10;
    private const int CollectionsListedMost = 1000;

    /// <summary>A client that wants more asks again, and shows its token again.</summary>
    private static readonly TimeSpan s_streamMax = TimeSpan.FromMinutes(15);

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/_api/metrics/history", ReadHistoryAsync, "listMetrics", "Read the server's figures of the last 5 minutes, hour or day; of a cache, its hits and misses in each step; of the disk, for root of the root tenant, what is free and how large it is", Tag, RouteScope.Tenant)
        { Query = [new("span", "5m by the second, which is the default; 1h by 10 seconds; 24h by the minute")] },
        new("GET", "/_api/metrics/stream", StreamAsync, "streamMetrics", "Follow the server's figures as server-sent events, one a second", Tag, RouteScope.Tenant),
        new("GET", "/metrics/collections", ListCollectionsAsync, "listCollectionTraffic", "List the collections that are read and written most at present, the busiest first", Tag)
        {
            Query =
            [
                new("limit", "How many: 10 unless told, at most 1000"),
                new("name", "Only those whose names contain this, in any letter case"),
                new("excludeSystem", "true: without system collections"),
            ],
        },
    ];

    private static Task ReadHistoryAsync(ApiRequest request)
    {
        var history = request.Services.Metrics.History;
        var span = request.Text("span") ?? history.Names.First();
        var (step, samples) = history.Read(span) ?? throw ErrorCodes.BadParameter.With($"query parameter 'span' is '{(span.Length > 20 ? span[..20] : span)}'; it is one of {string.Join(", ", history.Names)}");
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.Of(
            ("span", Value.FromString(span)),
            ("stepSeconds", Value.FromInteger((long)step.TotalSeconds)),
            ("samples", ObjectValue.List(samples.Select(sample => Describe(sample, request.Principal)))))));
    }

    private static Task ListCollectionsAsync(ApiRequest request)
    {
        var limit = (int)request.Number("limit", CollectionsListed, CollectionsListedMost);
        var name = request.Text("name");
        var excludesSystem = request.Flag("excludeSystem");
        var busy = request.Fabric.ReadTraffic(request.Scope)
            .Where(one => !(excludesSystem && one.Collection.IsSystem) && (name is null || one.Collection.Name.Contains(name, StringComparison.OrdinalIgnoreCase)))
            .OrderByDescending(one => one.Rates.ReadsPerSecond + one.Rates.WritesPerSecond).ThenBy(one => one.Collection.Name, StringComparer.Ordinal)
            .ToList();
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.Of(
            ("seconds", Value.FromInteger(TrafficRates.SecondsCounted)),
            ("busy", Value.FromInteger(busy.Count)),
            ("collections", ObjectValue.List(busy.Take(limit).Select(one => ObjectValue.Of(
                ("name", Value.FromString(one.Collection.Name)),
                ("readsPerSecond", Value.FromDouble(Math.Round(one.Rates.ReadsPerSecond, 2))),
                ("writesPerSecond", Value.FromDouble(Math.Round(one.Rates.WritesPerSecond, 2))))))))));
    }

    private static async Task StreamAsync(ApiRequest request)
    {
        var metrics = request.Services.Metrics;
        using var timeout = new CancellationTokenSource(s_streamMax, request.Services.Clock);
        using var end = CancellationTokenSource.CreateLinkedTokenSource(request.Aborted, metrics.Stopping, timeout.Token);
        var response = request.Http.Response;
        response.ContentType = RequestMeter.StreamContentType;
        response.Headers.CacheControl = "no-cache";
        // Proxies that know it pass each event on at once.
        response.Headers["X-Accel-Buffering"] = "no";
        try
        {
            for (var sample = metrics.Last; ; sample = await metrics.WaitForNextAsync(end.Token))
            {
                if (sample is null)
                    continue;
                await response.Body.WriteAsync(Encoding.UTF8.GetBytes($"event: sample\ndata: {Describe(sample, request.Principal)}\n\n"), end.Token);
                await response.Body.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (!request.Aborted.IsCancellationRequested)
        {
            // The stream has an end like any other answer.
        }
    }

    /// <summary>The disk is its owner's business: how full it is only root of the root tenant learns.</summary>
    private static Value Describe(MetricSample sample, Principal principal) => ObjectValue.Of(
    [
        ("at", Value.FromInteger(sample.At.ToUnixTimeMilliseconds())),
        ("requestsPerSecond", Rate(sample, sample.Traffic.Requests)),
        ("writesPerSecond", Rate(sample, sample.Traffic.Writes)),
        ("errorsPerSecond", Rate(sample, sample.Traffic.Errors)),
        ("refusedPerSecond", Rate(sample, sample.Traffic.Refusals)),
        ("p50Milliseconds", Milliseconds(sample.Median)),
        ("p99Milliseconds", Milliseconds(sample.Percentile99)),
        ("storageBytes", Value.FromInteger(sample.Gauges.StorageBytes)),
        ("documents", Value.FromInteger(sample.Gauges.Documents)),
        ("memoryBytes", Value.FromInteger(sample.Gauges.MemoryBytes)),
        ("connections", Value.FromInteger(sample.Gauges.Connections)),
        ("runningQueries", Value.FromInteger(sample.Gauges.RunningQueries)),
        ("caches", ObjectValue.Of(ServerCaches.Names.Zip(sample.Traffic.Caches, (name, counts) => (name, ObjectValue.List([Value.FromInteger(counts.Hits), Value.FromInteger(counts.Misses)]))))),
        .. sample.Gauges.Disk is { } disk && principal.IsServerAdministrator
            ? new[] { ("diskFreeBytes", Value.FromInteger(disk.FreeBytes)), ("diskTotalBytes", Value.FromInteger(disk.TotalBytes)) }
            : [],
    ]);

    private static Value Rate(MetricSample sample, long count) => Value.FromDouble(Math.Round(sample.PerSecond(count), 2));

    private static Value Milliseconds(TimeSpan? time) => time is { } value ? Value.FromDouble(Math.Round(value.TotalMilliseconds, 3)) : Value.Null;
}
