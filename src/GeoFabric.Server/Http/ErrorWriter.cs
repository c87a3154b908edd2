using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Server.Http;

/// <summary>Writes <c>{error: true, code, errorNum, errorMessage}</c>; clients recognise an error by having all four.</summary>
internal static class ErrorWriter
{
    /// <summary>Answers with an error; when the answer is under way already, the connection is cut so that nobody takes it for whole.</summary>
    /// <param name="details">More attributes of the answer.</param>
    public static Task WriteAsync(HttpContext http, ErrorCode code, string message, params IReadOnlyList<(string Name, string Text)> details) =>
        WriteAsync(http, code, message, details, place: null);

    public static Task WriteAsync(HttpContext http, GeoFabricException error) => WriteAsync(http, error.Code, error.Message, error.Details, error.Place);

    private static Task WriteAsync(HttpContext http, ErrorCode code, string message, IReadOnlyList<(string Name, string Text)> details, ErrorPlace? place)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return Task.CompletedTask;
        }
        http.Response.Headers.Location = default;
        if (code.HttpStatus is 503 or 429)
            http.Response.Headers.RetryAfter = "1";
        return ResultWriter.WriteAsync(http, code.HttpStatus, Describe(code, message, details, place));
    }

    private static Value Describe(ErrorCode code, string message, IReadOnlyList<(string Name, string Text)> details, ErrorPlace? place) => ObjectValue.Of(
        [
            ("error", Value.True),
            ("code", Value.FromInteger(code.HttpStatus)),
            ("errorNum", Value.FromInteger(code.Number)),
            ("errorMessage", Value.FromUtf8(Encoding.UTF8.GetBytes(message))),
            .. details.Select(detail => (detail.Name, Value.FromString(detail.Text))),
            .. place is null ? [] : new[] { ("position", Describe(place)) },
            .. place?.Suggestion is { } suggestion ? new[] { ("suggestion", Value.FromString(suggestion)) } : [],
        ]);

    private static Value Describe(ErrorPlace place) => ObjectValue.Of(
        ("line", Value.FromInteger(place.Line)),
        ("column", Value.FromInteger(place.Column)),
        ("offset", Value.FromInteger(place.Offset)),
        ("length", Value.FromInteger(place.Length)));
}
