using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace GeoFabric.Cluster.Tests.Chaos;

/// <summary>Server processes of one cluster; the first region is its home.</summary>
internal sealed class ChaosCluster : IAsyncDisposable
{
    public const string Password = "a-password-for-tests";

    /// <summary>Collections that all regions write.</summary>
    public static readonly string[] Collections = ["counters", "registers", "inserts", "churn"];

    /// <summary>The collection that is written at the home only.</summary>
    public const string SpotCollection = "spots";

    private const string Fabric = "/_tenant/_mm/_fabric/_system/_api";
    private static readonly string[] s_names = ["amber", "birch", "cedar", "dune", "ember"];

    private readonly HttpClient _administrator = new() { Timeout = TimeSpan.FromSeconds(20) };

    private ChaosCluster(string directory, int regions)
    {
        var ports = FreePorts(2 * regions);
        Regions = [.. Enumerable.Range(0, regions).Select(index => new RegionProcess(s_names[index], directory, ports[2 * index], ports[(2 * index) + 1]))];
    }

    public IReadOnlyList<RegionProcess> Regions { get; }

    public RegionProcess Home => Regions[0];

    /// <summary>Of root; every region takes it.</summary>
    public string Token { get; private set; } = "";

    /// <param name="prepare">Called before a region's first start.</param>
    public static async Task<ChaosCluster> StartAsync(string directory, int regions, Action<RegionProcess> prepare, CancellationToken cancellationToken)
    {
        var cluster = new ChaosCluster(directory, regions);
        try
        {
            await cluster.StartAsync(prepare, cancellationToken);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Waits until every region serves clients.</summary>
    public async Task WaitUntilHealthyAsync(TimeSpan most, CancellationToken cancellationToken)
    {
        foreach (var region in Regions)
            await WaitUntilHealthyAsync(region, most, cancellationToken);
    }

    /// <summary>What every region says of itself and its links.</summary>
    public async Task<string> DescribeRegionsAsync(CancellationToken cancellationToken)
    {
        var answers = new List<string>();
        foreach (var region in Regions)
            answers.Add($"{region.Name}: {(await AskHealthAsync(region, cancellationToken)).Answer} {await ReadTextAsync(region, "/_api/replication/links", cancellationToken)}");
        return string.Join('\n', answers);
    }

    public Task SetLinkAsync(RegionProcess region, RegionProcess other, int delayMilliseconds, bool isCut, CancellationToken cancellationToken) =>
        CallAsync(HttpMethod.Put, region, $"/_api/region/{other.Name}/link", new JsonObject { ["delayMilliseconds"] = delayMilliseconds, ["isCut"] = isCut }, cancellationToken);

    /// <summary>The values of registers that the regions' conflict journals name as losers.</summary>
    public async Task<HashSet<(string Key, string Value)>> ReadLostRegistersAsync(CancellationToken cancellationToken)
    {
        var query = new JsonObject { ["query"] = "FOR c IN _conflicts FILTER c.collection == \"registers\" RETURN [c.key, c.path == \"\" ? c.lost.value : c.lost]", ["batchSize"] = 1_000_000 };
        var lost = new HashSet<(string, string)>();
        foreach (var region in Regions)
        {
            try
            {
                var answer = await CallAsync(HttpMethod.Post, region, Fabric + "/cursor", query, cancellationToken);
                lost.UnionWith(answer["result"]!.AsArray().Select(pair => ((string)pair![0]!, (string)pair[1]!)));
            }
            catch (IOException failure) when (failure.Message.Contains("1203", StringComparison.Ordinal))
            {
                // No value has lost in this region yet, so there is no journal.
            }
        }
        return lost;
    }

    /// <summary>All documents of a collection by key.</summary>
    public async Task<SortedDictionary<string, JsonObject>> ReadAllAsync(RegionProcess region, string collection, CancellationToken cancellationToken)
    {
        var query = new JsonObject { ["query"] = $"FOR document IN {collection} SORT document._key RETURN document", ["batchSize"] = 1_000_000 };
        var answer = await CallAsync(HttpMethod.Post, region, Fabric + "/cursor", query, cancellationToken);
        var documents = new SortedDictionary<string, JsonObject>(StringComparer.Ordinal);
        foreach (var document in answer["result"]!.AsArray())
            documents.Add((string)document!["_key"]!, document.AsObject());
        return documents;
    }

    public static async Task EventuallyAsync(string what, Func<Task<bool>> test, TimeSpan most, CancellationToken cancellationToken)
    {
        var begun = System.Diagnostics.Stopwatch.StartNew();
        while (!await test())
        {
            if (begun.Elapsed > most)
                throw new TimeoutException($"within {most.TotalSeconds:0} s it never came true that {what}");
            await Task.Delay(100, cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var region in Regions)
            await region.DisposeAsync();
        _administrator.Dispose();
    }

    private static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        var ports = listeners.ConvertAll(listener => ((IPEndPoint)listener.LocalEndpoint).Port);
        listeners.ForEach(listener => listener.Stop());
        return [.. ports];
    }

    private async Task StartAsync(Action<RegionProcess> prepare, CancellationToken cancellationToken)
    {
        var most = TimeSpan.FromSeconds(60);
        prepare(Home);
        Home.Start();
        await WaitUntilHealthyAsync(Home, most, cancellationToken);
        var login = await CallAsync(HttpMethod.Post, Home, "/_open/auth", new JsonObject { ["tenant"] = "_mm", ["username"] = "root", ["password"] = Password }, cancellationToken);
        Token = (string)login["jwt"]!;
        _administrator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("bearer", Token);
        foreach (var region in Regions.Skip(1))
        {
            var admitted = await CallAsync(HttpMethod.Post, Home, "/_api/region", new JsonObject { ["name"] = region.Name }, cancellationToken);
            await File.WriteAllTextAsync(region.JoinPath, (string)admitted["joinFile"]!, cancellationToken);
            File.SetUnixFileMode(region.JoinPath, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            prepare(region);
            region.Start();
        }
        await WaitUntilHealthyAsync(most, cancellationToken);
        foreach (var collection in Collections)
            await CallAsync(HttpMethod.Post, Home, Fabric + "/collection", new JsonObject { ["name"] = collection }, cancellationToken);
        await CallAsync(HttpMethod.Post, Home, Fabric + "/collection", new JsonObject { ["name"] = SpotCollection, ["isSpot"] = true }, cancellationToken);
        foreach (var region in Regions)
        {
            foreach (var collection in Collections.Append(SpotCollection))
                await EventuallyAsync($"{region.Name} has collection {collection}", () => HasAsync(region, collection, cancellationToken), most, cancellationToken);
        }
    }

    /// <exception cref="TimeoutException">It says what every region answers instead.</exception>
    private async Task WaitUntilHealthyAsync(RegionProcess region, TimeSpan most, CancellationToken cancellationToken)
    {
        try
        {
            await EventuallyAsync($"{region.Name} serves clients", async () => (await AskHealthAsync(region, cancellationToken)).IsHealthy, most, cancellationToken);
        }
        catch (TimeoutException failure)
        {
            throw new TimeoutException($"{failure.Message}\n{await DescribeRegionsAsync(cancellationToken)}", failure);
        }
    }

    private async Task<(bool IsHealthy, string Answer)> AskHealthAsync(RegionProcess region, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await _administrator.GetAsync(new Uri(region.Url, "/health"), cancellationToken);
            return (response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync(cancellationToken));
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return (false, failure.Message);
        }
    }

    private async Task<string> ReadTextAsync(RegionProcess region, string path, CancellationToken cancellationToken)
    {
        try
        {
            return await _administrator.GetStringAsync(new Uri(region.Url, path), cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return failure.Message;
        }
    }

    private async Task<bool> HasAsync(RegionProcess region, string collection, CancellationToken cancellationToken)
    {
        using var response = await _administrator.GetAsync(new Uri(region.Url, $"{Fabric}/collection/{collection}"), cancellationToken);
        return response.IsSuccessStatusCode;
    }

    private async Task<JsonObject> CallAsync(HttpMethod method, RegionProcess region, string path, JsonObject body, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(region.Url, path)) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        using var response = await _administrator.SendAsync(request, cancellationToken);
        var text = await response.Content.ReadAsStringAsync(cancellationToken);
        return response.IsSuccessStatusCode ? JsonNode.Parse(text)!.AsObject() : throw new IOException($"{method} {path} at {region.Name}: {(int)response.StatusCode} {text}");
    }
}
