using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using GeoFabric.Server.Options;

namespace GeoFabric.Server.Hosting;

/// <summary>A server with the address book in it, loaded through the same HTTP calls that any client makes.</summary>
internal static class Demo
{
    private const string Password = "demo";
    private const string Base = "/_tenant/_mm/_fabric/_system";

    public static async Task RunAsync(int port, bool keep, CancellationToken cancellationToken)
    {
        var root = FindRepository();
        var directory = Path.Combine(root, ".geofabric", "demo");
        if (!keep && Directory.Exists(directory))
            Directory.Delete(directory, recursive: true);
        var started = TimeProvider.System.GetTimestamp();
        var options = new ServerOptions { DataDirectory = directory, Port = port, RootPassword = Password };
        await using var server = await ServerHost.StartAsync(options, TimeProvider.System, cancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(server.Url) };
        var token = await LogInAsync(client, cancellationToken);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("bearer", token);
        if (await PostAsync(client, "/_api/collection", new { name = "addresses" }, cancellationToken))
            await PostAsync(client, "/_api/cursor", new { query = await File.ReadAllTextAsync(Path.Combine(root, "samples", "addressbook", "people.c8ql"), cancellationToken) }, cancellationToken);
        await PostAsync(client, "/_api/restql", new { query = new { name = "showAddresses", value = "FOR docs IN addresses RETURN docs" } }, cancellationToken);
        await PostAsync(client, "/_api/restql", new { query = new { name = "byCity", value = "FOR a IN addresses FILTER a.city == @city SORT a.name RETURN { name: a.name, email: a.email }", parameter = new { city = "Oslo" } } }, cancellationToken);
        await PrintAsync(server.Url, token, TimeProvider.System.GetElapsedTime(started));
        await server.WaitForShutdownAsync(cancellationToken);
    }

    private static async Task PrintAsync(string url, string token, TimeSpan elapsed)
    {
        var text = $$$"""

            GeoFabric demo: one region, the address book of 500 people      ready in {{{elapsed.TotalSeconds:F1}}} s

            Server     {{{url}}}
            Explorer   {{{url}}}/swagger
            Login      tenant _mm · user root · password {{{Password}}}

            TOKEN={{{token}}}

            Run a saved query:
              curl -X POST {{{url}}}{{{Base}}}/restql/execute/showAddresses -H "Authorization: bearer $TOKEN"
            The same with a parameter:
              curl -X POST {{{url}}}{{{Base}}}/restql/execute/byCity -H "Authorization: bearer $TOKEN" -d '{"bindVars":{"city":"Dublin"}}'
            Ask anything:
              curl -X POST {{{url}}}{{{Base}}}/cursor -H "Authorization: bearer $TOKEN" -d '{"query":"FOR a IN addresses COLLECT country = a.country WITH COUNT INTO people SORT people DESC RETURN {country, people}"}'
            The whole walk, asserted:
              samples/addressbook/walk.sh {{{url}}} {{{Password}}}

            Ctrl+C stops the server.

            """;
        await Console.Out.WriteAsync(text);
    }

    private static async Task<string> LogInAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var content = Json(new { tenant = "_mm", username = "root", password = Password });
        using var response = await client.PostAsync("/_open/auth", content, cancellationToken);
        response.EnsureSuccessStatusCode();
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return body.RootElement.GetProperty("jwt").GetString()!;
    }

    /// <returns>False when it was there already.</returns>
    private static async Task<bool> PostAsync(HttpClient client, string path, object body, CancellationToken cancellationToken)
    {
        using var content = Json(body);
        using var response = await client.PostAsync(Base + path, content, cancellationToken);
        if (response.StatusCode == System.Net.HttpStatusCode.Conflict)
            return false;
        if (!response.IsSuccessStatusCode)
            throw new IOException($"loading the address book failed at {path}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        return true;
    }

    private static StringContent Json(object body) => new(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json");

    /// <summary>The repository's root: the demo's samples are files of it.</summary>
    private static string FindRepository()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "samples", "addressbook", "people.c8ql")))
                return directory.FullName;
        }
        throw new IOException("samples/addressbook/people.c8ql was not found above the program; run the demo from the repository");
    }
}
