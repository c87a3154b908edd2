using GeoFabric.Primitives.Errors;
using Microsoft.AspNetCore.Http.Features;

namespace GeoFabric.Server.Http;

/// <summary>Turns every exception of a request into an error answer. Nothing internal leaves: what has no row in the error table is a plain 500.</summary>
internal sealed partial class ExceptionMapping(RequestDelegate next, ILogger<ExceptionMapping> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
            await DescribeEmptyAnswerAsync(http);
        }
        catch (GeoFabricException error)
        {
            // What is not implemented, and what another region or a later attempt answers, is nothing to look into.
            if (error.HttpStatus is >= 500 and not (501 or 503))
                Log.Failed(logger, error, http.Request.Method, http.Request.Path);
            await ErrorWriter.WriteAsync(http, error);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            http.Abort();
        }
        catch (BadHttpRequestException error)
        {
            var code = error.StatusCode switch
            {
                413 => ErrorCodes.PayloadTooLarge,
                415 => ErrorCodes.UnsupportedMediaType,
                431 => ErrorCodes.HeadersTooLarge,
                _ => ErrorCodes.BadRequest,
            };
            await ErrorWriter.WriteAsync(http, code, $"{code.Message}: {error.Message}");
        }
        catch (IOException) when (!http.Response.HasStarted)
        {
            await ErrorWriter.WriteAsync(http, ErrorCodes.BadRequest, "bad request: the request body could not be read");
        }
        catch (InsufficientExecutionStackException)
        {
            await ErrorWriter.WriteAsync(http, ErrorCodes.TooMuchNesting, "too much nesting: the request is nested too deeply");
        }
        catch (Exception error)
        {
            Log.Failed(logger, error, http.Request.Method, http.Request.Path);
            await ErrorWriter.WriteAsync(http, ErrorCodes.InternalError, $"internal error: see the server's log under request {http.TraceIdentifier}");
        }
    }

    /// <summary>Routing answers unknown paths and methods with a bare status; clients need the JSON form.</summary>
    private static Task DescribeEmptyAnswerAsync(HttpContext http)
    {
        if (http.Response.HasStarted || http.Response.ContentType is not null)
            return Task.CompletedTask;
        return http.Response.StatusCode switch
        {
            404 => ErrorWriter.WriteAsync(http, ErrorCodes.NotFound, $"not found: there is no '{PathAsSent(http)}'; the API is described at /openapi/v1.json"),
            405 => ErrorWriter.WriteAsync(http, ErrorCodes.MethodNotAllowed, $"method not allowed: {http.Request.Method}; allowed: {http.Response.Headers.Allow}"),
            _ => Task.CompletedTask,
        };
    }

    /// <summary>Without the query, which may hold secrets; the request's own path has been rewritten by now.</summary>
    private static string PathAsSent(HttpContext http)
    {
        var target = http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var path = target.AsSpan(0, target.AsSpan().IndexOf('?') is >= 0 and var end ? end : target.Length);
        return path.Length <= 200 ? path.ToString() : string.Concat(path[..200], "...");
    }

    private static partial class Log
    {
        [LoggerMessage(EventId = 5001, Level = LogLevel.Error, Message = "{Method} {Path} failed")]
        public static partial void Failed(ILogger logger, Exception error, string method, PathString path);
    }
}
