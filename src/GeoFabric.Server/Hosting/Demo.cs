using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using GeoFabric.Server.Options;

namespace GeoFabric.Server.Hosting;

/// <summary>A server with the address book in it, loaded through the same HTTP calls that any client makes.</summary>
internal static class Demo
{
    private const string Password = "demo";
    private const string Fabric = "/_tenant/_mm/_fabric/_system";

    public static async Task<int> RunAsync(int port, string directory, bool keep, CancellationToken cancellationToken)
    {
        // Only what a demo made is deleted: the marker tells it from a directory given by mistake.
        var marker = Path.Combine(directory, ".demo");
        if (!keep && File.Exists(marker))
            Directory.Delete(directory, recursive: true);
        var started = TimeProvider.System.GetTimestamp();
        var options = new ServerOptions { DataDirectory = directory, Port = port, Login = new LoginOptions { RootPassword = Password } };
        await using var server = await ServerHost.StartAsync(options, TimeProvider.System, cancellationToken);
        await File.WriteAllTextAsync(marker, "made by geofabric demo\n", cancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(server.Url) };
        var token = await LogInAsync(client, cancellationToken);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("bearer", token);
        await LoadAsync(client, cancellationToken);
        await Console.Out.WriteAsync(Describe(server.Url, token, TimeProvider.System.GetElapsedTime(started)));
        await server.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static async Task LoadAsync(HttpClient client, CancellationToken cancellationToken)
    {
        if (await PostAsync(client, "/collection", new JsonObject { ["name"] = "addresses" }, cancellationToken))
            await PostAsync(client, "/cursor", new JsonObject { ["query"] = await ReadPeopleAsync(cancellationToken) }, cancellationToken);
        await SaveAsync(client, "showAddresses", "FOR docs IN addresses RETURN docs", [], cancellationToken);
        await SaveAsync(
            client,
            "byCity",
            "FOR a IN addresses FILTER a.city == @city SORT a.name RETURN { name: a.name, email: a.email }",
            new JsonObject { ["city"] = "Oslo" },
            cancellationToken);
    }

    private static string Describe(string url, string token, TimeSpan elapsed) => $$$"""

        GeoFabric demo: one region, the address book of 500 people      ready in {{{elapsed.TotalSeconds:F1}}} s

        Server     {{{url}}}
        Explorer   {{{url}}}/swagger
        Login      tenant _mm · user root · password {{{Password}}}

        TOKEN={{{token}}}

        Run a saved query:
          curl -X POST {{{url}}}{{{Fabric}}}/restql/execute/showAddresses -H "Authorization: bearer $TOKEN"
        The same with a parameter:
          curl -X POST {{{url}}}{{{Fabric}}}/restql/execute/byCity -H "Authorization: bearer $TOKEN" -d '{"bindVars":{"city":"Dublin"}}'
        Ask anything:
          curl -X POST {{{url}}}{{{Fabric}}}/cursor -H "Authorization: bearer $TOKEN" -d '{"query":"FOR a IN addresses COLLECT country = a.country WITH COUNT INTO people SORT people DESC RETURN {country, people}"}'
        The whole walk, asserted:
          samples/addressbook/walk.sh {{{url}}} {{{Password}}}

        Ctrl+C stops the server.

        """;

    private static async Task<string> ReadPeopleAsync(CancellationToken cancellationToken)
    {
        var stream = typeof(Demo).Assembly.GetManifestResourceStream("people.c8ql")
            ?? throw new IOException("this build has no address book in it; build it from the repository");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static async Task<string> LogInAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var content = Json(new JsonObject { ["tenant"] = "_mm", ["username"] = "root", ["password"] = Password });
        using var response = await client.PostAsync("/_open/auth", content, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new IOException("root's password is not the demo's; run the demo without --keep or with another --data");
        using var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync(cancellationToken));
        return body.RootElement.GetProperty("jwt").GetString()!; // Every answer to a login has it.
    }

    private static Task<bool> SaveAsync(HttpClient client, string name, string text, JsonObject parameters, CancellationToken cancellationToken) => PostAsync(
        client, "/restql", new JsonObject { ["query"] = new JsonObject { ["name"] = name, ["value"] = text, ["parameter"] = parameters } }, cancellationToken);

    /// <returns>False when it was there already.</returns>
    private static async Task<bool> PostAsync(HttpClient client, string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var content = Json(body);
        using var response = await client.PostAsync(Fabric + path, content, cancellationToken);
        if (response.StatusCode == HttpStatusCode.Conflict)
            return false;
        if (!response.IsSuccessStatusCode)
            throw new IOException($"loading the address book failed at {path}: {await response.Content.ReadAsStringAsync(cancellationToken)}");
        return true;
    }

    private static StringContent Json(JsonObject body) => new(body.ToJsonString(), Encoding.UTF8, "application/json");
}
