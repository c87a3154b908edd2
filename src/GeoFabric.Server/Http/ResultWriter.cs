using System.Buffers;
using GeoFabric.Primitives.Json;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Server.Http;

/// <summary>Writes successful answers: bare values, or objects with <c>error: false</c> and <c>code</c> around them.</summary>
internal static class ResultWriter
{
    public const string JsonContentType = "application/json; charset=utf-8";

    /// <summary>A value as the whole body.</summary>
    public static async Task WriteAsync(HttpContext http, int status, Value value)
    {
        Start(http, status);
        JsonValueWriter.Write(http.Response.BodyWriter, value);
        await http.Response.BodyWriter.FlushAsync(http.RequestAborted);
    }

    /// <summary><c>{error: false, code, ...attributes}</c>.</summary>
    public static Task WriteEnvelopeAsync(HttpContext http, int status, params ReadOnlySpan<(string Name, Value Value)> attributes)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteAttribute("error"u8, Value.False);
        builder.WriteAttribute("code"u8, Value.FromInteger(status));
        foreach (var (name, value) in attributes)
            builder.WriteAttribute(System.Text.Encoding.UTF8.GetBytes(name), value);
        builder.EndObject();
        return WriteAsync(http, status, builder.Build());
    }

    public static void Start(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        http.Response.ContentType = JsonContentType;
    }
}
