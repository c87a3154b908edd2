using System.Globalization;
using System.Text;
using GeoFabric.Database.Verification;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Tests.Database;

/// <summary>A region that takes snapshots at random moments, while the others write, forget and deliver, ends up as they do.</summary>
public sealed class SnapshotConvergenceTests
{
    private static readonly int SeedsPerBatch = int.Parse(Environment.GetEnvironmentVariable("GEOFABRIC_MERGE_SEEDS") ?? "60", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task A_late_region_converges_by_snapshots(int batch)
    {
        for (var seed = batch * 1000; seed < (batch * 1000) + SeedsPerBatch; seed++)
            await RunAsync(seed);
    }

    private static async Task RunAsync(int seed)
    {
        var random = new Random(seed);
        await using var group = await ReplicaGroup.OpenAsync(3);
        await group.Regions[0].CreateAsync("c");
        await group.Regions[0].IndexAsync("c", "persistent", "n");
        await group.DeliverAllAsync();
        var log = new StringBuilder();
        for (var round = random.Next(1, 4); round > 0; round--)
        {
            for (var step = random.Next(30); step > 0; step--)
                await StepAsync(group, random, log, [0, 1, 2]);
            await TakeSnapshotAsync(group, random, log);
        }
        for (var step = random.Next(10); step > 0; step--)
            await StepAsync(group, random, log, [0, 1, 2]);
        await group.DeliverAllAsync();
        AssertSameRoots(group, $"seed {seed}\n{log}");
        await group.AssertConvergedAsync($"seed {seed}\n{log}");
        AssertSameRoots(group, $"seed {seed}\n{log}");
    }

    private static void AssertSameRoots(ReplicaGroup group, string because)
    {
        for (var region = 1; region < group.Regions.Count; region++)
            Assert.True(RootOf(group, 0) == RootOf(group, region), $"{because}: region {region + 1} has another root");
    }

    /// <summary>The third region takes a snapshot of another one, twice perhaps, and catches up while the others go on.</summary>
    private static async Task TakeSnapshotAsync(ReplicaGroup group, Random random, StringBuilder log)
    {
        // What was stable before goes on being forgotten while the pieces are read, so that each has forgotten something else.
        var stable = new List<HybridTimestamp>();
        for (var region = 0; region < 2; region++)
            stable.Add(await group.FindStableAsync(region));
        for (var attempts = random.Next(1, 3); attempts > 0; attempts--)
        {
            var donor = random.Next(2);
            // As if the donor did not hold the collection: it stays, and only positions are replaced.
            ulong[]? keptScopes = random.Next(3) == 0 ? [0] : null;
            log.AppendLine(CultureInfo.InvariantCulture, $"3: snapshot of {donor + 1}{(keptScopes is null ? "" : ", collections kept")}");
            await group.ReceiveSnapshotAsync(donor, 2, bytesMax: random.Next(1, 800), async () =>
            {
                log.AppendLine("  piece");
                for (var step = random.Next(3); step > 0; step--)
                    await StepAsync(group, random, log, [0, 1]);
                var forgetful = random.Next(4);
                if (forgetful >= 2)
                    return;
                await group.Regions[forgetful].Fabric.Replica.AdvanceStableAsync(stable[forgetful]);
                log.AppendLine(CultureInfo.InvariantCulture, $"{forgetful + 1}: stable {stable[forgetful].Bits:x}");
            }, keptScopes: keptScopes);
            await group.Regions[2].Fabric.Replica.InstallSnapshotAsync();
            group.Forget(2);
            for (var step = random.Next(6); step > 0; step--)
                await StepAsync(group, random, log, [0, 1]);
        }
        log.AppendLine("3: catches up");
        await group.CatchUpAsync(2);
        group.Regions[2].AssertSound();
    }

    private static async Task StepAsync(ReplicaGroup group, Random random, StringBuilder log, int[] regions)
    {
        var region = regions[random.Next(regions.Length)];
        group.Regions[region].Clock.Advance(TimeSpan.FromMilliseconds(random.Next(5)));
        switch (random.Next(20))
        {
            case < 12:
                log.AppendLine(CultureInfo.InvariantCulture, $"{region + 1}: {await ReplicaConvergenceTests.WriteAsync(group.Regions[region], random)}");
                break;
            case < 18:
                log.AppendLine(await group.DeliverSomeAsync(random, region));
                break;
            case 18:
                await group.Regions[region].Fabric.TruncateAsync(group.Regions[region].Scope, "c");
                log.AppendLine(CultureInfo.InvariantCulture, $"{region + 1}: truncate");
                break;
            case 19 when regions.Length == 3:
                log.AppendLine(await group.AdvanceStableAsync(region));
                break;
        }
    }

    private static UInt128 RootOf(ReplicaGroup group, int region)
    {
        var fabric = group.Regions[region].Fabric;
        return RootScanner.Scan(fabric, group.Regions[region].Scope, fabric.Catalog.GetCollection("c"), expiringBefore: 0, CancellationToken.None).Root;
    }
}
