using System.Text.Json.Nodes;

namespace GeoFabric.Server.Demonstration;

/// <summary>A story that is told, played on real regions, and asserted at each step.</summary>
internal abstract class DemoScript(DemoCluster cluster, DemoNarrator narrator, TimeProvider clock)
{
    private static readonly TimeSpan s_convergenceMax = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(10);

    /// <summary>By the name that the command line takes.</summary>
    public static IReadOnlyDictionary<string, Func<DemoCluster, DemoNarrator, TimeProvider, DemoScript>> All { get; } =
        new SortedDictionary<string, Func<DemoCluster, DemoNarrator, TimeProvider, DemoScript>>(StringComparer.Ordinal)
        {
            ["failover"] = (cluster, narrator, clock) => new FailoverScript(cluster, narrator, clock),
            ["partition"] = (cluster, narrator, clock) => new PartitionScript(cluster, narrator, clock),
        };

    protected DemoCluster Cluster => cluster;

    protected DemoNarrator Narrator => narrator;

    protected TimeProvider Clock => clock;

    protected DemoRegion Home => cluster["us-east"];

    protected DemoRegion Europe => cluster["eu-west"];

    protected DemoRegion Asia => cluster["ap-southeast"];

    /// <exception cref="DemoFailure">Something that is asserted does not hold.</exception>
    public abstract Task RunAsync(CancellationToken cancellationToken);

    protected Task<(int Status, JsonObject Body, IReadOnlyDictionary<string, string> Headers)> SendAsync(
        DemoRegion region, HttpMethod method, string path, JsonObject? body, CancellationToken cancellationToken, params (string Name, string Value)[] headers) =>
        cluster.ClientOf(region).SendForHeadersAsync(method, DemoData.Fabric + path, body, cancellationToken, headers);

    protected Task<(int Status, JsonObject Body, IReadOnlyDictionary<string, string> Headers)> ReadAsync(
        DemoRegion region, string path, CancellationToken cancellationToken, params (string Name, string Value)[] headers) =>
        SendAsync(region, HttpMethod.Get, path, null, cancellationToken, headers);

    protected Task<JsonArray> QueryAsync(DemoRegion region, string query, CancellationToken cancellationToken) => cluster.ClientOf(region).QueryAsync(query, cancellationToken);

    /// <summary>A read or a write is refused as it has to be.</summary>
    protected Task CheckRefusedAsync((int Status, JsonObject Body, IReadOnlyDictionary<string, string> Headers) answer, int number, string what) => narrator.CheckAsync(
        answer.Status == 503 && (int?)answer.Body["errorNum"] == number,
        what,
        answer.Status >= 300 ? $"{answer.Status}, {answer.Body["errorMessage"]}" : $"answered with {answer.Status}");

    /// <summary>Asks all regions until they give the same rows, the expected ones if there are any.</summary>
    /// <returns>How long that took, and the rows.</returns>
    protected async Task<(TimeSpan Took, string Rows)> ConvergeAsync(string query, string? expected, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        while (true)
        {
            var rows = new List<string>();
            foreach (var region in cluster.Regions)
                rows.Add((await QueryAsync(region, query, cancellationToken)).ToJsonString());
            if (rows.Distinct(StringComparer.Ordinal).Count() == 1 && (expected is null || rows[0] == expected))
                return (clock.GetElapsedTime(began), rows[0]);
            if (clock.GetElapsedTime(began) > s_convergenceMax)
            {
                var says = cluster.Regions.Zip(rows, (region, text) => $"{region.Name} says {text}");
                throw new DemoFailure($"after {s_convergenceMax.TotalSeconds:F0} s {string.Join(", ", says)}{(expected is null ? "" : $", expected {expected}")}");
            }
            await Task.Delay(s_poll, clock, cancellationToken);
        }
    }

    /// <summary>Makes a collection at the home and waits until every region has it.</summary>
    protected async Task CreateCollectionAsync(JsonObject definition, CancellationToken cancellationToken)
    {
        var name = (string)definition["name"]!;
        await cluster.ClientOf(Home).RequireAsync(HttpMethod.Post, DemoData.Fabric + "/collection", definition, cancellationToken);
        foreach (var region in cluster.Regions)
            await UntilFoundAsync(region, $"/collection/{name}", cancellationToken);
    }

    /// <summary>Waits until a region has something, and it says so.</summary>
    /// <param name="holding">Text that the answer has to hold.</param>
    protected async Task UntilFoundAsync(DemoRegion region, string path, CancellationToken cancellationToken, string holding = "")
    {
        var began = clock.GetTimestamp();
        while (await ReadAsync(region, path, cancellationToken) is var (status, body, _) && (status != 200 || !body.ToJsonString().Contains(holding, StringComparison.Ordinal)))
        {
            if (clock.GetElapsedTime(began) > s_convergenceMax)
                throw new DemoFailure($"{region.Name} does not find {path}");
            await Task.Delay(s_poll, clock, cancellationToken);
        }
    }

    /// <summary>The hit counter: a collection and a saved query, as a developer makes them.</summary>
    protected async Task CreateCounterAsync(CancellationToken cancellationToken)
    {
        await CreateCollectionAsync(new JsonObject { ["name"] = "hits" }, cancellationToken);
        var query = new JsonObject { ["name"] = HitWorkload.QueryName, ["value"] = HitWorkload.Query, ["parameter"] = new JsonObject { ["page"] = "home" } };
        await cluster.ClientOf(Home).RequireAsync(HttpMethod.Post, DemoData.Fabric + "/restql", new JsonObject { ["query"] = query }, cancellationToken);
        foreach (var region in cluster.Regions)
            await UntilFoundAsync(region, "/restql/user", cancellationToken, holding: $"\"{HitWorkload.QueryName}\"");
    }

    /// <summary>Stops the clients and asserts that all regions count exactly what was acknowledged.</summary>
    protected async Task CheckCountAsync(HitWorkload hits, string page, CancellationToken cancellationToken)
    {
        await hits.StopAsync();
        var acknowledged = hits.Acknowledged;
        var (took, rows) = await ConvergeAsync($"FOR h IN hits FILTER h._key == '{page}' RETURN h.hits", $"[{acknowledged}]", cancellationToken);
        await narrator.CheckAsync(
            true, "hits in all three regions", FormattableString.Invariant($"{rows[1..^1]}, exactly the {acknowledged} acknowledged ({hits.Retries} retries), equal after {took.TotalMilliseconds:F0} ms"));
    }

    protected static string Milliseconds(TimeSpan time) => FormattableString.Invariant($"{time.TotalMilliseconds:F0} ms");
}
