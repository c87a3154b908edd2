using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GeoFabric.Server.Hosting;
using GeoFabric.Server.Options;

namespace GeoFabric.Api.Tests;

/// <summary>The address book over real HTTP: a server in memory on a free port.</summary>
public sealed class AddressBookTests : IAsyncLifetime
{
    private ServerHost _server = null!;
    private HttpClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _server = await ServerHost.StartAsync(new ServerOptions { Port = 0, Login = new LoginOptions { RootPassword = "secret", PasswordRounds = 1000 } }, TimeProvider.System);
        _client = new HttpClient { BaseAddress = new Uri(_server.Url) };
        var login = await SendAsync("POST", "/_open/auth", """{"email":"root@localhost","password":"secret"}""");
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("BeArEr", login.Body.GetProperty("jwt").GetString());
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _server.DisposeAsync();
    }

    [Theory]
    [InlineData("/_fabric/_system/_api/collection")]
    [InlineData("/_fabric/_system/collection")]
    [InlineData("/_tenant/_mm/_fabric/_system/_api/collection/")]
    [InlineData("//_tenant/_mm//_fabric/_system/collection?excludeSystem=True")]
    public async Task Every_form_of_url_reaches_the_collections(string path)
    {
        var (status, body) = await SendAsync("GET", path);

        Assert.Equal(200, status);
        Assert.Equal(JsonValueKind.Array, body.GetProperty("result").ValueKind);
    }

    [Fact]
    public async Task Document_goes_in_and_comes_out_with_its_revision()
    {
        await SendAsync("POST", "/_fabric/_system/_api/collection", """{"name":"addresses"}""");
        var (inserted, answer) = await SendAsync("POST", "/_fabric/_system/_api/document/addresses?returnNew=true", """{"_key":"a","name":"Ada","big":9223372036854775807}""");
        var (read, document) = await SendAsync("GET", "/_fabric/_system/document/addresses/a");

        Assert.Equal(202, inserted);
        Assert.Equal(200, read);
        Assert.Equal("addresses/a", document.GetProperty("_id").GetString());
        Assert.Equal(answer.GetProperty("_rev").GetString(), document.GetProperty("_rev").GetString());
        Assert.Equal(long.MaxValue, document.GetProperty("big").GetInt64());
    }

    [Fact]
    public async Task Saved_query_runs_with_its_default_and_with_another_value()
    {
        await SendAsync("POST", "/_fabric/_system/_api/restql", """{"query":{"name":"double","value":"RETURN @x * 2","parameter":{"x":21}}}""");
        var (_, byDefault) = await SendAsync("POST", "/_tenant/_mm/_fabric/_system/restql/execute/double");
        var (_, given) = await SendAsync("POST", "/_fabric/_system/_api/restql/execute/double", """{"bindVars":{"x":2}}""");

        Assert.Equal("[42]", byDefault.GetProperty("result").GetRawText());
        Assert.Equal("[4]", given.GetProperty("result").GetRawText());
    }

    [Fact]
    public async Task Cursor_hands_out_every_page_once()
    {
        var (_, page) = await SendAsync("POST", "/_fabric/_system/_api/cursor", """{"query":"FOR i IN 1..5 RETURN i","batchSize":2,"count":true}""");
        var rows = page.GetProperty("result").EnumerateArray().Select(row => row.GetInt32()).ToList();
        while (page.GetProperty("hasMore").GetBoolean())
        {
            (_, page) = await SendAsync("PUT", "/_fabric/_system/_api/cursor/" + page.GetProperty("id").GetString());
            rows.AddRange(page.GetProperty("result").EnumerateArray().Select(row => row.GetInt32()));
        }

        Assert.Equal([1, 2, 3, 4, 5], rows);
    }

    [Theory]
    [InlineData("GET", "/_fabric/nowhere/_api/collection", null, 404, 1228)]
    [InlineData("GET", "/_fabric/_system/_api/collection/nothing", null, 404, 1203)]
    [InlineData("POST", "/_fabric/_system/_api/collection", "{", 400, 600)]
    [InlineData("POST", "/_fabric/_system/_api/collection", "[]", 400, 10)]
    [InlineData("POST", "/_fabric/_system/_api/collection", "{\"name\":\"9\"}", 400, 1208)]
    [InlineData("POST", "/_fabric/_system/_api/cursor", "{\"query\":\"FOR\"}", 400, 1501)]
    [InlineData("POST", "/_fabric/_system/_api/cursor", "{\"query\":\"\"}", 400, 1502)]
    [InlineData("POST", "/_fabric/_system/_api/cursor", "{\"query\":\"RETURN @x\"}", 400, 1551)]
    [InlineData("POST", "/_fabric/_system/_api/cursor", "{\"query\":\"RETURN 1\",\"bindVars\":{\"x\":1}}", 400, 1552)]
    [InlineData("PUT", "/_fabric/_system/_api/cursor/99", null, 404, 1600)]
    [InlineData("GET", "/no/such/path", null, 404, 404)]
    [InlineData("DELETE", "/health", null, 405, 405)]
    public async Task Bad_input_answers_with_all_four_keys(string method, string path, string? body, int status, int errorNumber)
    {
        var (actual, answer) = await SendAsync(method, path, body);

        Assert.Equal(status, actual);
        Assert.True(answer.GetProperty("error").GetBoolean());
        Assert.Equal(status, answer.GetProperty("code").GetInt32());
        Assert.Equal(errorNumber, answer.GetProperty("errorNum").GetInt32());
        Assert.NotEmpty(answer.GetProperty("errorMessage").GetString()!);
    }

    [Fact]
    public async Task Calls_without_or_with_a_forged_token_are_refused()
    {
        var token = _client.DefaultRequestHeaders.Authorization!.Parameter!;
        _client.DefaultRequestHeaders.Authorization = null;
        var (without, _) = await SendAsync("GET", "/_fabric/_system/_api/collection");
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("bearer", token[..^2] + (token[^2] == 'A' ? "B" : "A") + token[^1]);
        var (forged, _) = await SendAsync("GET", "/_fabric/_system/_api/collection");

        Assert.Equal(401, without);
        Assert.Equal(401, forged);
    }

    private async Task<(int Status, JsonElement Body)> SendAsync(string method, string path, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_server.Url + path));
        if (body is not null)
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, text.Length == 0 ? default : JsonDocument.Parse(text).RootElement);
    }
}
