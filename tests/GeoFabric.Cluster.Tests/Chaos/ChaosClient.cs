using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using GeoFabric.Cluster.Tests.Checking;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Cluster.Tests.Chaos;

/// <summary>One session that writes and reads through HTTP, at one region until that fails it, and records what it was told.</summary>
internal sealed class ChaosClient : IDisposable
{
    private const int AttemptsMax = 3;
    private const int CountersMax = 4;
    public const int RegistersMax = 8;
    private const int SpotsMax = 3;
    private const int ChurnsMax = 6;
    private const string Fabric = "/_tenant/_mm/_fabric/_system/_api";

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(3);

    /// <summary>Every kind of change a document can merge, on few documents.</summary>
    private static readonly string[] s_churn =
    [
        "UPSERT {_key: @key} INSERT {_key: @key, n: 1, list: [@value]} UPDATE {n: OLD.n + 1} IN churn",
        "UPSERT {_key: @key} INSERT {_key: @key, list: []} UPDATE {list: PUSH(OLD.list, @value)} IN churn",
        "FOR d IN churn FILTER d._key == @key UPDATE d WITH {list: SHIFT(d.list)} IN churn",
        "FOR d IN churn FILTER d._key == @key UPDATE d WITH {nested: {[@value]: {at: @value}}} IN churn",
        "FOR d IN churn FILTER d._key == @key UPDATE d WITH {name: @value} IN churn",
        "FOR d IN churn FILTER d._key == @key UPDATE d WITH {name: null} IN churn OPTIONS {keepNull: false}",
        "FOR d IN churn FILTER d._key == @key REPLACE d WITH {whole: @value} IN churn",
        "INSERT {_key: @key, fresh: @value} INTO churn OPTIONS {overwriteMode: \"replace\"}",
        "FOR d IN churn FILTER d._key == @key REMOVE d IN churn",
    ];

    private readonly string _name;
    private readonly ChaosCluster _cluster;
    private readonly ChaosLedger _ledger;
    private readonly Random _random;
    private readonly HttpClient _http = new(new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(1) }) { Timeout = Timeout.InfiniteTimeSpan };
    private RegionProcess _region;
    private string _session = "";
    private int _number;

    public ChaosClient(string name, ChaosCluster cluster, ChaosLedger ledger, int seed)
    {
        (_name, _cluster, _ledger, _random) = (name, cluster, ledger, new Random(seed));
        _region = cluster.Regions[_random.Next(cluster.Regions.Count)];
        _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("bearer", cluster.Token);
    }

    /// <summary>
    /// Makes all registers, so that everybody changes the same documents: where two regions make a document at the same time, the one that was made later
    /// wins with all that was written to it, and stamps of values do not tell what a reader may see.
    /// </summary>
    public async Task MakeRegistersAsync()
    {
        var isMade = false;
        while (!isMade)
        {
            // The first requests of new processes are slow. What they are refused for ends the run.
            if (!_ledger.Complaints.IsEmpty)
                throw new IOException(_ledger.Complaints.First());
            _number++;
            _region = _cluster.Home;
            isMade = await WriteRegistersAsync([.. Enumerable.Range(0, RegistersMax).Select(NameRegister)]);
        }
    }

    /// <summary>Goes on until it is told to end, and lets the last request end by itself.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            _number++;
            if (_random.Next(10) == 0)
                MoveOn();
            await (_random.Next(100) switch
            {
                < 25 => IncrementAsync(),
                < 40 => InsertAsync(),
                < 58 => WriteRegistersAsync(SomeRegisters()),
                < 78 => ReadRegistersAsync(),
                < 84 => WriteSpotAsync(),
                < 90 => ReadSpotAsync(),
                _ => ChurnAsync(),
            });
            await Task.Delay(_random.Next(30), CancellationToken.None);
        }
    }

    public void Dispose() => _http.Dispose();

    private string Unique() => string.Create(CultureInfo.InvariantCulture, $"{_name}-{_number}");

    private void MoveOn() => _region = _cluster.Regions[_random.Next(_cluster.Regions.Count)];

    private async Task IncrementAsync()
    {
        var counter = $"counter-{_random.Next(CountersMax)}";
        var amount = _random.Next(1, 4);
        var requestId = MakeRequestId();
        for (var attempt = 1; attempt <= AttemptsMax; attempt++)
        {
            var answer = await QueryAsync(
                "UPSERT {_key: @key} INSERT {_key: @key, n: @amount} UPDATE {n: OLD.n + @amount} IN counters",
                new JsonObject { ["key"] = counter, ["amount"] = amount },
                requestId: requestId);
            _ledger.Counters.Record(counter, requestId, amount, answer.Outcome);
            Count(attempt == 1 ? "increments" : "increments tried again", answer);
            if (answer.Outcome != TransactionOutcome.Unknown)
                return;
        }
    }

    private async Task InsertAsync()
    {
        var key = Unique();
        var answer = await SendAsync(HttpMethod.Post, "/document/inserts", new JsonObject { ["_key"] = key, ["of"] = key }, requestId: MakeRequestId());
        _ledger.Inserts[key] = answer.Outcome;
        Count("inserts", answer);
    }

    private async Task<bool> WriteRegistersAsync(string[] keys)
    {
        var value = Unique();
        var call = _ledger.Registers.Begin(_name, _region.Name, _ledger.Now);
        foreach (var key in keys)
            call.Add(HistoryOperation.Write(key, value));
        var answer = await QueryAsync(
            "FOR key IN @keys INSERT {_key: key, value: @value} INTO registers OPTIONS {overwriteMode: \"replace\"} RETURN NEW._rev",
            new JsonObject { ["keys"] = ToArray(keys), ["value"] = value });
        call.End(answer.Outcome, _ledger.Now, answer.Outcome == TransactionOutcome.Ok ? ToStamp((string)answer.Result[0]!) : null);
        Count("register writes", answer);
        return answer.Outcome == TransactionOutcome.Ok;
    }

    private async Task ReadRegistersAsync()
    {
        var keys = SomeRegisters();
        var call = _ledger.Registers.Begin(_name, _region.Name, _ledger.Now);
        var answer = await QueryAsync("FOR d IN registers FILTER d._key IN @keys RETURN [d._key, d.value]", new JsonObject { ["keys"] = ToArray(keys) });
        if (answer.Outcome == TransactionOutcome.Ok)
        {
            var found = answer.Result.ToDictionary(pair => (string)pair![0]!, pair => (string)pair![1]!, StringComparer.Ordinal);
            foreach (var key in keys)
                call.Add(HistoryOperation.Read(key, found.GetValueOrDefault(key)));
        }
        call.End(answer.Outcome, _ledger.Now);
        Count("register reads", answer);
    }

    private async Task WriteSpotAsync()
    {
        var operation = new ObjectOperation
        {
            Client = _name,
            Key = $"spot-{_random.Next(SpotsMax)}",
            Action = ObjectAction.Write,
            Argument = Unique(),
            RequestId = Unique(),
            Call = _ledger.Now,
            Return = default,
            Outcome = default,
        };
        var answer = await QueryAsync(
            "INSERT {_key: @key, value: @value} INTO spots OPTIONS {overwriteMode: \"replace\"}",
            new JsonObject { ["key"] = operation.Key, ["value"] = operation.Argument });
        _ledger.Spots.Add(operation with { Return = _ledger.Now, Outcome = answer.Outcome });
        Count("spot writes", answer);
    }

    private async Task ReadSpotAsync()
    {
        var operation = new ObjectOperation
        {
            Client = _name,
            Key = $"spot-{_random.Next(SpotsMax)}",
            Action = ObjectAction.Read,
            RequestId = Unique(),
            Call = _ledger.Now,
            Return = default,
            Outcome = default,
        };
        var answer = await QueryAsync("FOR d IN spots FILTER d._key == @key RETURN d.value", new JsonObject { ["key"] = operation.Key }, "strong");
        _ledger.Spots.Add(operation with
        {
            Return = _ledger.Now,
            Outcome = answer.Outcome,
            Result = answer.Outcome == TransactionOutcome.Ok && answer.Result.Count > 0 ? (string?)answer.Result[0] : null,
        });
        Count("strong reads", answer);
    }

    private async Task ChurnAsync()
    {
        var query = s_churn[_random.Next(s_churn.Length)];
        var bindings = new JsonObject { ["key"] = $"churn-{_random.Next(ChurnsMax)}" };
        if (query.Contains("@value", StringComparison.Ordinal))
            bindings["value"] = Unique();
        Count("other changes", await QueryAsync(query, bindings));
    }

    private string[] SomeRegisters() =>
        [.. Enumerable.Range(0, _random.Next(1, 4)).Select(_ => NameRegister(_random.Next(RegistersMax))).Distinct()];

    private static string NameRegister(int number) => $"register-{number}";

    private static JsonArray ToArray(string[] texts) => [.. texts.Select(text => (JsonNode)text)];

    private static RevisionStamp ToStamp(string revision) =>
        RevisionStamp.TryParse(Encoding.UTF8.GetBytes(revision), out var stamp) ? stamp : throw new FormatException($"'{revision}' is no revision");

    private void Count(string what, Answer answer)
    {
        _ledger.Count(what);
        if (answer.Outcome != TransactionOutcome.Ok)
            _ledger.Count(answer.Outcome == TransactionOutcome.Failed ? "refused" : "without an outcome");
    }

    private string MakeRequestId()
    {
        var bytes = new byte[16];
        _random.NextBytes(bytes);
        return new Guid(bytes).ToString();
    }

    private Task<Answer> QueryAsync(string query, JsonObject bindings, string? consistency = null, string? requestId = null) =>
        SendAsync(HttpMethod.Post, "/cursor", new JsonObject { ["query"] = query, ["bindVars"] = bindings }, consistency, requestId);

    private async Task<Answer> SendAsync(HttpMethod method, string path, JsonObject body, string? consistency = null, string? requestId = null)
    {
        using var patience = new CancellationTokenSource(s_patience);
        using var request = new HttpRequestMessage(method, new Uri(_region.Url, Fabric + path)) { Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("X-GF-Session", _session);
        if (requestId is not null)
            request.Headers.TryAddWithoutValidation("X-Request-Id", requestId);
        if (consistency is not null)
            request.Headers.TryAddWithoutValidation("X-GF-Consistency", consistency);
        try
        {
            using var response = await _http.SendAsync(request, patience.Token);
            var text = await response.Content.ReadAsStringAsync(patience.Token);
            if (response.IsSuccessStatusCode)
            {
                if (response.Headers.TryGetValues("X-GF-Session", out var tokens))
                    _session = tokens.First();
                return new Answer(TransactionOutcome.Ok, JsonNode.Parse(text)!["result"] as JsonArray ?? []);
            }
            _ledger.Count($"status {(int)response.StatusCode}");
            if (response.StatusCode is HttpStatusCode.InternalServerError || response.StatusCode < HttpStatusCode.InternalServerError)
                _ledger.Complaints.Add($"{_region.Name} answered {(int)response.StatusCode} to {body.ToJsonString()}: {text}");
        }
        catch (Exception failure) when (failure is HttpRequestException or OperationCanceledException or IOException)
        {
            _ledger.Count("no answer");
        }
        MoveOn();
        // A region that says it is not available may have passed the request on to one that was lost meanwhile: it may yet happen.
        return new Answer(TransactionOutcome.Unknown, []);
    }

    private readonly record struct Answer(TransactionOutcome Outcome, JsonArray Result);
}
