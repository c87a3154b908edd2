using System.Globalization;
using GeoFabric.CrashWriter;
using GeoFabric.Storage;

namespace GeoFabric.Cluster.Tests.Crash;

public sealed class StorageCrashTests(ITestOutputHelper output)
{
    [Fact]
    public async Task Killed_at_any_instant_the_store_holds_every_acknowledged_write_and_no_half_ones()
    {
        var kills = CrashLoop.KillsFromEnvironment;
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}, {kills} kills");
        var loop = new CrashLoop(new CrashScenario(StorageCrashWorkload.Name, VerifyAsync), output.WriteLine);

        var figures = await loop.RunAsync(kills, seed, TestContext.Current.CancellationToken);

        output.WriteLine($"{figures.Kills} kills, {figures.Acknowledgements} acknowledged writes verified");
        Assert.Equal(kills, figures.Kills);
        Assert.True(kills < 10 || figures.Acknowledgements > kills);
    }

    /// <summary>The directory equals the replay of the numbers up to its counter, and no acknowledged number lies beyond it.</summary>
    private static async Task VerifyAsync(string directoryPath, IReadOnlyList<string> acknowledged)
    {
        await using var engine = StorageCrashWorkload.Open(directoryPath);
        using var snapshot = engine.OpenSnapshot();
        var counter = StorageCrashWorkload.ReadCounter(snapshot);
        var lastAcknowledged = acknowledged.Count == 0 ? 0 : acknowledged.Max(line => long.Parse(line, CultureInfo.InvariantCulture));
        Assert.True(lastAcknowledged <= counter, $"write {lastAcknowledged} was acknowledged, the store ends at {counter}");

        var slots = new SortedDictionary<int, long>();
        using var log = snapshot.OpenCursor(KeyRange.WithPrefix(StorageCrashWorkload.LogPrefix));
        for (var number = 1L; number <= counter; number++)
        {
            Assert.True(log.MoveNext() && log.Key.SequenceEqual(StorageCrashWorkload.LogKey(number)), $"log entry {number} of {counter} is missing");
            StorageCrashWorkload.Replay(number, slots);
        }
        Assert.False(log.MoveNext(), "the log goes on beyond the counter");

        using var entries = snapshot.OpenCursor(KeyRange.WithPrefix(StorageCrashWorkload.SlotPrefix));
        foreach (var (slot, number) in slots)
        {
            Assert.True(entries.MoveNext() && entries.Key.SequenceEqual(StorageCrashWorkload.SlotKey(slot)), $"slot {slot} of write {number} is missing");
            Assert.True(entries.Value.SequenceEqual(StorageCrashWorkload.ValueOf(number)), $"slot {slot} does not hold what write {number} put");
        }
        Assert.False(entries.MoveNext(), "a deleted slot is there");
    }
}
