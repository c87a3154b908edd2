using GeoFabric.Database;
using GeoFabric.Database.Catalog;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Transport;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace GeoFabric.Server.Consistency;

/// <summary>
/// Sends a request on to the region that has to answer it, and its answer back: bodies stream both ways, status and headers stay as they are. A request
/// is sent on once: where it arrives, either it is answered or the two regions do not agree who is home, which is an error and not a loop.
/// </summary>
/// <param name="fault">What a demonstration does to the way to a region.</param>
internal sealed class RegionForwarder(DatabaseHost databases, Func<ushort, PeerLinkFault> fault, TimeProvider clock) : IDisposable
{
    public const string ForwardedHeader = "X-GF-Forwarded";

    /// <summary>The catalog by which the sender decided where the request belongs.</summary>
    public const string CatalogHeader = "X-GF-Catalog";

    /// <summary>The region a client wants to be answered by, whichever it asks.</summary>
    public const string RegionHeader = "X-GF-Region";

    /// <summary>How long a request waits until the catalog it was sent on by has arrived here as well.</summary>
    private static readonly TimeSpan s_catalogWaitMax = TimeSpan.FromSeconds(1);

    /// <summary>Headers that belong to one connection (RFC 9110, 7.6.1).</summary>
    private static readonly HashSet<string> s_connectionHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Connection", "Keep-Alive", "Proxy-Authenticate", "Proxy-Authorization", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "Host", "Content-Length", "Expect",
    };

    private readonly HttpMessageInvoker _client = new(new SocketsHttpHandler
    {
        UseProxy = false,
        UseCookies = false,
        AllowAutoRedirect = false,
        ConnectTimeout = TimeSpan.FromSeconds(3),
        PooledConnectionLifetime = TimeSpan.FromMinutes(2),
    });

    /// <param name="body">The body, when it has been read already.</param>
    /// <param name="answered">Runs when the answer's status and headers are there, before they are passed on.</param>
    /// <param name="isChosen">Whether the client named the region: that one may send it on, as if it had been asked at once.</param>
    /// <exception cref="GeoFabricException">1496 when it has been sent on already, 1477 when the region cannot be reached.</exception>
    public async Task ForwardAsync(HttpContext http, ClusterRegion target, ReadOnlyMemory<byte>? body = null, Func<HttpResponseMessage, Task>? answered = null, bool isChosen = false)
    {
        if (http.Request.Headers.TryGetValue(ForwardedHeader, out var sender))
        {
            throw ErrorCodes.NotHomeRegion.With(
                $"region '{sender}' takes '{databases.Region.Name}' for the home, which takes '{target.Name}' for it; they will agree in a moment");
        }
        if (target.PublicUrl.Length == 0 || target.State != RegionState.Live)
            throw ErrorCodes.RegionUnavailable.With($"'{target.Name}' has to answer this, and {(target.State == RegionState.Live ? "has not said where it is" : "has failed")}");
        if (fault(target.Id) is var disturbed && disturbed.IsCut)
            throw ErrorCodes.RegionUnavailable.With($"'{target.Name}' has to answer this, and cannot be reached: the way is cut by a demonstration");
        if (disturbed.OneWayDelay > TimeSpan.Zero)
            await Task.Delay(2 * disturbed.OneWayDelay, clock, http.RequestAborted);
        using var request = CreateRequest(http, target, body, isChosen);
        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync(request, http.RequestAborted);
        }
        catch (HttpRequestException error)
        {
            throw ErrorCodes.RegionUnavailable.With($"'{target.Name}' has to answer this, and cannot be reached: {error.GetBaseException().Message}", error);
        }
        using (response)
        {
            if (answered is not null)
                await answered(response);
            await AnswerAsync(http, response);
        }
    }

    /// <summary>Asks another region something with the rights of a request.</summary>
    /// <returns>The body of its answer.</returns>
    /// <exception cref="GeoFabricException">1477 when it cannot be reached or refuses.</exception>
    public async Task<Value> AskAsync(HttpContext http, ClusterRegion target, string pathAndQuery, CancellationToken cancellationToken)
    {
        if (target.PublicUrl.Length == 0 || target.State != RegionState.Live)
            throw ErrorCodes.RegionUnavailable.With($"'{target.Name}' {(target.State == RegionState.Live ? "has not said where it is" : "has failed")}");
        if (fault(target.Id).IsCut)
            throw ErrorCodes.RegionUnavailable.With($"'{target.Name}' cannot be reached: the way is cut by a demonstration");
        using var request = new HttpRequestMessage(HttpMethod.Get, target.PublicUrl.TrimEnd('/') + pathAndQuery);
        request.Headers.TryAddWithoutValidation("Authorization", (IEnumerable<string>)http.Request.Headers.Authorization!);
        try
        {
            using var response = await _client.SendAsync(request, cancellationToken);
            var body = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? JsonValueReader.Parse(body)
                : throw ErrorCodes.RegionUnavailable.With($"'{target.Name}' answers with status {(int)response.StatusCode}");
        }
        catch (HttpRequestException error)
        {
            throw ErrorCodes.RegionUnavailable.With($"'{target.Name}' cannot be reached: {error.GetBaseException().Message}", error);
        }
    }

    /// <summary>Waits, for a request that another region sent on, until this one knows the catalog by which it was sent here; refuses it otherwise.</summary>
    /// <exception cref="GeoFabricException">1496.</exception>
    public async ValueTask CatchUpAsync(HttpContext http)
    {
        if (!http.Request.Headers.TryGetValue(CatalogHeader, out var text) || databases.Catalog.Cluster is null)
            return;
        var theirs = CatalogPosition.Parse(text.ToString());
        var began = clock.GetTimestamp();
        while (theirs.IsAfter(CatalogPosition.Of(databases.Catalog)))
        {
            if (clock.GetElapsedTime(began) > s_catalogWaitMax)
                throw ErrorCodes.NotHomeRegion.With($"region '{databases.Region.Name}' does not know catalog {theirs} yet, only {CatalogPosition.Of(databases.Catalog)}");
            await Task.Delay(TimeSpan.FromMilliseconds(5), clock, http.RequestAborted);
        }
    }

    public void Dispose() => _client.Dispose();

    private HttpRequestMessage CreateRequest(HttpContext http, ClusterRegion target, ReadOnlyMemory<byte>? body, bool isChosen)
    {
        var raw = http.Features.Get<IHttpRequestFeature>()?.RawTarget;
        var path = raw is { Length: > 0 } && raw[0] == '/' ? raw : http.Request.Path + http.Request.QueryString.ToString();
        var request = new HttpRequestMessage(
            new HttpMethod(http.Request.Method),
            // As it was sent: decoding and encoding again could make it mean another document.
            new Uri(target.PublicUrl.TrimEnd('/') + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        if (body is { } bytes)
            request.Content = new ReadOnlyMemoryContent(bytes);
        else if (http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
            request.Content = new StreamContent(http.Request.Body);
        foreach (var (name, value) in http.Request.Headers)
        {
            if (s_connectionHeaders.Contains(name))
                continue;
            if (!request.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)value!))
                request.Content?.Headers.TryAddWithoutValidation(name, (IEnumerable<string>)value!);
        }
        if (body is null && http.Request.ContentLength is { } length && request.Content is not null)
            request.Content.Headers.ContentLength = length;
        // Without it nobody chooses a second time, so requests cannot go in circles.
        request.Headers.Remove(RegionHeader);
        if (!isChosen)
            request.Headers.Add(ForwardedHeader, databases.Region.Name.Text);
        request.Headers.Remove(CatalogHeader);
        request.Headers.Add(CatalogHeader, CatalogPosition.Of(databases.Catalog).ToString());
        return request;
    }

    private static async Task AnswerAsync(HttpContext http, HttpResponseMessage response)
    {
        http.Response.StatusCode = (int)response.StatusCode;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            if (!s_connectionHeaders.Contains(name))
                http.Response.Headers[name] = new StringValues([.. values]);
        }
        if (response.Content.Headers.ContentLength is { } length)
            http.Response.ContentLength = length;
        if (HttpMethods.IsHead(http.Request.Method) || http.Response.StatusCode is 204 or 304)
            return;
        try
        {
            await response.Content.CopyToAsync(http.Response.Body, http.RequestAborted);
        }
        catch (Exception error) when (error is HttpRequestException or IOException)
        {
            // The answer is under way: whoever gets half of it must not take it for whole.
            http.Abort();
        }
    }
}
