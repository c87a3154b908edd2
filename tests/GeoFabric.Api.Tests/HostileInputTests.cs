using System.Net.Sockets;
using System.Text;

namespace GeoFabric.Api.Tests;

/// <summary>What a client can send wrong, by mistake or on purpose: always a 4xx in the one error form, never a 500, and the server lives on.</summary>
public sealed class HostileInputTests(ServerFixture server)
{
    private static readonly string s_deep = new string('[', 500) + new string(']', 500);
    private static readonly string s_deepObject = string.Concat(Enumerable.Repeat("""{"a":""", 300)) + "1" + new string('}', 300);

    /// <summary>Method, path below the fabric, body, expected status. 0: any 4xx.</summary>
    public static TheoryData<string, string, string?, int> Requests()
    {
        var cases = new TheoryData<string, string, string?, int>();
        foreach (var path in (string[])["/collection", "/document/c", "/cursor", "/query", "/query/explain", "/restql", "/restql/import", "/index?collection=c", "/import/c"])
        {
            foreach (var body in (string[])["{", "{\"a\":}", "nul", "{\"a\":1,}", "{'a':1}", "{\"a\":1}x", "[1,2", "\"\\ud800\"", "{\"a\":01}", "{\"a\":1e999}", "\u0001", "{\"a\":\"\t\"}", "[" + new string('9', 1000) + "]"])
                cases.Add("POST", path, body, 400);
        }
        foreach (var body in (string[])["7", "true", "\"text\"", "null"])
        {
            cases.Add("POST", "/document/c", body, 400);
            cases.Add("PUT", "/document/c/k", body, 400);
            cases.Add("PATCH", "/document/c/k", body, 400);
            cases.Add("PUT", "/document/c", body, 400);
            cases.Add("DELETE", "/document/c", body, 400);
        }
        foreach (var body in (string[])["[]", "7", "\"text\"", s_deep])
        {
            cases.Add("POST", "/collection", body, 400);
            cases.Add("POST", "/cursor", body, 400);
            cases.Add("POST", "/restql", body, 400);
            cases.Add("POST", "/index?collection=c", body, 400);
        }
        cases.Add("POST", "/document/c", s_deepObject, 400);
        cases.Add("POST", "/document/c", "{\"_key\":\"a/b\"}", 400);
        cases.Add("POST", "/document/c", "{\"_key\":\"\"}", 400);
        cases.Add("POST", "/document/c", "{\"_key\":7}", 400);
        cases.Add("POST", "/document/c", "{\"_key\":\"" + new string('k', 255) + "\"}", 400);
        cases.Add("POST", "/document/c", "{\"_key\":\"sp ace\"}", 400);
        cases.Add("POST", "/document/c", "{\"_key\":\"\\u0000\"}", 400);
        cases.Add("POST", "/document/none", "{}", 404);
        cases.Add("POST", "/document", "{}", 400);
        cases.Add("GET", "/document/c/" + new string('k', 3000), null, 404);
        cases.Add("GET", "/document/c/%00", null, 0);
        cases.Add("GET", "/document/c/a%2Fb", null, 404);
        cases.Add("GET", "/document/c/..%2f..%2fx", null, 404);
        cases.Add("GET", "/document/none/k", null, 404);
        cases.Add("GET", "/document/c/k?returnNew=perhaps", null, 404);
        cases.Add("POST", "/document/c?returnNew=perhaps", "{}", 400);
        cases.Add("POST", "/document/c?overwriteMode=perhaps", "{}", 400);
        foreach (var name in (string[])["", " ", "1a", "a b", "ä", "a//b", "/a", "../x", "_hidden", new string('n', 65), "a\\u0000b", "a'b", "a;b"])
        {
            cases.Add("POST", "/collection", $$"""{"name":"{{name}}"}""", 400);
            cases.Add("POST", "/restql", $$$"""{"query":{"name":"{{{name}}}","value":"RETURN 1"}}""", 400);
        }
        // Names of saved queries have folders.
        cases.Add("POST", "/collection", "{\"name\":\"a/b\"}", 400);
        cases.Add("POST", "/collection", "{}", 400);
        cases.Add("POST", "/collection", """{"name":"c"}""", 409);
        cases.Add("POST", "/collection", """{"name":5}""", 400);
        cases.Add("POST", "/collection", """{"name":"d","type":9}""", 400);
        cases.Add("POST", "/collection", """{"name":"d","type":"edge"}""", 400);
        cases.Add("POST", "/collection", """{"name":"d","keyOptions":5}""", 400);
        cases.Add("POST", "/collection", """{"name":"d","keyOptions":{"type":"random"}}""", 400);
        cases.Add("POST", "/collection", """{"name":"d","keyOptions":{"type":"autoincrement","increment":-1}}""", 400);
        cases.Add("POST", "/collection", """{"name":"d","isLocal":"yes"}""", 400);
        cases.Add("DELETE", "/collection/none", null, 404);
        cases.Add("PUT", "/collection/none/truncate", null, 404);
        cases.Add("PUT", "/collection/c/rename", """{"name":"1"}""", 400);
        cases.Add("PUT", "/collection/c/rename", "{}", 400);
        cases.Add("PUT", "/collection/c/properties", """{"waitForSync":"x"}""", 400);
        cases.Add("GET", "/index", null, 400);
        cases.Add("GET", "/index?collection=none", null, 404);
        cases.Add("GET", "/index/c/none", null, 404);
        cases.Add("DELETE", "/index/c/primary", null, 0);
        foreach (var index in (string[])[
            "{}", """{"type":"persistent"}""", """{"type":"persistent","fields":[]}""", """{"type":"persistent","fields":[5]}""", """{"type":"persistent","fields":"a"}""",
            """{"type":"persistent","fields":[""]}""", """{"type":"persistent","fields":["a..b"]}""", """{"type":"persistent","fields":["a[*"]}""", """{"type":"nothing","fields":["a"]}""",
            """{"type":"persistent","fields":["a"],"unique":true}""", """{"type":"ttl","fields":["a","b"],"expireAfter":1}""", """{"type":"ttl","fields":["a"],"expireAfter":"x"}""",
            """{"type":"persistent","fields":["a"],"sparse":"x"}"""])
            cases.Add("POST", "/index?collection=c", index, 400);
        foreach (var query in (string[])[
            "", " ", "FOR", "RETURN", "RETURN (", "RETURN 1;", "RETURN @x", "RETURN NO_SUCH_FUNCTION()", "RETURN LENGTH()", "RETURN \\\"unclosed", "FOR x IN c INSERT x INTO c FOR y IN c RETURN y",
            "/* open", "RETURN 1 RETURN 2", "LET x = 1 LET x = 2 RETURN x"])
            cases.Add("POST", "/cursor", $$"""{"query":"{{query}}"}""", 400);
        cases.Add("POST", "/cursor", $$"""{"query":"RETURN {{new string('(', 5000)}}1{{new string(')', 5000)}}"}""", 400);
        cases.Add("POST", "/cursor", $$"""{"query":"RETURN {{string.Concat(Enumerable.Repeat("-", 5000))}}1"}""", 400);
        cases.Add("POST", "/cursor", """{"query":"FOR x IN missing RETURN x"}""", 404);
        cases.Add("POST", "/cursor", """{"query":5}""", 400);
        cases.Add("POST", "/cursor", "{}", 400);
        cases.Add("POST", "/cursor", """{"query":"RETURN 1","bindVars":[]}""", 400);
        cases.Add("POST", "/cursor", """{"query":"RETURN 1","bindVars":{"x":1}}""", 400);
        cases.Add("POST", "/cursor", """{"query":"RETURN 1","batchSize":0}""", 400);
        cases.Add("POST", "/cursor", """{"query":"RETURN 1","batchSize":"x"}""", 400);
        cases.Add("POST", "/cursor", """{"query":"RETURN 1","batchSize":1e300}""", 400);
        cases.Add("POST", "/cursor", """{"query":"RETURN 1","options":5}""", 400);
        cases.Add("POST", "/cursor", """{"query":"RETURN 1","options":{"optimizer":{"rules":[5]}}}""", 400);
        cases.Add("PUT", "/cursor/x", null, 400);
        cases.Add("PUT", "/cursor/99999999999999999999", null, 400);
        cases.Add("PUT", "/cursor/123456", null, 404);
        cases.Add("DELETE", "/cursor/x", null, 404);
        cases.Add("DELETE", "/query/123", null, 404);
        cases.Add("POST", "/restql/execute/none", null, 400);
        cases.Add("POST", "/restql/execute/none", "[]", 400);
        cases.Add("PUT", "/restql/none", """{"query":{"value":"RETURN 1"}}""", 400);
        cases.Add("POST", "/restql", """{"query":5}""", 400);
        cases.Add("POST", "/restql", """{"query":{"name":"q","value":"FOR"}}""", 400);
        cases.Add("POST", "/restql", """{"query":{"name":"q","value":"RETURN 1","parameter":5}}""", 400);
        cases.Add("POST", "/restql", """{"query":{"name":"q","value":"RETURN 1","type":"php"}}""", 400);
        cases.Add("PUT", "/restql/fetch/abc", null, 400);
        cases.Add("GET", "/export/none", null, 404);
        cases.Add("GET", "/export/c?limit=100000", null, 400);
        cases.Add("GET", "/export/c?offset=-1", null, 400);
        cases.Add("GET", "/export/c?order=sideways", null, 400);
        cases.Add("POST", "/export", """{"query":"FOR x IN c REMOVE x IN c"}""", 400);
        cases.Add("POST", "/import/c", """{"data":5}""", 400);
        cases.Add("POST", "/import", "{}", 400);
        cases.Add("POST", "/import?collection=c&type=csv", "a,b", 400);
        cases.Add("POST", "/import?collection=c&onDuplicate=x", "{}", 400);
        cases.Add("POST", "/database", """{"name":"x"}""", 403);
        cases.Add("DELETE", "/database/_system", null, 403);
        cases.Add("PUT", "/database/metadata", """{"metadata":5}""", 400);
        cases.Add("PUT", "/database/metadata", "{}", 400);
        cases.Add("GET", "/nothing/here", null, 404);
        cases.Add("PATCH", "/collection/c", "{}", 405);
        cases.Add("PUT", "/cursor", "{}", 405);
        cases.Add("BREW", "/collection", null, 405);
        cases.Add("OPTIONS", "/collection", null, 405);
        return cases;
    }

    /// <summary>Authorization headers nobody may come in with.</summary>
    public static TheoryData<string> Credentials() =>
    [
        "bearer", "bearer ", "bearer x", "bearer a.b.c", "bearer ..", "bearer a.b.c.d", "bearer " + new string('a', 9000), "basic", "basic !!!", "basic bm9jb2xvbg==", "basic Og==",
        "basic cm9vdDp3cm9uZw==", "apikey", "apikey _mm.key.secret", "digest x", "x", ",", "bearer eyJhbGciOiJub25lIn0.eyJ0ZW5hbnQiOiJfbW0ifQ.", "AWS4-HMAC-SHA256 Credential=x",
    ];

    /// <summary>Raw bytes on the connection; the HTTP server refuses some itself, without a body.</summary>
    public static TheoryData<string> RawRequests() =>
    [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET /_fabric/x HTTP/9.9\r\nHost: a\r\n\r\n",
        "GARBAGE\r\n\r\n",
        "POST /_open/auth HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "POST /_open/auth HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        "POST /_open/auth HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        "POST /_open/auth HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip\r\n\r\n",
        "POST /_open/auth HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}\r\n0\r\n\r\n",
        "POST /_open/auth HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n0\r\n\r\n",
        "GET /a%00b HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET /" + new string('a', 20000) + " HTTP/1.1\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nX: " + new string('a', 40000) + "\r\n\r\n",
        "get /health HTTP/1.1\r\nHost: a\r\n\r\n",
        "POST /_open/auth HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999\r\n\r\n",
        "GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\n folded: x\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Requests), DisableDiscoveryEnumeration = true)]
    public async Task A_bad_request_is_refused_with_all_four_error_attributes(string method, string path, string? body, int status)
    {
        var fabric = await SharedAsync();

        var answer = await fabric.SendAsync(method, path, body);

        Assert.True(answer.Status is >= 400 and < 500, $"{method} {path} {Shorten(body)} -> {answer.Status} {answer.Text}");
        if (status != 0)
            Assert.True(status == answer.Status, $"{method} {path} {Shorten(body)} -> {answer.Status} instead of {status}: {answer.Text}");
        // A NUL in the path is refused by the HTTP server itself, which sends no body.
        if (path.Contains("%00", StringComparison.Ordinal))
            return;
        foreach (var name in (string[])["error", "code", "errorNum", "errorMessage"])
            Assert.True(answer.Body?[name] is not null, $"{method} {path}: '{name}' is missing in {answer.Text}");
        Assert.DoesNotContain("   at ", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void There_are_more_than_a_hundred_bad_requests() => Assert.True(Requests().Count > 200, $"{Requests().Count}");

    [Theory]
    [MemberData(nameof(Credentials), DisableDiscoveryEnumeration = true)]
    public async Task Bad_credentials_are_refused_with_401(string authorization)
    {
        var answer = await server.Root.WithAuthorization(authorization).GetAsync("/_fabric/_system/_api/collection");

        Assert.Equal(401, answer.Status);
        Assert.True((bool)answer["error"]!);
    }

    [Theory]
    [MemberData(nameof(RawRequests), DisableDiscoveryEnumeration = true)]
    public async Task Broken_HTTP_is_refused_with_4xx_or_505(string request)
    {
        var url = new Uri(server.Url);
        using var socket = new TcpClient();
        await socket.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
        var stream = socket.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes(request), TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            // The server may answer and close before everything is sent.
        }
        using var reader = new StreamReader(stream);
        var line = await reader.ReadLineAsync(TestContext.Current.CancellationToken);

        Assert.Matches("^HTTP/1.1 (4..|505)", line!);
        (await server.Root.GetAsync("/health")).AssertStatus(200);
    }

    [Fact]
    public async Task Invalid_UTF8_in_a_body_is_refused()
    {
        var fabric = await SharedAsync();

        var answer = await fabric.SendBytesAsync("POST", "/document/c", [.. "{\"a\":\""u8, 0xff, 0xfe, .. "\"}"u8]);

        answer.AssertError(400, 600);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused_with_413_before_it_is_sent()
    {
        var url = new Uri(server.Url);
        using var socket = new TcpClient();
        await socket.ConnectAsync(url.Host, url.Port, TestContext.Current.CancellationToken);
        await socket.GetStream().WriteAsync("POST /_open/auth HTTP/1.1\r\nHost: a\r\nContent-Length: 5000000\r\n\r\n"u8.ToArray(), TestContext.Current.CancellationToken);
        using var reader = new StreamReader(socket.GetStream());

        var answer = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);

        Assert.StartsWith("HTTP/1.1 413", answer, StringComparison.Ordinal);
        Assert.Contains("\"errorNum\":413", answer, StringComparison.Ordinal);
    }

    private static ApiClient? s_shared;
    private static readonly SemaphoreSlim s_gate = new(1, 1);

    /// <summary>One fabric for all cases: none of them may change anything.</summary>
    private async Task<ApiClient> SharedAsync()
    {
        await s_gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            return s_shared ??= await server.NewCollectionAsync();
        }
        finally
        {
            s_gate.Release();
        }
    }

    private static string Shorten(string? text) => text is null ? "" : text.Length <= 100 ? text : text[..100] + "...";
}
