using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoFabric.Server.Demonstration;

/// <summary>Calls to one region of the demonstration, as root: the same HTTP calls that curl makes.</summary>
internal sealed class DemoClient : IDisposable
{
    /// <summary>A region that does not answer is as good as gone.</summary>
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    private readonly DemoRegion _region;
    private readonly HttpClient _client;

    public DemoClient(DemoRegion region)
    {
        _region = region;
        _client = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { BaseAddress = new Uri(region.Url), Timeout = s_timeout };
    }

    /// <summary>Good in every region; null before the first login.</summary>
    public string? Token { get; private set; }

    public async Task<bool> TryLogInAsync(CancellationToken cancellationToken)
    {
        var login = new JsonObject { ["tenant"] = "_mm", ["username"] = "root", ["password"] = DemoData.Password };
        var (status, body) = await SendAsync(HttpMethod.Post, "/_open/auth", login, cancellationToken);
        if (status != 200)
            return false;
        Token = (string)body["jwt"]!;
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("bearer", Token);
        return true;
    }

    /// <summary>Runs a query in the demonstration's fabric.</summary>
    /// <returns>Its rows.</returns>
    public async Task<JsonArray> QueryAsync(string query, CancellationToken cancellationToken) =>
        (await RequireAsync(HttpMethod.Post, DemoData.Fabric + "/cursor", new JsonObject { ["query"] = query }, cancellationToken))["result"]!.AsArray();

    /// <exception cref="IOException">The answer is an error, or there is none.</exception>
    public async Task<JsonObject> RequireAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        var (status, answer) = await SendAsync(method, path, body, cancellationToken);
        return status is >= 200 and < 300 ? answer : throw new IOException($"region '{_region.Name}' answers {method} {path} with {status}: {answer["errorMessage"]}");
    }

    /// <returns>Status and body; status 0 when no server answers.</returns>
    public async Task<(int Status, JsonObject Body)> SendAsync(
        HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        var (status, answer, _) = await SendForHeadersAsync(method, path, body, cancellationToken, headers);
        return (status, answer);
    }

    /// <returns>As <see cref="SendAsync"/>, and the answer's headers.</returns>
    public async Task<(int Status, JsonObject Body, IReadOnlyDictionary<string, string> Headers)> SendForHeadersAsync(
        HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        try
        {
            using var response = await _client.SendAsync(request, cancellationToken);
            var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(cancellationToken)) as JsonObject ?? [];
            var received = response.Headers.ToDictionary(header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
            return ((int)response.StatusCode, answer, received);
        }
        catch (Exception error) when (error is HttpRequestException or JsonException || (error is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return (0, new JsonObject { ["errorMessage"] = error.GetBaseException().Message }, new Dictionary<string, string>());
        }
    }

    public void Dispose() => _client.Dispose();
}
