using System.IO.Compression;
using Microsoft.Net.Http.Headers;

namespace GeoFabric.Server.Http;

/// <summary>Makes large answers small for clients that say they can read that, by Brotli or gzip at their fastest.</summary>
/// <remarks>
/// Who sends no Accept-Encoding gets the bytes as they are, and so does every small answer: reading one document pays nothing for this. Answers that must
/// not be stored hold secrets and stay as they are, since how small one gets tells something of what is in it. Of all others no page of a stranger can ask,
/// because no browser adds the token to a request by itself.
/// </remarks>
internal static class AnswerCompression
{
    /// <summary>Smaller answers fit in a few packets anyway.</summary>
    public const int BytesMin = 8 * 1024;

    private const string Brotli = "br";
    private const string Gzip = "gzip";

    /// <summary>Says that an answer is a secret: it is neither stored by who gets it nor compressed.</summary>
    public static void Refuse(HttpResponse response) => response.Headers.CacheControl = CacheControlHeaderValue.NoStoreString;

    /// <summary>Whether a request takes an encoding; the names are those of Accept-Encoding.</summary>
    public static bool Takes(HttpRequest request, string name)
    {
        var encodings = request.GetTypedHeaders().AcceptEncoding;
        var offer = encodings.FirstOrDefault(encoding => encoding.Value.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? encodings.FirstOrDefault(encoding => encoding.Value == "*");
        return offer is not null && offer.Quality is not 0;
    }

    /// <summary>The three pieces of an answer as one compressed body, whose encoding the answer's headers name; null when they are to be sent as they are.</summary>
    public static MemoryStream? TryCompress(HttpContext http, ReadOnlySpan<byte> head, ReadOnlySpan<byte> middle, ReadOnlySpan<byte> tail)
    {
        var length = (long)head.Length + middle.Length + tail.Length;
        if (length < BytesMin || http.Response.Headers.CacheControl == CacheControlHeaderValue.NoStoreString)
            return null;
        http.Response.Headers.Vary = HeaderNames.AcceptEncoding;
        if (Choose(http.Request) is not { } encoding)
            return null;
        http.Response.Headers.ContentEncoding = encoding;
        var target = new MemoryStream((int)(length / 8));
        using (Stream packer = encoding == Brotli
            ? new BrotliStream(target, CompressionLevel.Fastest, leaveOpen: true)
            : new GZipStream(target, CompressionLevel.Fastest, leaveOpen: true))
        {
            packer.Write(head);
            packer.Write(middle);
            packer.Write(tail);
        }
        return target;
    }

    private static string? Choose(HttpRequest request) => request.Headers.AcceptEncoding.Count == 0 ? null : Takes(request, Brotli) ? Brotli : Takes(request, Gzip) ? Gzip : null;
}
