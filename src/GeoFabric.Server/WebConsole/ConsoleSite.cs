using System.Security.Cryptography;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Server.Http;
using Microsoft.Net.Http.Headers;

namespace GeoFabric.Server.WebConsole;

/// <summary>
/// Serves the console below <c>/console/</c>. Files under <c>assets/</c> carry a hash of their content in their name and are kept by browsers for good; any
/// path that is no file is a place inside the console and answers its page.
/// </summary>
internal sealed class ConsoleSite(RequestDelegate next, ConsoleFiles files)
{
    public const string Root = "/console/";

    private const string Prefix = "/console";
    private const string AssetFolder = "assets/";
    private const string KeptForGood = "public, max-age=31536000, immutable";
    private const string AskedAgain = "no-cache";

    /// <summary>What the page may load: itself and nothing else. Styles that scripts write carry the nonce; the explorer is shown in a frame.</summary>
    private const string Policy = "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{0}'; img-src 'self' data: blob:; font-src 'self'; "
        + "connect-src 'self'; worker-src 'self'; frame-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

    private static readonly CompositeFormat s_policy = CompositeFormat.Parse(Policy);

    public Task InvokeAsync(HttpContext http)
    {
        if (!http.Request.Path.StartsWithSegments(Prefix, StringComparison.Ordinal, out var rest))
            return next(http);
        if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
        {
            http.Response.Headers.Allow = "GET, HEAD";
            throw ErrorCodes.MethodNotAllowed.With($"{http.Request.Method}; the console takes GET and HEAD");
        }
        if (!rest.HasValue)
        {
            http.Response.Redirect(Root);
            return Task.CompletedTask;
        }
        var path = rest.Value![1..];
        if (files.TryGet(path, out var file))
            return SendAsync(http, file, isKept: path.StartsWith(AssetFolder, StringComparison.Ordinal));
        return path.StartsWith(AssetFolder, StringComparison.Ordinal)
            ? throw ErrorCodes.NotFound.With("the console has no such file; reload the page, it may be of another version")
            : SendIndexAsync(http);
    }

    /// <summary>Where a client goes that asks for the root: browsers to the console, others to the explorer.</summary>
    public static Task RedirectFromRootAsync(HttpContext http)
    {
        http.Response.Headers.Vary = HeaderNames.Accept;
        var isBrowser = http.Request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase);
        http.Response.Redirect(isBrowser ? Root : "/swagger/index.html");
        return Task.CompletedTask;
    }

    private Task SendIndexAsync(HttpContext http)
    {
        var nonce = Convert.ToBase64String(RandomNumberGenerator.GetBytes(16));
        var headers = http.Response.Headers;
        headers.ContentSecurityPolicy = string.Format(null, s_policy, nonce);
        headers["Referrer-Policy"] = "no-referrer";
        headers.CacheControl = AskedAgain;
        return SendAsync(http, "text/html; charset=utf-8", Encoding.UTF8.GetBytes(files.Index.Replace(ConsoleFiles.NoncePlaceholder, nonce, StringComparison.Ordinal)));
    }

    private static Task SendAsync(HttpContext http, ConsoleFile file, bool isKept)
    {
        var headers = http.Response.Headers;
        var isSentAsStored = !file.IsCompressed || AnswerCompression.Takes(http.Request, "br");
        var tag = isSentAsStored ? file.StoredTag : file.PlainTag;
        headers.CacheControl = isKept ? KeptForGood : AskedAgain;
        headers.ETag = tag;
        if (file.IsCompressed)
            headers.Vary = HeaderNames.AcceptEncoding;
        if (http.Request.GetTypedHeaders().IfNoneMatch.Any(known => known.Tag == tag || known.Tag == "*"))
        {
            http.Response.StatusCode = 304;
            return Task.CompletedTask;
        }
        if (file.IsCompressed && isSentAsStored)
            headers.ContentEncoding = "br";
        return SendAsync(http, file.ContentType, isSentAsStored ? file.Stored : file.Decompress());
    }

    private static Task SendAsync(HttpContext http, string type, ReadOnlyMemory<byte> bytes)
    {
        http.Response.ContentType = type;
        http.Response.ContentLength = bytes.Length;
        return HttpMethods.IsHead(http.Request.Method) ? Task.CompletedTask : http.Response.BodyWriter.WriteAsync(bytes, http.RequestAborted).AsTask();
    }
}
