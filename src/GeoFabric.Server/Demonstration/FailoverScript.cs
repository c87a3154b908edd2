using System.Text.Json.Nodes;

namespace GeoFabric.Server.Demonstration;

/// <summary>The home region is killed while clients count; another one takes its place; it comes back.</summary>
internal sealed class FailoverScript(DemoCluster cluster, DemoNarrator narrator, TimeProvider clock) : DemoScript(cluster, narrator, clock)
{
    private const string Page = "home";

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        await CreateCounterAsync(cancellationToken);
        await CreateCollectionAsync(new JsonObject { ["name"] = "orders", ["isSpot"] = true }, cancellationToken);
        await CheckStrongWriteAsync(Asia, "before", "a strong write asked of ap-southeast, made at the home", cancellationToken);

        await Narrator.StepAsync("Six clients count hits in us-east, by the query a developer would write:");
        await Narrator.SayAsync(HitWorkload.Query);
        await using var hits = HitWorkload.Start(Cluster, Page, [Home, Home, Home, Home, Home, Home], Clock);
        await hits.WaitForAsync(Home, 500, cancellationToken);
        await Narrator.SayAsync($"{hits.AcknowledgedBy(Home)} hits acknowledged");

        await Narrator.StepAsync($"kill -9 {Home.ProcessId}: us-east, the home, is gone");
        await Home.KillAsync();
        var took = await hits.WaitForAsync(Europe, 1, cancellationToken);
        await hits.WaitForAsync(Europe, 300, cancellationToken);
        await Narrator.CheckAsync(true, "the clients go on in eu-west", $"first hit after {Milliseconds(took)}, {hits.AcknowledgedBy(Europe)} by now");
        await CheckRefusedAsync(await WriteOrderAsync(Europe, "nobody", cancellationToken), 1477, "strong writes wait for a home instead of guessing");
        await Narrator.CheckAsync(
            (await ReadAsync(Europe, "/document/orders/before", cancellationToken)).Status == 200, "what was written strongly is still read", "order 'before'");

        await Narrator.StepAsync("region promote eu-west --force: somebody decides that us-east is lost");
        await Cluster.ClientOf(Europe).RequireAsync(HttpMethod.Post, "/_api/region/eu-west/promote?force=true", null, cancellationToken);
        await CheckStrongWriteAsync(Asia, "during", "strong writes go on, at eu-west", cancellationToken);

        await Narrator.StepAsync("us-east starts again on what it had on disk");
        await Cluster.RestartAsync(Home, cancellationToken);
        await hits.WaitForAsync(Home, 200, cancellationToken);
        await Narrator.CheckAsync(true, "its clients come back to it", $"{hits.AcknowledgedBy(Home)} hits there by now");
        await CheckHomeAsync(cancellationToken);
        await CheckStrongWriteAsync(Home, "after", "a strong write asked of us-east is made at eu-west", cancellationToken);

        await Narrator.StepAsync("Everybody stops; what do the regions say?");
        await CheckCountAsync(hits, Page, cancellationToken);
        var (_, orders) = await ConvergeAsync("FOR o IN orders SORT o._key RETURN o._key", """["after","before","during"]""", cancellationToken);
        await Narrator.CheckAsync(true, "orders in all three regions", orders);
    }

    private Task<(int Status, JsonObject Body, IReadOnlyDictionary<string, string> Headers)> WriteOrderAsync(DemoRegion region, string key, CancellationToken cancellationToken) =>
        SendAsync(region, HttpMethod.Post, "/document/orders", new JsonObject { ["_key"] = key }, cancellationToken);

    private async Task CheckStrongWriteAsync(DemoRegion region, string key, string what, CancellationToken cancellationToken)
    {
        var began = Clock.GetTimestamp();
        var answer = await WriteOrderAsync(region, key, cancellationToken);
        // As a client does that honours Retry-After: the news of a new home takes a moment to get around.
        while (answer.Status == 503 && Clock.GetElapsedTime(began) < TimeSpan.FromSeconds(10))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), Clock, cancellationToken);
            answer = await WriteOrderAsync(region, key, cancellationToken);
        }
        await Narrator.CheckAsync(
            answer.Status is 201 or 202, what,
            answer.Status < 300 ? $"order '{key}' by {answer.Headers.GetValueOrDefault("x-gdn-region")} in {Milliseconds(Clock.GetElapsedTime(began))}" : answer.Body.ToJsonString());
    }

    /// <summary>The old home knows that it no longer is.</summary>
    private async Task CheckHomeAsync(CancellationToken cancellationToken)
    {
        var regions = (await Cluster.ClientOf(Home).RequireAsync(HttpMethod.Get, "/_api/region", null, cancellationToken))["result"]!;
        await Narrator.CheckAsync((string)regions["home"]! == "eu-west", "us-east knows that it is no longer the home", $"home {regions["home"]}, epoch {regions["epoch"]}");
    }
}
