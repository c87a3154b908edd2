using System.Globalization;
using System.Text;
using GeoFabric.CrashWriter;
using GeoFabric.Database;
using GeoFabric.Database.Transactions;
using GeoFabric.Database.Verification;

namespace GeoFabric.Cluster.Tests.Crash;

public sealed class DocumentCrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Killed_at_any_instant_a_fabric_holds_every_acknowledged_write_whole_and_its_indexes_and_log_agree()
    {
        var kills = CrashLoop.KillsFromEnvironment;
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}, {kills} kills");
        var loop = new CrashLoop(new CrashScenario(DocumentCrashWorkload.Name, VerifyAsync), output.WriteLine);

        var figures = await loop.RunAsync(kills, seed, TestContext.Current.CancellationToken);

        output.WriteLine($"{figures.Kills} kills, {figures.Acknowledgements} acknowledged writes verified");
        Assert.Equal(kills, figures.Kills);
        Assert.True(kills < 10 || figures.Acknowledgements > kills);
    }

    private static async Task VerifyAsync(string directoryPath, IReadOnlyList<string> acknowledged)
    {
        await using var host = await DocumentCrashWorkload.OpenAsync(directoryPath);
        var (fabric, scope) = DocumentCrashWorkload.Enter(host);
        // Twice: as the kill left it, with the background work at its start, and again while that goes on.
        AssertSound(fabric);
        using var snapshot = fabric.OpenSnapshot(scope);
        var counter = DocumentCrashWorkload.ReadCounter(snapshot);
        var lastAcknowledged = acknowledged.Count == 0 ? 0 : acknowledged.Max(line => long.Parse(line, CultureInfo.InvariantCulture));
        Assert.True(lastAcknowledged <= counter, $"transaction {lastAcknowledged} was acknowledged, the fabric ends at {counter}");

        var documents = new Dictionary<string, string>();
        var edges = new Dictionary<string, string>();
        for (var number = 1L; number <= counter; number++)
            DocumentCrashWorkload.Replay(number, documents, edges);
        Compare(snapshot, "docs", documents);
        Compare(snapshot, "edges", edges);
        AssertSound(fabric);
    }

    private static void AssertSound(FabricDatabase fabric)
    {
        var report = FabricVerifier.Verify(fabric);
        Assert.True(report.Disagreements.Count == 0, string.Join('\n', report.Disagreements));
    }

    private static void Compare(FabricSnapshot snapshot, string name, Dictionary<string, string> expected)
    {
        if (!snapshot.Catalog.TryGetCollection(name, out var collection))
        {
            Assert.Empty(expected);
            return;
        }
        Assert.Equal(expected.Count, snapshot.CountDocuments(collection));
        using var cursor = snapshot.ScanCollection(collection);
        while (cursor.MoveNext())
        {
            var key = Encoding.ASCII.GetString(cursor.DocumentKey);
            Assert.True(expected.Remove(key, out var text), $"{name}/{key} should not be there");
            Assert.Equal(text, DocumentCrashWorkload.Describe(cursor.Document));
        }
        Assert.Empty(expected);
    }
}
