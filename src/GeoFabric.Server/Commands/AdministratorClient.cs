using System.CommandLine;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoFabric.Server.Commands;

/// <summary>Calls a running server, as root unless told. Passwords and tokens come from variables: arguments are seen by everybody on the machine.</summary>
internal sealed class AdministratorClient : IDisposable
{
    private const string TokenVariable = "GEOFABRIC_TOKEN";
    private const string PasswordVariable = "GEOFABRIC_ROOT_PASSWORD";
    private const string TenantVariable = "GEOFABRIC_TENANT";
    private const string UserVariable = "GEOFABRIC_USER";
    private const string UserPasswordVariable = "GEOFABRIC_PASSWORD";
    private const string UrlVariable = "GEOFABRIC_URL";

    private readonly HttpClient _client;

    private AdministratorClient(HttpClient client) => _client = client;

    public static Option<Uri> ServerOption() => new("--server")
    {
        Description = $"URL of a running server. The variable {PasswordVariable} holds root's password, or {TokenVariable} a token of root.",
        HelpName = "URL",
        DefaultValueFactory = _ => Uri.TryCreate(Variable(UrlVariable), UriKind.Absolute, out var url) ? url : new Uri("http://127.0.0.1:8529"),
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
        var client = new AdministratorClient(new HttpClient { BaseAddress = server, Timeout = Timeout.InfiniteTimeSpan });
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
    /// <exception cref="ServerRefusalException">The server refuses.</exception>
    /// <exception cref="IOException">It cannot be reached, or is none.</exception>
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
            return response.IsSuccessStatusCode ? answer : throw new ServerRefusalException((int)response.StatusCode, answer);
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

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? text : null;

    private async Task<string> FindTokenAsync(CancellationToken cancellationToken)
    {
        if (Variable(TokenVariable) is { } token)
            return token;
        var (tenant, user) = (Variable(TenantVariable) ?? "_mm", Variable(UserVariable) ?? "root");
        var password = Variable(UserPasswordVariable) ?? Variable(PasswordVariable) ?? throw new IOException(
            $"put root's password into the variable {PasswordVariable}, that of another user into {UserPasswordVariable} beside {TenantVariable} and {UserVariable}, or a token into {TokenVariable}");
        var login = new JsonObject { ["tenant"] = tenant, ["username"] = user, ["password"] = password };
        var answer = await SendAsync(HttpMethod.Post, "/_open/auth", login, cancellationToken);
        return (string?)answer["jwt"] ?? throw new IOException("the server's answer to the login holds no token");
    }
}
