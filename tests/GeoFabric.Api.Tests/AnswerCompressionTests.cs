using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;

namespace GeoFabric.Api.Tests;

/// <summary>Large answers are compressed for clients that take it, and for nobody else.</summary>
public sealed class AnswerCompressionTests(ServerFixture server)
{
    private const string Large = """{"query":"FOR i IN 1..2000 RETURN CONCAT('row ', i)","batchSize":2000}""";
    private const string Small = """{"query":"FOR i IN 1..20 RETURN CONCAT('row ', i)"}""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("gzip", "gzip")]
    [InlineData("br", "br")]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("gzip;q=1.0, br;q=0", "gzip")]
    [InlineData("*", "br")]
    [InlineData("GZIP", "gzip")]
    [InlineData("deflate", null)]
    [InlineData("identity", null)]
    [InlineData("*;q=0", null)]
    [InlineData("", null)]
    [InlineData("gzip;;;=", null)]
    [InlineData(null, null)]
    public async Task A_large_answer_comes_in_an_encoding_the_client_takes(string? accepted, string? sent)
    {
        var (bytes, response) = await AskAsync(Large, accepted);

        Assert.Equal(sent, response.Content.Headers.ContentEncoding.SingleOrDefault());
        Assert.Equal("Accept-Encoding", Assert.Single(response.Headers.Vary));
        Assert.Equal(bytes.Length, response.Content.Headers.ContentLength);
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
        var text = Decode(bytes, sent);
        Assert.Equal("row 2000", (string)JsonNode.Parse(text)!["result"]![1999]!);
        Assert.True(sent is null || bytes.Length < text.Length / 2, $"{bytes.Length} bytes of {text.Length}");
    }

    [Fact]
    public async Task A_small_answer_stays_as_it_is()
    {
        var (bytes, response) = await AskAsync(Small, "gzip, br");

        Assert.Empty(response.Content.Headers.ContentEncoding);
        Assert.Empty(response.Headers.Vary);
        Assert.Equal("row 20", (string)JsonNode.Parse(bytes)!["result"]![19]!);
    }

    [Fact]
    public async Task An_answer_with_a_session_is_never_compressed_nor_stored()
    {
        using var anonymous = ApiClient.Anonymous(server.Url);

        var answer = await anonymous.PostAsync("/_open/auth", $$"""{"tenant":"_mm","username":"root","password":"{{ServerFixture.Password}}"}""", ("Accept-Encoding", "gzip, br"));

        Assert.Equal("no-store", answer.AssertStatus(200).Headers["Cache-Control"]);
        Assert.False(answer.Headers.ContainsKey("Content-Encoding"));
    }

    [Fact]
    public async Task A_write_sent_again_gets_its_answer_whatever_encodings_were_taken()
    {
        var fabric = await server.NewCollectionAsync();
        var body = """{"query":"FOR i IN 1..2000 INSERT {n: i} INTO c RETURN NEW.n"}""";
        (string, string)[] headers = [("X-Request-Id", Guid.NewGuid().ToString("D")), ("Accept-Encoding", "gzip, br")];

        var first = await fabric.PostAsync("/cursor", body, headers);
        var second = await fabric.PostAsync("/cursor", body, headers);

        Assert.Equal(1000, first.AssertStatus(201)["result"]!.AsArray().Count);
        Assert.Equal(first.Text, second.Text);
        Assert.Equal("true", second.Headers["X-GF-Replayed"]);
    }

    [Fact]
    public async Task Events_are_sent_one_by_one_whatever_encodings_are_taken()
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, server.Url + "/_api/metrics/stream");
        request.Headers.Authorization = new AuthenticationHeaderValue("bearer", server.Root.Token);
        request.Headers.TryAddWithoutValidation("Accept-Encoding", "gzip, br");
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancelled);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancelled));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(response.Content.Headers.ContentEncoding);
        Assert.Equal("event: sample", await reader.ReadLineAsync(Cancelled));
    }

    private async Task<(byte[] Bytes, HttpResponseMessage Response)> AskAsync(string body, string? accepted)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(HttpMethod.Post, server.Url + "/_fabric/_system/_api/cursor") { Content = new StringContent(body) };
        request.Headers.Authorization = new AuthenticationHeaderValue("bearer", server.Root.Token);
        if (accepted is not null)
            request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        var response = await client.SendAsync(request, Cancelled);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return (await response.Content.ReadAsByteArrayAsync(Cancelled), response);
    }

    private static string Decode(byte[] bytes, string? encoding)
    {
        using Stream source = encoding switch
        {
            "br" => new BrotliStream(new MemoryStream(bytes), CompressionMode.Decompress),
            "gzip" => new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress),
            _ => new MemoryStream(bytes),
        };
        using var reader = new StreamReader(source);
        return reader.ReadToEnd();
    }
}
