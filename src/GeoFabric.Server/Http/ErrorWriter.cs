using System.Buffers;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Json;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Server.Http;

/// <summary>Writes <c>{error: true, code, errorNum, errorMessage}</c>; clients recognise an error by having all four.</summary>
internal static class ErrorWriter
{
    public static async Task WriteAsync(HttpContext http, ErrorCode code, string message, Value more = default)
    {
        if (http.Response.HasStarted)
        {
            http.Abort();
            return;
        }
        var headers = http.Response.Headers.ToArray();
        http.Response.Clear();
        foreach (var (name, value) in headers)
        {
            if (name.StartsWith("x-", StringComparison.OrdinalIgnoreCase) || name.StartsWith("access-", StringComparison.OrdinalIgnoreCase) || name is "ETag" or "Allow")
                http.Response.Headers[name] = value;
        }
        http.Response.StatusCode = code.HttpStatus;
        http.Response.ContentType = ResultWriter.JsonContentType;
        if (code.HttpStatus is 503 or 429)
            http.Response.Headers.RetryAfter = "1";
        if (HttpMethods.IsHead(http.Request.Method))
            return;
        var body = new ArrayBufferWriter<byte>();
        Write(body, code, message, more);
        await http.Response.BodyWriter.WriteAsync(body.WrittenMemory);
    }

    /// <summary>Writes the object, with the attributes of <paramref name="more"/> at its end.</summary>
    public static void Write(IBufferWriter<byte> body, ErrorCode code, string message, Value more = default)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteAttribute("error"u8, Value.True);
        builder.WriteAttribute("code"u8, Value.FromInteger(code.HttpStatus));
        builder.WriteAttribute("errorNum"u8, Value.FromInteger(code.Number));
        builder.WriteAttribute("errorMessage"u8, Value.FromUtf8(Encoding.UTF8.GetBytes(message)));
        if (more.IsObject)
        {
            foreach (var (name, value) in more.Attributes)
                builder.WriteAttribute(name, value);
        }
        builder.EndObject();
        JsonValueWriter.Write(body, builder.Build());
    }
}
