using System.Globalization;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Execution;
using GeoFabric.Server.Http;

namespace GeoFabric.Server.Endpoints.Queries;

/// <summary>The queries that run now in this region, those that took long, and what of them is kept.</summary>
internal static class QueryRegistryEndpoints
{
    private const string Tag = "Query";
    private const int SlowQueriesMost = 10_000;
    private const int TextLengthMost = 1 << 20;

    public static IReadOnlyList<ApiRoute> Table { get; } =
    [
        new("GET", "/query/current", request => ListAsync(request, request.Services.Queries.Running.Current(request.Caller.FabricId)), "listRunningQueries", "List running queries", Tag),
        new("GET", "/query/slow", request => ListAsync(request, request.Services.Queries.Running.Slow(request.Caller.FabricId)), "listSlowQueries", "List slow queries", Tag),
        new("DELETE", "/query/slow", ClearSlowAsync, "clearSlowQueries", "Forget the slow queries", Tag),
        new("GET", "/query/properties", ReadPropertiesAsync, "readQueryProperties", "Read which queries are listed, and when they are slow", Tag),
        new("PUT", "/query/properties", ChangePropertiesAsync, "changeQueryProperties", "Change which queries are listed, and when they are slow", Tag)
        {
            BodyExample = """{"slowQueryThreshold":2.5}""",
        },
        new("DELETE", "/query/{id}", KillAsync, "killQuery", "Stop a running query, by its id or by client: and the clientId of its options", Tag),
        new("GET", "/query-cache/properties", ReadCacheAsync, "readQueryCacheProperties", "Read the settings of the result cache, which is always off", Tag),
        new("PUT", "/query-cache/properties", ChangeCacheAsync, "changeQueryCacheProperties", "Change the settings of the result cache; only off is there", Tag)
        {
            BodyExample = """{"mode":"off"}""",
        },
        new("GET", "/query-cache/entries", request => ResultWriter.WriteAsync(request.Http, 200, Value.EmptyArray), "listQueryCacheEntries", "List the cached results: none", Tag),
        new("DELETE", "/query-cache", request => ResultWriter.WriteEnvelopeAsync(request.Http, 200), "clearQueryCache", "Forget the cached results: none", Tag),
    ];

    private static Task ListAsync(ApiRequest request, IReadOnlyList<QueryInfo> queries) =>
        ResultWriter.WriteAsync(request.Http, 200, ObjectValue.List(queries.Select(Describe)));

    private static Value Describe(QueryInfo query) => ObjectValue.Of(
    [
        ("id", Value.FromString(query.Id)),
        ("user", Value.FromString(query.Caller.UserName)),
        ("query", Value.FromString(query.Text)),
        ("bindVars", JsonValueReader.Parse(Encoding.UTF8.GetBytes(query.BindVarsJson))),
        ("started", Value.FromString(query.Started.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture))),
        ("runTime", Value.FromDouble(query.RunSeconds)),
        ("peakMemoryUsage", Value.FromInteger(query.PeakMemoryBytes)),
        ("state", Value.FromString(query.State)),
        ("stream", Value.FromBoolean(query.IsStream)),
        .. query.ClientId is { } id ? new[] { ("clientId", Value.FromString(id)) } : [],
    ]);

    private static Task ClearSlowAsync(ApiRequest request)
    {
        request.Services.Queries.Running.ClearSlow(request.Caller.FabricId);
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200);
    }

    private static Task KillAsync(ApiRequest request)
    {
        request.Services.Queries.Running.Kill(request.Caller.FabricId, request.Path("id"));
        return ResultWriter.WriteEnvelopeAsync(request.Http, 200);
    }

    private static Task ReadPropertiesAsync(ApiRequest request)
    {
        var tracking = request.Services.Queries.Running.TrackingOf(request.Caller.FabricId);
        return ResultWriter.WriteEnvelopeAsync(
            request.Http,
            200,
            ("enabled", Value.FromBoolean(tracking.IsEnabled)),
            ("trackSlowQueries", Value.FromBoolean(tracking.TracksSlowQueries)),
            ("trackBindVars", Value.FromBoolean(tracking.TracksBindVars)),
            ("maxSlowQueries", Value.FromInteger(tracking.SlowQueriesMax)),
            ("slowQueryThreshold", Value.FromDouble(tracking.SlowThreshold.TotalSeconds)),
            ("slowStreamingQueryThreshold", Value.FromDouble(tracking.SlowStreamingThreshold.TotalSeconds)),
            ("maxQueryStringLength", Value.FromInteger(tracking.TextLengthMax)));
    }

    private static async Task ChangePropertiesAsync(ApiRequest request)
    {
        request.Scope.DemandAdministration();
        var body = await request.ReadObjectAsync();
        var running = request.Services.Queries.Running;
        var old = running.TrackingOf(request.Caller.FabricId);
        running.Track(request.Caller.FabricId, new QueryTracking
        {
            IsEnabled = body.Boolean("enabled"u8, old.IsEnabled),
            TracksSlowQueries = body.Boolean("trackSlowQueries"u8, old.TracksSlowQueries),
            TracksBindVars = body.Boolean("trackBindVars"u8, old.TracksBindVars),
            SlowQueriesMax = (int)(body.Integer("maxSlowQueries"u8, 0, SlowQueriesMost) ?? old.SlowQueriesMax),
            SlowThreshold = ReadSeconds(body, "slowQueryThreshold"u8) ?? old.SlowThreshold,
            SlowStreamingThreshold = ReadSeconds(body, "slowStreamingQueryThreshold"u8) ?? old.SlowStreamingThreshold,
            TextLengthMax = (int)(body.Integer("maxQueryStringLength"u8, 0, TextLengthMost) ?? old.TextLengthMax),
        });
        await ReadPropertiesAsync(request);
    }

    private static TimeSpan? ReadSeconds(RequestFields body, ReadOnlySpan<byte> name) => body.Number(name) is not { } seconds
        ? null
        : seconds is >= 0 and <= 1e6
            ? TimeSpan.FromSeconds(seconds)
            : throw ErrorCodes.BadParameter.With($"attribute '{Encoding.UTF8.GetString(name)}' is {seconds.ToString(CultureInfo.InvariantCulture)}; it takes seconds from 0 to 1000000");

    private static Task ReadCacheAsync(ApiRequest request) => ResultWriter.WriteEnvelopeAsync(
        request.Http,
        200,
        ("mode", Value.FromString("off")),
        ("maxResults", Value.FromInteger(0)),
        ("maxResultsSize", Value.FromInteger(0)),
        ("maxEntrySize", Value.FromInteger(0)),
        ("includeSystem", Value.False));

    private static async Task ChangeCacheAsync(ApiRequest request)
    {
        var body = await request.ReadObjectAsync();
        switch (body.Text("mode"u8))
        {
            case null or "off":
                await ReadCacheAsync(request);
                return;
            case "on" or "demand":
                throw ErrorCodes.NotImplemented.With("results are not cached in this version of GeoFabric: every query reads the latest state; the mode stays \"off\"");
            case var other:
                throw ErrorCodes.BadParameter.With($"mode '{(other.Length > 40 ? other[..40] + "..." : other)}'; it is off, on or demand");
        }
    }
}
