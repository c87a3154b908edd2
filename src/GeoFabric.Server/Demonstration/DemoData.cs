using System.Text;
using System.Text.Json.Nodes;

namespace GeoFabric.Server.Demonstration;

/// <summary>The address book, loaded through the same HTTP calls that any client makes. What is there already stays as it is.</summary>
internal static class DemoData
{
    public const string Password = "demo";
    public const string Fabric = "/_tenant/_mm/_fabric/_system";

    public static async Task LoadAsync(DemoClient client, CancellationToken cancellationToken)
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
        await PostAsync(client, "/collection", new JsonObject { ["name"] = "hits" }, cancellationToken);
        await SaveAsync(client, HitWorkload.QueryName, HitWorkload.Query, new JsonObject { ["page"] = "home" }, cancellationToken);
    }

    private static async Task<string> ReadPeopleAsync(CancellationToken cancellationToken)
    {
        var stream = typeof(DemoData).Assembly.GetManifestResourceStream("people.c8ql")
            ?? throw new IOException("this build has no address book in it; build it from the repository");
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancellationToken);
    }

    private static Task<bool> SaveAsync(DemoClient client, string name, string text, JsonObject parameters, CancellationToken cancellationToken) => PostAsync(
        client, "/restql", new JsonObject { ["query"] = new JsonObject { ["name"] = name, ["value"] = text, ["parameter"] = parameters } }, cancellationToken);

    /// <returns>False when it was there already.</returns>
    private static async Task<bool> PostAsync(DemoClient client, string path, JsonObject body, CancellationToken cancellationToken)
    {
        var (status, answer) = await client.SendAsync(HttpMethod.Post, Fabric + path, body, cancellationToken);
        if (status == 409)
            return false;
        if (status is < 200 or >= 300)
            throw new IOException($"loading the address book failed at {path} with {status}: {answer["errorMessage"]}");
        return true;
    }
}
