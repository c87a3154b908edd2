using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoFabric.Api.Tests;

/// <summary>Sends requests and reads the answers as JSON.</summary>
public sealed class ApiClient : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _prefix;
    private readonly string? _authorization;

    private ApiClient(HttpClient http, string prefix, string? authorization)
    {
        _http = http;
        _prefix = prefix;
        _authorization = authorization;
    }

    public string? Token => _authorization?[7..];

    public static ApiClient Anonymous(string url) => new(new HttpClient { BaseAddress = new Uri(url) }, "", null);

    public static async Task<ApiClient> LogInAsync(string url, string tenant, string user, string password)
    {
        var anonymous = Anonymous(url);
        var answer = await anonymous.PostAsync("/_open/auth", $$"""{"tenant":"{{tenant}}","username":"{{user}}","password":"{{password}}"}""");
        Assert.Equal(200, answer.Status);
        return anonymous.WithAuthorization("bearer " + (string)answer.Body!["jwt"]!);
    }

    /// <summary>The same client with paths relative to another one.</summary>
    public ApiClient In(string prefix) => new(_http, prefix, _authorization);

    public ApiClient WithAuthorization(string? authorization) => new(_http, _prefix, authorization);

    public Task<ApiAnswer> GetAsync(string path, params (string Name, string Value)[] headers) => SendAsync("GET", path, null, headers);

    public Task<ApiAnswer> PostAsync(string path, string? body = null, params (string Name, string Value)[] headers) => SendAsync("POST", path, body, headers);

    public Task<ApiAnswer> PutAsync(string path, string? body = null, params (string Name, string Value)[] headers) => SendAsync("PUT", path, body, headers);

    public Task<ApiAnswer> PatchAsync(string path, string? body = null, params (string Name, string Value)[] headers) => SendAsync("PATCH", path, body, headers);

    public Task<ApiAnswer> DeleteAsync(string path, string? body = null, params (string Name, string Value)[] headers) => SendAsync("DELETE", path, body, headers);

    public Task<ApiAnswer> SendAsync(string method, string path, string? body, params (string Name, string Value)[] headers) =>
        SendBytesAsync(method, path, body is null ? null : Encoding.UTF8.GetBytes(body), headers);

    public async Task<ApiAnswer> SendBytesAsync(string method, string path, byte[]? body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(_http.BaseAddress!.GetLeftPart(UriPartial.Authority) + _prefix + path));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        }
        if (_authorization is not null)
            request.Headers.TryAddWithoutValidation("Authorization", _authorization);
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var sent = response.Headers.Concat(response.Content.Headers).ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        var isJson = response.Content.Headers.ContentType?.MediaType == "application/json" && text.Length > 0;
        return new ApiAnswer((int)response.StatusCode, isJson ? JsonNode.Parse(text, documentOptions: new JsonDocumentOptions { MaxDepth = 600 }) : null, text, sent);
    }

    public void Dispose() => _http.Dispose();
}

/// <summary>An answer; <paramref name="Body"/> is null unless it is JSON.</summary>
public sealed record ApiAnswer(int Status, JsonNode? Body, string Text, IReadOnlyDictionary<string, string> Headers)
{
    public JsonNode? this[string name] => Body?[name];

    /// <summary>Asserts an error in the form every client expects.</summary>
    public ApiAnswer AssertError(int status, int number)
    {
        Assert.True(status == Status && Body is JsonObject, $"expected {status}/{number}, got {Status} {Text}");
        Assert.True((bool)Body["error"]!, Text);
        Assert.Equal(status, (int)Body["code"]!);
        Assert.True(number == (int)Body["errorNum"]!, $"expected {status}/{number}, got {Text}");
        Assert.NotEmpty((string)Body["errorMessage"]!);
        return this;
    }

    public ApiAnswer AssertStatus(int status)
    {
        Assert.True(status == Status, $"expected {status}, got {Status} {Text}");
        return this;
    }
}
