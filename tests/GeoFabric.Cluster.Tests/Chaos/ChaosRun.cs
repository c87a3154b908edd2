using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;
using GeoFabric.Cluster.Tests.Checking;

namespace GeoFabric.Cluster.Tests.Chaos;

/// <summary>Real servers under a load of clients and faults; then everything is healed, and what the clients were told is held against what the regions have.</summary>
internal sealed class ChaosRun(ChaosSettings settings, Action<string> log)
{
    private const int Clients = 6;
    private const int SmallDiskRegion = 1;

    private static readonly TimeSpan s_convergenceMax = TimeSpan.FromSeconds(90);

    private readonly StringBuilder _report = new();
    private bool _isSound = true;

    /// <returns>Null, or what was wrong.</returns>
    public async Task<string?> RunAsync(CancellationToken cancellationToken)
    {
        var directory = Directory.CreateTempSubdirectory("geofabric-chaos-").FullName;
        log($"chaos {settings}, in {directory}");
        foreach (var fault in Enum.GetValues<ChaosFault>())
        {
            if (FaultPlan.WhyNot(fault) is { } reason)
                log($"left out: {fault}, which {reason}");
        }
        var disk = "";
        try
        {
            await using var cluster = await ChaosCluster.StartAsync(directory, settings.Regions, region => disk = Prepare(region, disk), cancellationToken);
            var ledger = new ChaosLedger();
            using (var maker = new ChaosClient("maker", cluster, ledger, settings.Seed))
                await maker.MakeRegistersAsync();
            foreach (var region in cluster.Regions)
            {
                await ChaosCluster.EventuallyAsync(
                    $"{region.Name} has all registers",
                    async () => (await cluster.ReadAllAsync(region, "registers", cancellationToken)).Count == ChaosClient.RegistersMax,
                    TimeSpan.FromSeconds(30),
                    cancellationToken);
            }
            await LoadAsync(cluster, ledger, cancellationToken);
            await JudgeAsync(cluster, ledger, directory, cancellationToken);
            if (!_isSound)
                return string.Concat(_report, string.Concat(cluster.Regions.Select(region => $"\n--- {region.Name}\n{region.LastLines(15)}")));
        }
        finally
        {
            if (disk.Length > 0)
                PrivateSystem.UnmountDisk(disk);
        }
        Directory.Delete(directory, recursive: true);
        return null;
    }

    private static string Prepare(RegionProcess region, string disk)
    {
        if (PrivateSystem.NoSmallDisk is not null || disk.Length > 0 || !File.Exists(region.JoinPath))
            return disk;
        PrivateSystem.MountSmallDisk(region.DataDirectory);
        return region.DataDirectory;
    }

    private async Task LoadAsync(ChaosCluster cluster, ChaosLedger ledger, CancellationToken cancellationToken)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var clients = Enumerable.Range(0, Clients).Select(index => new ChaosClient($"client{index}", cluster, ledger, settings.Seed + index)).ToList();
        var load = clients.ConvertAll(client => client.RunAsync(over.Token));
        try
        {
            over.CancelAfter(settings.Load);
            await new FaultInjection(cluster, ledger, log).RunAsync(FaultPlan.Make(settings, SmallDiskRegion), cancellationToken);
            await Task.WhenAll(load);
        }
        finally
        {
            await over.CancelAsync();
            clients.ForEach(client => client.Dispose());
        }
    }

    private async Task JudgeAsync(ChaosCluster cluster, ChaosLedger ledger, string directory, CancellationToken cancellationToken)
    {
        log(string.Create(CultureInfo.InvariantCulture, $"{ledger.Now.TotalSeconds,5:0.0} s  everything is healed"));
        log("done: " + string.Join(", ", ledger.Counts.Select(count => $"{count.Value} {count.Key}")));
        foreach (var complaint in cluster.Regions.Select(region => region.Complaint).OfType<string>())
            Say("processes", complaint);
        await cluster.WaitUntilHealthyAsync(s_convergenceMax, cancellationToken);
        var history = ledger.Registers.ToHistory(ledger.Now);
        HistoryFile.Write(Path.Combine(directory, "registers.jsonl"), history);
        var states = await ConvergeAsync(cluster, ledger, cancellationToken);
        Say("answers", ledger.Complaints.IsEmpty ? null : $"{ledger.Complaints.Count} no client should get\n{string.Join('\n', ledger.Complaints.Take(10))}");
        foreach (var (region, collections) in states)
        {
            var values = collections["counters"].ToDictionary(document => document.Key, document => (long)document.Value["n"]!, StringComparer.Ordinal);
            Say($"counters of {region.Name}", ledger.Counters.CheckValues(values));
            Say($"inserts of {region.Name}", CheckInserts(ledger, collections["inserts"]));
        }
        var finals = states.Select(state => new FinalState(
            state.Key.Name,
            state.Value["registers"].ToDictionary(document => document.Key, document => (string)document.Value["value"]!, StringComparer.Ordinal))).ToList();
        Say("acknowledged writes", LossLedger.Check(history, finals, await cluster.ReadLostRegistersAsync(cancellationToken)));
        Say("causal consistency", CausalChecker.Check(history));
        Say("session guarantees", SessionChecker.Check(history));
        Say("strong reads and writes", LinearizabilityChecker.Check(new RegisterModel(), ledger.Spots));
    }

    /// <summary>Waits until all regions hold the same documents, and says in what they differ if they never do.</summary>
    private async Task<Dictionary<RegionProcess, Dictionary<string, SortedDictionary<string, JsonObject>>>> ConvergeAsync(
        ChaosCluster cluster, ChaosLedger ledger, CancellationToken cancellationToken)
    {
        var healed = ledger.Now;
        while (true)
        {
            var states = new Dictionary<RegionProcess, Dictionary<string, SortedDictionary<string, JsonObject>>>();
            foreach (var region in cluster.Regions)
            {
                states[region] = [];
                foreach (var collection in ChaosCluster.Collections.Append(ChaosCluster.SpotCollection))
                    states[region][collection] = await cluster.ReadAllAsync(region, collection, cancellationToken);
            }
            var difference = FindDifference(states);
            if (difference is null || ledger.Now - healed > s_convergenceMax)
            {
                var documents = states[cluster.Home].Values.Sum(collection => collection.Count);
                Say(
                    string.Create(CultureInfo.InvariantCulture, $"convergence of {documents} documents"),
                    difference is null ? null : $"{difference}\n{await cluster.DescribeRegionsAsync(cancellationToken)}");
                log(string.Create(CultureInfo.InvariantCulture, $"{ledger.Now.TotalSeconds,5:0.0} s  regions compared {(ledger.Now - healed).TotalSeconds:0.0} s after the last fault"));
                return states;
            }
            await Task.Delay(500, cancellationToken);
        }
    }

    private static string? FindDifference(Dictionary<RegionProcess, Dictionary<string, SortedDictionary<string, JsonObject>>> states)
    {
        var (first, expected) = states.First();
        foreach (var (region, collections) in states)
        {
            foreach (var (collection, documents) in collections)
            {
                foreach (var key in documents.Keys.Union(expected[collection].Keys))
                {
                    var here = documents.GetValueOrDefault(key);
                    var there = expected[collection].GetValueOrDefault(key);
                    // Attributes are equal in any order, as the language compares them (docs/adr/0020).
                    if (!JsonNode.DeepEquals(here, there))
                        return $"{collection}/{key} is {there?.ToJsonString() ?? "nothing"} in {first.Name} and {here?.ToJsonString() ?? "nothing"} in {region.Name}";
                }
            }
        }
        return null;
    }

    private static CheckReport CheckInserts(ChaosLedger ledger, SortedDictionary<string, JsonObject> present)
    {
        var report = new CheckReport();
        foreach (var (key, outcome) in ledger.Inserts)
        {
            if (outcome == TransactionOutcome.Ok && (string?)present.GetValueOrDefault(key)?["of"] != key)
                report.Add(AnomalyKind.LostWrite, () => $"inserts/{key} was acknowledged, and is {present.GetValueOrDefault(key)?.ToJsonString() ?? "nowhere"}");
        }
        foreach (var key in present.Keys)
        {
            if (!ledger.Inserts.TryGetValue(key, out var outcome) || outcome == TransactionOutcome.Failed)
                report.Add(AnomalyKind.UnwrittenValue, () => $"inserts/{key} is there, and {(outcome == TransactionOutcome.Failed ? "was refused" : "nobody wrote it")}");
        }
        return report;
    }

    private void Say(string what, CheckReport report)
    {
        log($"{what}: {report}");
        if (!report.IsClean)
            AddProblem($"{what}: {report}");
    }

    private void Say(string what, string? problem)
    {
        log($"{what}: {problem ?? "clean"}");
        if (problem is not null)
            AddProblem($"{what}: {problem}");
    }

    private void AddProblem(string problem)
    {
        _isSound = false;
        _report.Append('\n').Append(problem);
    }
}
