using System.Text.Json.Nodes;

namespace GeoFabric.Server.Demonstration;

/// <summary>A region is cut off while clients write in all three; it goes on, says what it cannot promise, and merges when it is back.</summary>
internal sealed class PartitionScript(DemoCluster cluster, DemoNarrator narrator, TimeProvider clock) : DemoScript(cluster, narrator, clock)
{
    private const string Page = "home";

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        await CreateCounterAsync(cancellationToken);
        await CreateCollectionAsync(new JsonObject { ["name"] = "orders", ["isSpot"] = true }, cancellationToken);
        await CreateCollectionAsync(new JsonObject { ["name"] = "articles" }, cancellationToken);
        await WriteAsync(Home, "INSERT { _key: 'a', title: 'Draft', tags: ['new'] } INTO articles", cancellationToken);
        foreach (var region in Cluster.Regions)
            await UntilFoundAsync(region, "/document/articles/a", cancellationToken);

        await Narrator.StepAsync("A session that writes in us-east reads in ap-southeast, 108 ms away:");
        var session = await WriteInSessionAsync(1, cancellationToken);
        var began = Clock.GetTimestamp();
        var read = await ReadAsync(Asia, "/document/articles/mine", cancellationToken, ("X-GF-Session", session));
        await Narrator.CheckAsync(
            read.Status == 200 && (int?)read.Body["n"] == 1, "its own write is there", $"n is {read.Body["n"]}, after {Milliseconds(Clock.GetElapsedTime(began))}");

        await Narrator.StepAsync("Two clients in each region count hits");
        await using var hits = HitWorkload.Start(Cluster, Page, [Home, Home, Europe, Europe, Asia, Asia], Clock);
        foreach (var region in Cluster.Regions)
            await hits.WaitForAsync(region, 50, cancellationToken);

        await Narrator.StepAsync("ap-southeast is cut off from both others");
        await Cluster.CutAsync(Asia, isCut: true, cancellationToken);
        await WriteAsync(Asia, "UPDATE 'a' WITH { title: 'From Singapore' } IN articles", cancellationToken);
        await WriteAsync(Asia, "FOR a IN articles FILTER a._key == 'a' UPDATE a WITH { tags: PUSH(a.tags, 'asia') } IN articles", cancellationToken);
        await WriteAsync(Europe, "UPDATE 'a' WITH { title: 'From Dublin' } IN articles", cancellationToken);
        await WriteAsync(Europe, "FOR a IN articles FILTER a._key == 'a' UPDATE a WITH { tags: PUSH(a.tags, 'europe') } IN articles", cancellationToken);
        session = await WriteInSessionAsync(2, cancellationToken);
        foreach (var region in Cluster.Regions)
            await hits.WaitForAsync(region, 100, cancellationToken);
        await Narrator.SayAsync("both sides write the same documents and count on: " + string.Join(", ", Cluster.Regions.Select(region => $"{region.Name} {hits.AcknowledgedBy(region)}")));

        await Narrator.StepAsync("What ap-southeast answers now depends on what it is asked for:");
        var causal = await ReadAsync(Asia, "/document/articles/mine", cancellationToken);
        await Narrator.CheckAsync(causal.Status == 200 && (int?)causal.Body["n"] == 1, "causal (default): what it has", $"n is {causal.Body["n"]}");
        await CheckRefusedAsync(await ReadAsync(Asia, "/document/articles/mine", cancellationToken, ("X-GF-Session", session)), 1478, "session that wrote in us-east since");
        await CheckRefusedAsync(await ReadAsync(Asia, "/document/articles/mine?consistency=bounded(500)", cancellationToken), 1478, "bounded(500), nothing older than 500 ms missing");
        await CheckRefusedAsync(await ReadAsync(Asia, "/document/orders/any?consistency=strong", cancellationToken), 1477, "strong, which is the home's to answer");

        await Narrator.StepAsync("The way is mended");
        await Cluster.CutAsync(Asia, isCut: false, cancellationToken);
        var mended = Clock.GetTimestamp();
        read = await ReadUntilAsync(session, cancellationToken);
        await Narrator.CheckAsync((int?)read.Body["n"] == 2, "the session reads its write in ap-southeast", $"n is {read.Body["n"]}, {Milliseconds(Clock.GetElapsedTime(mended))} later");

        await Narrator.StepAsync("Everybody stops; what do the regions say?");
        await CheckCountAsync(hits, Page, cancellationToken);
        var (_, article) = await ConvergeAsync("FOR a IN articles FILTER a._key == 'a' RETURN { title: a.title, tags: SORTED(a.tags) }", null, cancellationToken);
        await Narrator.CheckAsync(
            article.Contains("""["asia","europe","new"]""", StringComparison.Ordinal), "both tags are kept, one title is the same everywhere", article);
        await CheckJournalAsync(article, cancellationToken);
    }

    private async Task CheckJournalAsync(string article, CancellationToken cancellationToken)
    {
        var loser = article.Contains("From Dublin", StringComparison.Ordinal) ? "From Singapore" : "From Dublin";
        var (_, journal) = await ConvergeAsync($"FOR c IN _conflicts FILTER c.key == 'a' AND c.lost == '{loser}' RETURN c.lost", null, cancellationToken);
        await Narrator.CheckAsync(journal == $"[\"{loser}\"]", "the title that lost can be queried in _conflicts", journal);
    }

    private Task WriteAsync(DemoRegion region, string query, CancellationToken cancellationToken) => QueryAsync(region, query, cancellationToken);

    /// <returns>The session's token.</returns>
    private async Task<string> WriteInSessionAsync(int number, CancellationToken cancellationToken)
    {
        var (status, body, headers) = await SendAsync(
            Home, HttpMethod.Post, "/document/articles?overwrite=true", new JsonObject { ["_key"] = "mine", ["n"] = number }, cancellationToken, ("X-GF-Session", ""));
        return status < 300 && headers.TryGetValue("X-GF-Session", out var token)
            ? token
            : throw new DemoFailure($"a write with a session answers {status} without a token: {body.ToJsonString()}");
    }

    /// <summary>As a client does that honours <c>Retry-After</c>.</summary>
    private async Task<(int Status, JsonObject Body, IReadOnlyDictionary<string, string> Headers)> ReadUntilAsync(string session, CancellationToken cancellationToken)
    {
        var began = Clock.GetTimestamp();
        while (true)
        {
            var read = await ReadAsync(Asia, "/document/articles/mine", cancellationToken, ("X-GF-Session", session));
            if (read.Status == 200 || Clock.GetElapsedTime(began) > TimeSpan.FromSeconds(20))
                return read;
        }
    }
}
