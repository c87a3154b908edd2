using System.Buffers.Binary;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using GeoFabric.Database.Requests;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Server.Http;
using Microsoft.AspNetCore.Http.Features;

namespace GeoFabric.Server.Endpoints;

/// <summary>
/// Carries out writes whose client gave them an id, once: when the same request comes again, here or in another region that knows of it, it gets the first
/// answer, or what is known of it, and writes nothing.
/// </summary>
internal static class NamedRequests
{
    public const string IdHeader = "X-Request-Id";

    /// <summary>true on answers to requests that had been carried out before.</summary>
    public const string ReplayedHeader = "X-GF-Replayed";

    /// <summary>Headers that belong to the answer of a write.</summary>
    private static readonly string[] s_keptHeaders = ["ETag", "Location", "x-c8-error-codes"];

    public static bool Concerns(ApiRequest request, ApiRoute route) => route.TakesRequestId && request.Http.Request.Headers.ContainsKey(IdHeader);

    /// <summary>Runs a request, or gives the answer it had.</summary>
    public static async Task RunAsync(ApiRequest request, ApiRoute route, Func<Task> run)
    {
        var named = new WriteRequest(ReadId(request.Http.Request.Headers[IdHeader].ToString()), await DigestAsync(request));
        if (request.Fabric.Requests.Find(request.Scope, named) is { } outcome)
        {
            await AnswerAgainAsync(request, route, outcome);
            return;
        }
        request.Named = named;
        var sender = request.Http.Features.Get<IHttpResponseBodyFeature>()!;
        // The answer is kept as text.
        request.Http.Request.Headers.AcceptEncoding = default;
        using var answer = new MemoryStream();
        request.Http.Features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(answer));
        try
        {
            await run();
            await request.Http.Response.BodyWriter.FlushAsync();
        }
        catch (RequestAppliedException applied)
        {
            request.Http.Features.Set(sender);
            await AnswerAgainAsync(request, route, applied.Outcome);
            return;
        }
        finally
        {
            request.Http.Features.Set(sender);
        }
        // Kept before it is given: what a client has heard it will hear again.
        if (request.Http.Response.StatusCode is >= 200 and < 300)
            await request.Fabric.Requests.StoreAnswerAsync(request.Scope, named.Id, Describe(request.Http.Response, answer), request.Aborted);
        await sender.Stream.WriteAsync(answer.GetBuffer().AsMemory(0, (int)answer.Length), request.Aborted);
    }

    /// <exception cref="GeoFabricException">10.</exception>
    private static UInt128 ReadId(string text)
    {
        if ((!Guid.TryParseExact(text, "D", out var id) && !Guid.TryParseExact(text, "N", out id)) || id == Guid.Empty)
        {
            throw ErrorCodes.BadParameter.With(
                $"header {IdHeader} is '{(text.Length <= 40 ? text : text[..40] + "...")}'; it takes a UUID of your own for each request, such as 6f1c2b34-8d4e-4a57-9b1f-0c2d3e4f5a6b, with or without its dashes");
        }
        Span<byte> bytes = stackalloc byte[16];
        id.TryWriteBytes(bytes, bigEndian: true, out _);
        return BinaryPrimitives.ReadUInt128BigEndian(bytes);
    }

    /// <summary>What tells one request from another: who asks for what.</summary>
    private static async Task<UInt128> DigestAsync(ApiRequest request)
    {
        var http = request.Http;
        var body = await RequestBody.ReadBytesAsync(http);
        http.Request.Body = new MemoryStream(body.ToArray(), writable: false);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes($"{request.Tenant}\n{request.Principal.UserName}\n{http.Request.Method}\n{http.Request.Path}{http.Request.QueryString}\n"));
        hash.AppendData(body.Span);
        return BinaryPrimitives.ReadUInt128BigEndian(hash.GetHashAndReset());
    }

    private static string Describe(HttpResponse response, MemoryStream body)
    {
        var kept = new List<(string, Value)>
        {
            ("status", Value.FromInteger(response.StatusCode)),
            ("body", Value.FromString(Encoding.UTF8.GetString(body.GetBuffer(), 0, (int)body.Length))),
        };
        foreach (var name in s_keptHeaders)
        {
            if (response.Headers.TryGetValue(name, out var value))
                kept.Add((name, Value.FromString(value.ToString())));
        }
        return ObjectValue.Of(kept).ToString();
    }

    private static Task AnswerAgainAsync(ApiRequest request, ApiRoute route, RequestOutcome outcome)
    {
        request.Http.Response.Headers[ReplayedHeader] = "true";
        if (outcome.Answer is null)
            return ResultWriter.WriteEnvelopeAsync(request.Http, route.SuccessStatus, ObjectValue.Of(Known(request, route, outcome)));
        var kept = JsonValueReader.Parse(Encoding.UTF8.GetBytes(outcome.Answer));
        foreach (var name in s_keptHeaders)
        {
            if (kept.TryGetAttribute(Encoding.ASCII.GetBytes(name), out var value))
                request.Http.Response.Headers[name] = value.Text;
        }
        return ResultWriter.SendAsync(request.Http, (int)kept.GetAttribute("status"u8).Integer, kept.GetAttribute("body"u8).Utf8);
    }

    private static List<(string, Value)> Known(ApiRequest request, ApiRoute route, RequestOutcome outcome)
    {
        var known = new List<(string, Value)>();
        if (outcome.Key is not null)
        {
            known.Add(("_id", Value.FromString($"{outcome.Collection}/{outcome.Key}")));
            known.Add(("_key", Value.FromString(outcome.Key)));
            known.Add(("_rev", Value.FromString(outcome.Revision.ToString())));
            request.Http.Response.Headers.ETag = $"\"{outcome.Revision}\"";
        }
        // Rows are not remembered, but who reads them must find a list.
        if (route.Placement == RoutePlacement.RunsQuery)
        {
            known.Add(("result", Value.EmptyArray));
            known.Add(("hasMore", Value.False));
        }
        var name = request.Services.Databases.Catalog.Cluster is { } cluster && cluster.Regions.TryGetValue(outcome.Origin.Region, out var region)
            ? region.Name.Text
            : outcome.Origin.Region.ToString(CultureInfo.InvariantCulture);
        known.Add(("replayed", ObjectValue.Of(("region", Value.FromString(name)), ("revision", Value.FromString(outcome.Revision.ToString())))));
        return known;
    }
}
