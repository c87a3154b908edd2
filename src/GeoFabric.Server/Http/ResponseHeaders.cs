using System.Globalization;

namespace GeoFabric.Server.Http;

/// <summary>Sets the headers every answer carries: region, request id, time taken, and no guessing of content types.</summary>
internal sealed class ResponseHeaders(RequestDelegate next, string region, TimeProvider clock)
{
    private const string Exposed = "x-gdn-region, x-gdn-requestid, x-gdn-responsetime";

    public Task InvokeAsync(HttpContext http)
    {
        var headers = http.Response.Headers;
        headers["x-gdn-region"] = region;
        headers["x-gdn-requestid"] = http.TraceIdentifier;
        headers.AccessControlExposeHeaders = Exposed;
        headers.XContentTypeOptions = "nosniff";
        var started = clock.GetTimestamp();
        http.Response.OnStarting(() =>
        {
            headers["x-gdn-responsetime"] = Math.Round(clock.GetElapsedTime(started).TotalMilliseconds, 3).ToString(CultureInfo.InvariantCulture);
            return Task.CompletedTask;
        });
        return next(http);
    }
}
