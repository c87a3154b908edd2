using System.IO.Pipelines;
using System.Text;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Server.Http;

/// <summary>Writes successful answers: bare values, or objects with <c>error: false</c> and <c>code</c> at their front.</summary>
internal static class ResultWriter
{
    public const string JsonContentType = "application/json; charset=utf-8";

    /// <summary>A value as the whole body.</summary>
    public static Task WriteAsync(HttpContext http, int status, Value value)
    {
        var buffer = ResponseBuffer.Get();
        JsonValueWriter.Write(buffer, value);
        return SendAsync(http, status, buffer.WrittenSpan);
    }

    /// <summary><c>{error: false, code, ...attributes}</c>.</summary>
    public static Task WriteEnvelopeAsync(HttpContext http, int status, params ReadOnlySpan<(string Name, Value Value)> attributes) =>
        WriteAsync(http, status, Envelope(status, attributes));

    /// <summary><c>{error: false, code, ...attributes of the object}</c>.</summary>
    public static Task WriteEnvelopeAsync(HttpContext http, int status, Value attributes) =>
        WriteAsync(http, status, ObjectValue.With(ObjectValue.Of(("error", Value.False), ("code", Value.FromInteger(status))), attributes));

    /// <summary>Sends finished JSON. The bytes are copied before this returns.</summary>
    public static Task SendAsync(HttpContext http, int status, ReadOnlySpan<byte> json) => SendAsync(http, status, json, [], []);

    /// <summary>Sends finished JSON that comes in three pieces, compressed where that pays. The bytes are copied before this returns.</summary>
    public static Task SendAsync(HttpContext http, int status, ReadOnlySpan<byte> head, ReadOnlySpan<byte> middle, ReadOnlySpan<byte> tail)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = JsonContentType;
        response.ContentLength = (long)head.Length + middle.Length + tail.Length;
        if (HttpMethods.IsHead(http.Request.Method))
            return Task.CompletedTask;
        if (AnswerCompression.TryCompress(http, head, middle, tail) is { } compressed)
        {
            head = compressed.GetBuffer().AsSpan(0, (int)compressed.Length);
            middle = tail = [];
            response.ContentLength = head.Length;
        }
        // Headers first: the web server would put what is written before them aside, and copy it once more behind them.
        var start = response.StartAsync();
        if (!start.IsCompletedSuccessfully)
            return SendAfterAsync(start, response, [.. head, .. middle, .. tail]);
        var writer = response.BodyWriter;
        WriteWhole(writer, head);
        WriteWhole(writer, middle);
        WriteWhole(writer, tail);
        // Without a token, which would have to be made for it: the flush ends when the client goes away.
        var flush = writer.FlushAsync();
        return flush.IsCompletedSuccessfully ? Task.CompletedTask : flush.AsTask();
    }

    private static async Task SendAfterAsync(Task start, HttpResponse response, byte[] body)
    {
        await start;
        await response.BodyWriter.WriteAsync(body);
    }

    /// <summary>Writes into one piece of memory rather than into many of 4 KB.</summary>
    private static void WriteWhole(PipeWriter writer, ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
            return;
        bytes.CopyTo(writer.GetSpan(bytes.Length));
        writer.Advance(bytes.Length);
    }

    /// <summary>An answer without a body.</summary>
    public static Task SendEmptyAsync(HttpContext http, int status)
    {
        http.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static Value Envelope(int status, ReadOnlySpan<(string Name, Value Value)> attributes)
    {
        using var builder = new ValueBuilder();
        builder.BeginObject();
        builder.WriteAttribute("error"u8, Value.False);
        builder.WriteAttribute("code"u8, Value.FromInteger(status));
        foreach (var (name, value) in attributes)
            builder.WriteAttribute(Encoding.UTF8.GetBytes(name), value);
        builder.EndObject();
        return builder.Build();
    }
}
