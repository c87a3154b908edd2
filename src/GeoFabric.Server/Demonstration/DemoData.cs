using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoFabric.Server.Demonstration;

/// <summary>The address book, loaded through the same HTTP calls that any client makes. What is there already stays as it is.</summary>
internal static class DemoData
{
    public const string Password = "demo";
    public const string Fabric = "/_tenant/_mm/_fabric/_system";

    /// <returns>A token of root.</returns>
    public static async Task<string> LoadAsync(string url, CancellationToken cancellationToken)
    {
        using var client = new HttpClient { BaseAddress = new Uri(url) };
        var token = await LogInAsync(client, cancellationToken);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("bearer", token);
        if (await PostAsync(client, "/collection", new JsonObject { ["name"] = "addresses" }, cancellationToken))
            await PostAsync(client, "/cursor", new JsonObject { ["query"] = await ReadPeopleAsync(cancellationToken) }, cancellationToken);
        await SaveAsync(client, "showAddresses", "FOR docs IN addresses RETURN docs", [], cancellationToken);
        await SaveAsync(
            client,
            "byCity",
            "FOR a IN addresses FILTER a.city == @city SORT a.name RETURN { name: a.name, email: a.email }",
            new JsonObject { ["city"] = "Oslo" },
            cancellationToken);
        await PostAsync(client, "/collection", new JsonObject { ["name"] = "hits" }, cancellationToken);
        await SaveAsync(client, HitWorkload.QueryName, HitWorkload.Query, new JsonObject { ["page"] = "home" }, cancellationToken);
        return token;
    }

    private static async Task<string> ReadPeopleAsync(CancellationToken cancellationToken)
    {
        var stream = typeof(DemoData).Assembly.GetManifestResourceStream("people.c8ql")
            ?? throw new IOException("this build has no address book in it; build it from the repository");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static async Task<string> LogInAsync(HttpClient client, CancellationToken cancellationToken)
    {
        using var content = Json(new JsonObject { ["tenant"] = "_mm", ["username"] = "root", ["password"] = Password });
        using var response = await client.PostAsync("/_open/auth", content, cancellationToken);
        if (!response.IsSuccessStatusCode)
            throw new IOException($"root's password in this data is not '{Password}': a demo did not make it; give another directory with --data");
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
