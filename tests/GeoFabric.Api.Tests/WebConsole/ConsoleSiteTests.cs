using System.IO.Compression;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Server.WebConsole;
using Microsoft.AspNetCore.Http;

namespace GeoFabric.Api.Tests.WebConsole;

public sealed class ConsoleSiteTests(ServerFixture server)
{
    private const string Script = "export const answer = 42;";

    private static readonly ConsoleFiles s_files = new(new Dictionary<string, ConsoleFile>
    {
        ["index.html"] = new("text/html", Encoding.UTF8.GetBytes("<meta content=\"__NONCE__\"><style nonce=\"__NONCE__\"></style>"), false),
        ["favicon.svg"] = new("image/svg+xml", Encoding.UTF8.GetBytes("<svg/>"), false),
        ["assets/index-1a2b.js"] = new("text/javascript", Compress(Script), true),
    });

    [Fact]
    public async Task Browsers_that_ask_for_the_root_go_to_the_console_and_others_to_the_explorer()
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(server.Url) };
        using var fromBrowser = new HttpRequestMessage(HttpMethod.Get, "/");
        fromBrowser.Headers.Add("Accept", "text/html,application/xhtml+xml,*/*;q=0.8");
        using var fromTool = new HttpRequestMessage(HttpMethod.Get, "/");

        using var browser = await client.SendAsync(fromBrowser, TestContext.Current.CancellationToken);
        using var tool = await client.SendAsync(fromTool, TestContext.Current.CancellationToken);

        Assert.Equal("/console/", browser.Headers.Location!.OriginalString);
        Assert.Equal("/swagger/index.html", tool.Headers.Location!.OriginalString);
    }

    [Fact]
    public async Task The_server_has_a_page_at_every_place_of_the_console()
    {
        using var anonymous = ApiClient.Anonymous(server.Url);

        var page = await anonymous.GetAsync("/console/");
        var place = await anonymous.GetAsync("/console/collections/addresses");

        Assert.Contains("<!doctype html>", page.AssertStatus(200).Text, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("text/html; charset=utf-8", place.AssertStatus(200).Headers["Content-Type"]);
        Assert.Equal("no-cache", place.Headers["Cache-Control"]);
        Assert.DoesNotContain("__NONCE__", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Unknown_assets_and_other_methods_are_refused_as_JSON()
    {
        using var anonymous = ApiClient.Anonymous(server.Url);

        (await anonymous.GetAsync("/console/assets/gone-0000.js")).AssertError(404, 404);
        (await anonymous.PostAsync("/console/", "{}")).AssertError(405, 405);
    }

    [Fact]
    public async Task Each_answer_of_the_page_has_a_nonce_of_its_own_and_a_policy_that_names_it()
    {
        var first = await GetAsync("/console/query");
        var second = await GetAsync("/console/query");

        var nonce = first.Text.Split('"')[1];
        Assert.Equal($"<meta content=\"{nonce}\"><style nonce=\"{nonce}\"></style>", first.Text);
        Assert.Contains($"style-src 'self' 'nonce-{nonce}';", first.Headers.ContentSecurityPolicy.ToString(), StringComparison.Ordinal);
        Assert.StartsWith("default-src 'none'; script-src 'self';", first.Headers.ContentSecurityPolicy.ToString(), StringComparison.Ordinal);
        Assert.NotEqual(first.Text, second.Text);
    }

    [Fact]
    public async Task Assets_are_sent_compressed_or_plain_as_the_client_takes_them_and_kept_for_good()
    {
        var compressed = await GetAsync("/console/assets/index-1a2b.js", "gzip, br");
        var plain = await GetAsync("/console/assets/index-1a2b.js", "br;q=0, gzip");

        Assert.Equal("br", compressed.Headers.ContentEncoding);
        Assert.Equal(Compress(Script), compressed.Bytes);
        Assert.False(plain.Headers.ContainsKey("Content-Encoding"));
        Assert.Equal(Script, plain.Text);
        Assert.NotEqual(compressed.Headers.ETag, plain.Headers.ETag);
        Assert.All([compressed, plain], answer =>
        {
            Assert.Equal("public, max-age=31536000, immutable", answer.Headers.CacheControl);
            Assert.Equal("Accept-Encoding", answer.Headers.Vary);
        });
    }

    [Fact]
    public async Task A_file_that_the_client_has_is_not_sent_again()
    {
        var first = await GetAsync("/console/favicon.svg");
        var again = await GetAsync("/console/favicon.svg", tag: first.Headers.ETag);
        var other = await GetAsync("/console/favicon.svg", tag: "\"0000\"");

        Assert.Equal("no-cache", first.Headers.CacheControl);
        Assert.Equal((304, 0), (again.Status, again.Bytes.Length));
        Assert.Equal("<svg/>", other.Text);
    }

    [Fact]
    public async Task HEAD_has_the_headers_of_GET_and_no_body()
    {
        var get = await GetAsync("/console/assets/index-1a2b.js", "br");
        var head = await GetAsync("/console/assets/index-1a2b.js", "br", method: "HEAD");

        Assert.Empty(head.Bytes);
        Assert.Equal(get.Headers.ContentLength, head.Headers.ContentLength);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
    }

    [Theory]
    [InlineData("/console/index.html")]
    [InlineData("/console/collections/a.b/c")]
    [InlineData("/console/")]
    public async Task The_page_never_goes_out_without_its_policy(string path)
    {
        var answer = await GetAsync(path);

        Assert.NotEmpty(answer.Headers.ContentSecurityPolicy.ToString());
        Assert.DoesNotContain("__NONCE__", answer.Text, StringComparison.Ordinal);
    }

    private static async Task<Answer> GetAsync(string path, string encodings = "", string? tag = null, string method = "GET")
    {
        var http = new DefaultHttpContext();
        http.Request.Method = method;
        http.Request.Path = path;
        http.Request.Headers.AcceptEncoding = encodings;
        http.Request.Headers.IfNoneMatch = tag;
        using var body = new MemoryStream();
        http.Response.Body = body;
        await new ConsoleSite(_ => throw ErrorCodes.NotFound.Create(), s_files).InvokeAsync(http);
        await http.Response.BodyWriter.FlushAsync(TestContext.Current.CancellationToken);
        return new Answer(http.Response.StatusCode, http.Response.Headers, body.ToArray());
    }

    private static byte[] Compress(string text)
    {
        using var target = new MemoryStream();
        using (var compression = new BrotliStream(target, CompressionLevel.Optimal, leaveOpen: true))
            compression.Write(Encoding.UTF8.GetBytes(text));
        return target.ToArray();
    }

    private sealed record Answer(int Status, IHeaderDictionary Headers, byte[] Bytes)
    {
        public string Text => Encoding.UTF8.GetString(Bytes);
    }
}
