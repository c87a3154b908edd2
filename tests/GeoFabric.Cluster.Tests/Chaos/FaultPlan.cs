namespace GeoFabric.Cluster.Tests.Chaos;

/// <summary>The faults of a run, by its seed.</summary>
internal static class FaultPlan
{
    private static readonly TimeSpan s_calmBefore = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_calmAfter = TimeSpan.FromSeconds(3);

    /// <summary>Why a fault cannot be made on this machine; null: it can.</summary>
    public static string? WhyNot(ChaosFault fault) => fault switch
    {
        ChaosFault.LosePackets or ChaosFault.Deafen => PrivateSystem.NoPacketLoss,
        ChaosFault.FillDisk => PrivateSystem.NoSmallDisk,
        ChaosFault.MoveClock => ClockFault.LibraryPath is null ? "needs libfaketime" : null,
        _ => null,
    };

    /// <summary>Every kind once, in some order, then again; they overlap, but no region has two of one kind at once.</summary>
    public static List<PlannedFault> Make(ChaosSettings settings, int smallDiskRegion)
    {
        var random = new Random(settings.Seed);
        var kinds = settings.Faults.Where(fault => WhyNot(fault) is null).ToArray();
        var plan = new List<PlannedFault>();
        var end = settings.Load - s_calmAfter;
        var at = s_calmBefore;
        while (at < end)
        {
            random.Shuffle(kinds);
            foreach (var kind in kinds)
            {
                var region = kind == ChaosFault.FillDisk ? smallDiskRegion : random.Next(settings.Regions);
                var other = (region + 1 + random.Next(settings.Regions - 1)) % settings.Regions;
                var length = TimeSpan.FromSeconds(0.5 + (random.NextDouble() * random.NextDouble() * 8));
                var fault = new PlannedFault(kind, at, length, region, other, random.NextDouble());
                if (at < end && !plan.Exists(earlier => earlier.Fault == kind && earlier.Region == region && earlier.At + earlier.Length > at))
                    plan.Add(fault);
                at += TimeSpan.FromSeconds(0.3 + (random.NextDouble() * 3));
            }
        }
        return plan;
    }
}
