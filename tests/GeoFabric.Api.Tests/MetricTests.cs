using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using GeoFabric.Server.Hosting;
using GeoFabric.Server.Metrics;

namespace GeoFabric.Api.Tests;

public sealed class MetricTests(ServerFixture server) : IDisposable
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _data = Directory.CreateTempSubdirectory("geofabric-metrics");

    public void Dispose() => _data.Delete(recursive: true);

    [Fact]
    public void Percentiles_are_right_within_a_tenth()
    {
        var histogram = new LatencyHistogram();
        for (var milliseconds = 1; milliseconds <= 1000; milliseconds++)
            histogram.Add(TimeSpan.FromMilliseconds(milliseconds));

        Assert.InRange(histogram.Percentile(0.5)!.Value.TotalMilliseconds, 450, 550);
        Assert.InRange(histogram.Percentile(0.99)!.Value.TotalMilliseconds, 890, 1090);
        Assert.Null(new LatencyHistogram().Percentile(0.5));
        histogram.Add(TimeSpan.Zero);
        histogram.Add(TimeSpan.FromDays(30));
        Assert.True(histogram.Percentile(1)!.Value > TimeSpan.FromMinutes(30));
    }

    [Fact]
    public void The_history_is_finer_for_what_is_new_and_never_grows_beyond_its_spans()
    {
        var history = new MetricHistory();
        for (var second = 0; second < 90_000; second++)
        {
            var meter = new TrafficCounts.Meter();
            meter.Count(second % 100 == 0 ? 500 : 200, isWrite: second % 2 == 0, TimeSpan.FromMilliseconds(1));
            history.Add(s_start.AddSeconds(second), meter.Drain([new CacheCounts(3, 1), default, default]), new Gauges(second, 0, 0, 0, 0));
        }

        var (minutes, hour, day) = (history.Read("5m")!.Value, history.Read("1h")!.Value, history.Read("24h")!.Value);
        Assert.Equal((300, 360, 1440), (minutes.Samples.Count, hour.Samples.Count, day.Samples.Count));
        Assert.Equal((1, 10, 60), (minutes.Step.TotalSeconds, hour.Step.TotalSeconds, day.Step.TotalSeconds));
        Assert.Equal(89_999, minutes.Samples[^1].Gauges.StorageBytes);
        var sample = day.Samples[^1];
        Assert.Equal((1, 0.5, 60), (sample.PerSecond(sample.Traffic.Requests), sample.PerSecond(sample.Traffic.Writes), sample.Traffic.Requests));
        Assert.InRange(sample.Traffic.Errors, 0, 1);
        Assert.Equal([new CacheCounts(180, 60), default, default], sample.Traffic.Caches);
        Assert.Null(history.Read("7d"));
    }

    [Fact]
    public async Task The_history_counts_what_clients_ask_and_how_it_is_answered()
    {
        var fabric = await server.NewFabricAsync();
        await fabric.GetAsync("/collection/none");

        JsonArray samples;
        do
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            samples = (await server.Root.GetAsync("/_api/metrics/history")).AssertStatus(200)["result"]!["samples"]!.AsArray();
        }
        while (!samples.Any(sample => (double)sample!["refusedPerSecond"]! > 0));

        var refused = samples.Last(sample => (double)sample!["refusedPerSecond"]! > 0)!;
        Assert.True((double)refused["requestsPerSecond"]! >= (double)refused["refusedPerSecond"]!);
        Assert.True((double)refused["p99Milliseconds"]! >= (double)refused["p50Milliseconds"]!);
        Assert.True((long)refused["memoryBytes"]! > 0 && (long)refused["connections"]! > 0);
        Assert.Equal(10, (int)(await server.Root.GetAsync("/_api/metrics/history?span=1h"))["result"]!["stepSeconds"]!);
        (await server.Root.GetAsync("/_api/metrics/history?span=1y")).AssertError(400, 10);
    }

    [Fact]
    public async Task Caches_tell_how_often_they_had_what_was_asked_for()
    {
        await using var alone = await ServerHost.StartAsync(ServerFixture.Options with { DataDirectory = _data.FullName }, TimeProvider.System);
        using var root = await ApiClient.LogInAsync(alone.Url, "_mm", "root", ServerFixture.Password);
        var fabric = root.In("/_fabric/_system/_api");
        await fabric.PostAsync("/collection", """{"name":"c"}""");
        await fabric.PostAsync("/collection", """{"name":"e","type":3}""");
        var before = await ReadAsync();
        // Made once, found twice; a query that writes asks for its plan twice at its only run.
        for (var run = 0; run < 3; run++)
            (await fabric.PostAsync("/cursor", """{"query":"FOR x IN 1..4 FILTER x =~ 'never-seen-before' RETURN x"}""")).AssertStatus(201);
        (await fabric.PostAsync("/cursor", """{"query":"FOR i IN 0..9 INSERT { _key: TO_STRING(i) } INTO c"}""")).AssertStatus(201);
        (await fabric.PostAsync("/cursor", """{"query":"FOR i IN 0..9 INSERT { _from: 'c/0', _to: CONCAT('c/', i) } INTO e"}""")).AssertStatus(201);
        for (var run = 0; run < 2; run++)
            (await fabric.PostAsync("/cursor", """{"query":"FOR v IN 1..3 OUTBOUND 'c/0' e OPTIONS { uniqueVertices: 'global', order: 'bfs' } RETURN v._key"}""")).AssertStatus(201);
        var after = await ReadAsync();

        Assert.Equal((3, 4), (Grown("hits", "plans"), Grown("misses", "plans")));
        // Other tests use the same patterns' cache.
        Assert.True(Grown("hits", "patterns") >= 2 && Grown("misses", "patterns") >= 1);
        Assert.True(Grown("hits", "keys") >= 10 && Grown("misses", "keys") >= 10, $"{Grown("hits", "keys")} and {Grown("misses", "keys")}");
        JsonArray samples;
        do
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            samples = (await root.GetAsync("/_api/metrics/history"))["result"]!["samples"]!.AsArray();
        }
        while (samples.Sum(sample => (int)sample!["caches"]!["plans"]![1]!) < 4);

        Assert.Equal(3, samples.Sum(sample => (int)sample!["caches"]!["plans"]![0]!));

        async Task<string[]> ReadAsync() => (await root.GetAsync("/metrics")).AssertStatus(200).Text.Split('\n');

        int Grown(string what, string cache) => Value(after, what, cache) - Value(before, what, cache);

        static int Value(string[] lines, string what, string cache) =>
            int.Parse(Assert.Single(lines, line => line.StartsWith($"geofabric_cache_{what}_total{{cache=\"{cache}\"}} ", StringComparison.Ordinal)).Split(' ')[1], CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task The_disk_of_the_data_is_shown_to_root_of_the_root_tenant_alone()
    {
        await using var alone = await ServerHost.StartAsync(ServerFixture.Options with { DataDirectory = _data.FullName }, TimeProvider.System);
        using var root = await ApiClient.LogInAsync(alone.Url, "_mm", "root", ServerFixture.Password);
        (await root.PostAsync("/_api/tenant", """{"email":"disk@example.com","passwd":"Secret-456"}""")).AssertStatus(201);
        using var stranger = await ApiClient.LogInAsync(alone.Url, "disk_example.com", "root", "Secret-456");

        var sample = await ReadAsync(root);
        var theirs = await ReadAsync(stranger);
        var inMemory = await ReadAsync(server.Root);
        var metrics = (await root.GetAsync("/metrics")).AssertStatus(200).Text.Split('\n');

        var disk = new DriveInfo(_data.FullName);
        Assert.Equal(disk.TotalSize, (long)sample["diskTotalBytes"]!);
        // Others write to it meanwhile.
        Assert.InRange((long)sample["diskFreeBytes"]!, disk.AvailableFreeSpace - (4L << 30), disk.AvailableFreeSpace + (4L << 30));
        Assert.Contains($"geofabric_disk_total_bytes {disk.TotalSize.ToString(CultureInfo.InvariantCulture)}", metrics);
        Assert.Contains(metrics, line => line.StartsWith("geofabric_disk_free_bytes ", StringComparison.Ordinal));
        Assert.Contains(metrics, line => line.StartsWith("geofabric_storage_bytes ", StringComparison.Ordinal));
        Assert.Equal((null, null), (theirs["diskFreeBytes"], theirs["diskTotalBytes"]));
        Assert.Equal((null, null), (inMemory["diskFreeBytes"], inMemory["diskTotalBytes"]));

        static async Task<JsonNode> ReadAsync(ApiClient client)
        {
            while (true)
            {
                if ((await client.GetAsync("/_api/metrics/history")).AssertStatus(200)["result"]!["samples"]!.AsArray() is [.., { } last])
                    return last;
                await Task.Delay(50, TestContext.Current.CancellationToken);
            }
        }
    }

    [Fact]
    public async Task The_busiest_collections_come_first_and_only_those_of_the_fabric()
    {
        var (fabric, other) = (await server.NewCollectionAsync(), await server.NewCollectionAsync());
        await fabric.PostAsync("/collection", """{"name":"Quiet"}""");
        await fabric.PostAsync("/cursor", """{"query":"FOR i IN 1..50 INSERT { n: i } INTO c"}""");
        await fabric.PostAsync("/cursor", """{"query":"FOR d IN c RETURN d"}""");
        await fabric.PostAsync("/document/Quiet", "{}");

        JsonNode busiest;
        do
        {
            await Task.Delay(100, TestContext.Current.CancellationToken);
            busiest = (await fabric.GetAsync("/metrics/collections?excludeSystem=true")).AssertStatus(200)["result"]!;
        }
        while ((int)busiest["busy"]! < 2);

        Assert.Equal("""
            {"seconds":10,"busy":2,"collections":[{"name":"c","readsPerSecond":5,"writesPerSecond":5},{"name":"Quiet","readsPerSecond":0,"writesPerSecond":0.1}]}
            """, busiest.ToJsonString());
        var filtered = (await fabric.GetAsync("/metrics/collections?name=UIE&limit=1"))["result"]!;
        Assert.Equal((1, "Quiet"), ((int)filtered["busy"]!, (string)Assert.Single(filtered["collections"]!.AsArray())!["name"]!));
        Assert.Equal((0, 0), ((int)(await other.GetAsync("/metrics/collections?excludeSystem=true"))["result"]!["busy"]!, (await fabric.GetAsync("/metrics/collections?limit=0"))["result"]!["collections"]!.AsArray().Count));
        (await fabric.GetAsync("/metrics/collections?limit=1001")).AssertError(400, 10);
        (await fabric.GetAsync("/metrics/collections?excludeSystem=maybe")).AssertError(400, 10);
    }

    [Fact]
    public async Task A_tenant_does_not_see_what_is_busy_in_anothers_fabric()
    {
        (await server.Root.PostAsync("/_api/tenant", """{"email":"busy@example.com","passwd":"Secret-456"}""")).AssertStatus(201);
        using var stranger = await ApiClient.LogInAsync(server.Url, "busy_example.com", "root", "Secret-456");

        (await stranger.GetAsync("/_tenant/_mm/_fabric/_system/_api/metrics/collections")).AssertError(403, 11);
        (await stranger.GetAsync("/_fabric/_system/_api/metrics/collections")).AssertStatus(200);
        (await server.Root.WithAuthorization(null).GetAsync("/_fabric/_system/_api/metrics/collections")).AssertError(401, 11);
    }

    [Fact]
    public async Task The_stream_sends_samples_to_who_has_a_token_and_to_nobody_else()
    {
        using var client = new HttpClient { BaseAddress = new Uri(server.Url) };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/_api/metrics/stream");
        request.Headers.Authorization = new AuthenticationHeaderValue("bearer", server.Root.Token);

        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));
        var events = new List<JsonNode>();
        while (events.Count < 2)
        {
            var line = (await lines.ReadLineAsync(TestContext.Current.CancellationToken))!;
            if (line.StartsWith("data: ", StringComparison.Ordinal))
                events.Add(JsonNode.Parse(line[6..])!);
            else
                Assert.True(line is "" or "event: sample", line);
        }

        Assert.Equal("text/event-stream", response.Content.Headers.ContentType!.MediaType);
        Assert.True((long)events[1]["at"]! > (long)events[0]["at"]!);
        using var anonymous = await client.GetAsync("/_api/metrics/stream?token=" + server.Root.Token, TestContext.Current.CancellationToken);
        Assert.Equal(401, (int)anonymous.StatusCode);
    }
}
