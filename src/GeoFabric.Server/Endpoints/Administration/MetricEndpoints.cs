using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;
using GeoFabric.Server.Metrics;

namespace GeoFabric.Server.Endpoints.Administration;

/// <summary>How the server fares, second by second: what was, and a stream of what comes.</summary>
internal static class MetricEndpoints
{
    private const string Tag = "Administration";

    /// <summary>A client that wants more asks again, and shows its token again.</summary>
    private static readonly TimeSpan s_streamMax = TimeSpan.FromMinutes(15);

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/_api/metrics/history", ReadHistoryAsync, "listMetrics", "Read the server's figures of the last 5 minutes, hour or day", Tag, RouteScope.Tenant)
        { Query = [new("span", "5m by the second, which is the default; 1h by 10 seconds; 24h by the minute")] },
        new("GET", "/_api/metrics/stream", StreamAsync, "streamMetrics", "Follow the server's figures as server-sent events, one a second", Tag, RouteScope.Tenant),
    ];

    private static Task ReadHistoryAsync(ApiRequest request)
    {
        var history = request.Services.Metrics.History;
        var span = request.Text("span") ?? history.Names.First();
        var (step, samples) = history.Read(span) ?? throw ErrorCodes.BadParameter.With($"query parameter 'span' is '{(span.Length > 20 ? span[..20] : span)}'; it is one of {string.Join(", ", history.Names)}");
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200, ("result", ObjectValue.Of(
            ("span", Value.FromString(span)),
            ("stepSeconds", Value.FromInteger((long)step.TotalSeconds)),
            ("samples", ObjectValue.List(samples.Select(Describe))))));
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
                await response.Body.WriteAsync(Encoding.UTF8.GetBytes($"event: sample\ndata: {Describe(sample)}\n\n"), end.Token);
                await response.Body.FlushAsync(end.Token);
            }
        }
        catch (OperationCanceledException) when (!request.Aborted.IsCancellationRequested)
        {
            // The stream has an end like any other answer.
        }
    }

    private static Value Describe(MetricSample sample) => ObjectValue.Of(
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
        ("runningQueries", Value.FromInteger(sample.Gauges.RunningQueries)));

    private static Value Rate(MetricSample sample, long count) => Value.FromDouble(Math.Round(sample.PerSecond(count), 2));

    private static Value Milliseconds(TimeSpan? time) => time is { } value ? Value.FromDouble(Math.Round(value.TotalMilliseconds, 3)) : Value.Null;
}
