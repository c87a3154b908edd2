using System.Buffers;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Server.Http;

/// <summary>Reads request bodies as JSON.</summary>
internal static class RequestBody
{
    /// <summary>The body's one JSON value.</summary>
    /// <exception cref="GeoFabricException">600 for no or broken JSON.</exception>
    public static async ValueTask<Value> ReadJsonAsync(HttpContext http)
    {
        var (value, isEmpty) = await ReadAsync(http);
        return isEmpty ? throw ErrorCodes.CorruptedJson.With("the request has no body; send JSON") : value;
    }

    /// <summary>The body's one JSON value, or null when there is no body.</summary>
    /// <exception cref="GeoFabricException">600 for broken JSON.</exception>
    public static async ValueTask<Value> ReadOptionalJsonAsync(HttpContext http) => (await ReadAsync(http)).Value;

    /// <summary>The body's one JSON value, which must be an object.</summary>
    /// <exception cref="GeoFabricException">600 for no or broken JSON, 10 for another type.</exception>
    public static async ValueTask<RequestFields> ReadObjectAsync(HttpContext http) => RequestFields.Of(await ReadJsonAsync(http));

    /// <summary>The object in the body; an empty one when there is no body.</summary>
    /// <exception cref="GeoFabricException">600 for broken JSON, 10 for another type.</exception>
    public static async ValueTask<RequestFields> ReadOptionalObjectAsync(HttpContext http)
    {
        var value = await ReadOptionalJsonAsync(http);
        return RequestFields.Of(value.IsNull ? Value.EmptyObject : value);
    }

    /// <summary>All bytes of the body, in a buffer of their own.</summary>
    public static async ValueTask<ReadOnlyMemory<byte>> ReadBytesAsync(HttpContext http)
    {
        var reader = http.Request.BodyReader;
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var result = await reader.ReadAsync(http.RequestAborted);
            foreach (var segment in result.Buffer)
                body.Write(segment.Span);
            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
                return body.WrittenMemory;
        }
    }

    private static async ValueTask<(Value Value, bool IsEmpty)> ReadAsync(HttpContext http)
    {
        if (http.Request.ContentLength == 0)
            return (default, true);
        var reader = http.Request.BodyReader;
        var first = await reader.ReadAsync(http.RequestAborted);
        if (first.IsCompleted && first.Buffer.IsSingleSegment)
        {
            // The usual case: the whole body is here in one piece and is parsed where it lies.
            try
            {
                return Parse(first.Buffer.FirstSpan);
            }
            finally
            {
                reader.AdvanceTo(first.Buffer.End);
            }
        }
        reader.AdvanceTo(first.Buffer.Start);
        return Parse((await ReadBytesAsync(http)).Span);
    }

    private static (Value Value, bool IsEmpty) Parse(ReadOnlySpan<byte> body) =>
        body.TrimAsciiWhitespace().IsEmpty ? (default, true) : (JsonValueReader.Parse(body), false);

    private static ReadOnlySpan<byte> TrimAsciiWhitespace(this ReadOnlySpan<byte> text) => text.Trim(" \t\r\n"u8);
}
