namespace GeoFabric.Server.Metrics;

/// <summary>Counts every request with its status and how long it took, but for streams, which last as long as somebody listens.</summary>
internal sealed class RequestMeter(RequestDelegate next, TrafficCounts.Meter meter, TimeProvider clock)
{
    public const string StreamContentType = "text/event-stream";

    public async Task InvokeAsync(HttpContext http)
    {
        var started = clock.GetTimestamp();
        try
        {
            await next(http);
        }
        finally
        {
            if (http.Response.ContentType != StreamContentType)
            {
                var method = http.Request.Method;
                var isWrite = !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method) && !HttpMethods.IsOptions(method);
                meter.Count(http.Response.StatusCode, isWrite, clock.GetElapsedTime(started));
            }
        }
    }
}
