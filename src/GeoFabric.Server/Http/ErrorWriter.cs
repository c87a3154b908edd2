using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Server.Http;

/// <summary>Writes <c>{error: true, code, errorNum, errorMessage}</c>; clients recognise an error by having all four.</summary>
internal static class ErrorWriter
{
    /// <summary>Answers with an error; when the answer is under way already, the connection is cut so that nobody takes it for whole.</summary>
    /// <param name="details">Object of more attributes, or null.</param>
    public static Task WriteAsync(HttpContext http, ErrorCode code, string message, Value details = default)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return Task.CompletedTask;
        }
        http.Response.Headers.Location = default;
        if (code.HttpStatus is 503 or 429)
            http.Response.Headers.RetryAfter = "1";
        return ResultWriter.WriteAsync(http, code.HttpStatus, Describe(code, message, details));
    }

    /// <summary>The error as an object, with the attributes of <paramref name="details"/> at its end.</summary>
    public static Value Describe(ErrorCode code, string message, Value details = default)
    {
        var error = ObjectValue.Of(
            ("error", Value.True),
            ("code", Value.FromInteger(code.HttpStatus)),
            ("errorNum", Value.FromInteger(code.Number)),
            ("errorMessage", Value.FromUtf8(Encoding.UTF8.GetBytes(message))));
        return details.IsObject ? ObjectValue.With(error, details) : error;
    }
}
