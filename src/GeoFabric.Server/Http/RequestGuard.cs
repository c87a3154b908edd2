using GeoFabric.Primitives.Errors;

namespace GeoFabric.Server.Http;

/// <summary>Refuses requests that the HTTP server lets through although a proxy in front of it may read them differently.</summary>
internal sealed class RequestGuard(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext http)
    {
        // A request with both Content-Length and Transfer-Encoding reaches us with the first one renamed.
        if (http.Request.Headers.ContainsKey("X-Content-Length"))
            throw ErrorCodes.BadRequest.With("Content-Length and Transfer-Encoding exclude each other");
        if (http.Request.Method.AsSpan().ContainsAnyExceptInRange('A', 'Z'))
            throw ErrorCodes.MethodNotAllowed.With("methods are written in capital letters");
        return next(http);
    }
}
