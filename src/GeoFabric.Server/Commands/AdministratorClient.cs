using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoFabric.Server.Commands;

/// <summary>Calls a running server as root. Passwords and tokens come from variables: arguments are seen by everybody on the machine.</summary>
internal sealed class AdministratorClient : IDisposable
{
    private const string TokenVariable = "GEOFABRIC_TOKEN";
    private const string PasswordVariable = "GEOFABRIC_ROOT_PASSWORD";

    private readonly HttpClient _client;

    private AdministratorClient(HttpClient client) => _client = client;

    public static Option<Uri> ServerOption() => new("--server")
    {
        Description = $"URL of a running server. The variable {PasswordVariable} holds root's password, or {TokenVariable} a token of root.",
        HelpName = "URL",
        DefaultValueFactory = _ => new Uri("http://127.0.0.1:8529"),
        CustomParser = result =>
        {
            if (Uri.TryCreate(result.Tokens[0].Value, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
                return url;
            result.AddError($"--server takes a URL such as http://127.0.0.1:8529, not '{result.Tokens[0].Value}'");
            return null;
        },
    };

    /// <summary>Logs in, unless a token is at hand.</summary>
    /// <exception cref="IOException">The server cannot be reached, or refuses.</exception>
    public static async Task<AdministratorClient> ConnectAsync(Uri server, CancellationToken cancellationToken)
    {
        var client = new AdministratorClient(new HttpClient { BaseAddress = server });
        try
        {
            client._client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("bearer", await client.FindTokenAsync(cancellationToken));
            return client;
        }
        catch
        {
            client.Dispose();
            throw;
        }
    }

    /// <returns>The answer's body.</returns>
    /// <exception cref="IOException">The server cannot be reached, or refuses; the message is the server's own.</exception>
    public async Task<JsonObject> SendAsync(HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        HttpResponseMessage response;
        try
        {
            response = await _client.SendAsync(request, cancellationToken);
        }
        catch (HttpRequestException error)
        {
            throw new IOException($"no server answers at {_client.BaseAddress}: {error.GetBaseException().Message}; say with --server where one runs", error);
        }
        using (response)
        {
            var answer = Parse(await response.Content.ReadAsStringAsync(cancellationToken))
                ?? throw new IOException($"what answers at {_client.BaseAddress} is no GeoFabric server (status {(int)response.StatusCode})");
            return response.IsSuccessStatusCode ? answer : throw new IOException((string?)answer["errorMessage"] ?? $"status {(int)response.StatusCode}");
        }
    }

    public void Dispose() => _client.Dispose();

    private static JsonObject? Parse(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private async Task<string> FindTokenAsync(CancellationToken cancellationToken)
    {
        if (Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } token)
            return token;
        var password = Environment.GetEnvironmentVariable(PasswordVariable) is { Length: > 0 } text
            ? text
            : throw new IOException($"put root's password into the variable {PasswordVariable}, or a token of root into {TokenVariable}");
        var answer = await SendAsync(
            HttpMethod.Post, "/_open/auth", new JsonObject { ["tenant"] = "_mm", ["username"] = "root", ["password"] = password }, cancellationToken);
        return (string?)answer["jwt"] ?? throw new IOException("the server's answer to the login holds no token");
    }
}
