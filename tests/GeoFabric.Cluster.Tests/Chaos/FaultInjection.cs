using System.Globalization;

namespace GeoFabric.Cluster.Tests.Chaos;

/// <summary>Makes the planned faults happen and undoes each of them.</summary>
internal sealed class FaultInjection(ChaosCluster cluster, ChaosLedger ledger, Action<string> log)
{
    /// <summary>What a region must not have two of at a time, since the one's end would be the other's.</summary>
    private readonly Dictionary<RegionProcess, SemaphoreSlim> _gates = cluster.Regions.ToDictionary(region => region, _ => new SemaphoreSlim(1));

    private readonly TimeSpan _begun = ledger.Now;

    public async Task RunAsync(IEnumerable<PlannedFault> plan, CancellationToken cancellationToken) =>
        await Task.WhenAll(plan.Select(fault => RunAsync(fault, cancellationToken)).ToArray());

    private async Task RunAsync(PlannedFault fault, CancellationToken cancellationToken)
    {
        var region = cluster.Regions[fault.Region];
        var other = cluster.Regions[fault.Other];
        var early = fault.At - (ledger.Now - _begun);
        if (early > TimeSpan.Zero)
            await Task.Delay(early, cancellationToken);
        log(string.Create(CultureInfo.InvariantCulture, $"{ledger.Now.TotalSeconds,5:0.0} s  {Describe(fault, region, other)} for {fault.Length.TotalSeconds:0.0} s"));
        ledger.Count($"fault {fault.Fault}");
        switch (fault.Fault)
        {
            case ChaosFault.Kill:
                await WithProcessAsync(region, async () =>
                {
                    await region.KillAsync();
                    await Task.Delay(fault.Length / 2, cancellationToken);
                    region.Start();
                });
                break;
            case ChaosFault.Freeze:
                await WithProcessAsync(region, async () =>
                {
                    region.Freeze();
                    await Task.Delay(fault.Length, cancellationToken);
                    region.Thaw();
                });
                break;
            case ChaosFault.CutLink:
                await TrySetLinkAsync(region, other, 0, isCut: true, cancellationToken);
                await Task.Delay(fault.Length, cancellationToken);
                await TrySetLinkAsync(region, other, 0, isCut: false, cancellationToken);
                break;
            case ChaosFault.DelayLink:
                await TrySetLinkAsync(region, other, (int)(fault.Strength * 800), isCut: false, cancellationToken);
                await Task.Delay(fault.Length, cancellationToken);
                await TrySetLinkAsync(region, other, 0, isCut: false, cancellationToken);
                break;
            case ChaosFault.LosePackets:
            case ChaosFault.Deafen:
                var part = fault.Fault == ChaosFault.Deafen ? 1 : 0.02 + (fault.Strength * 0.3);
                PrivateSystem.LosePackets(region.PeerPort, part);
                await Task.Delay(fault.Length, cancellationToken);
                PrivateSystem.KeepPackets(region.PeerPort, part);
                break;
            case ChaosFault.FillDisk:
                PrivateSystem.FillDisk(region.DataDirectory);
                await Task.Delay(fault.Length, cancellationToken);
                PrivateSystem.EmptyDisk(region.DataDirectory);
                break;
            case ChaosFault.MoveClock:
                ClockFault.Set(region, ClockOffset(fault));
                await Task.Delay(fault.Length, cancellationToken);
                ClockFault.Set(region, TimeSpan.Zero);
                break;
        }
    }

    private static string Describe(PlannedFault fault, RegionProcess region, RegionProcess other) => fault.Fault switch
    {
        ChaosFault.Kill => $"{region.Name} is killed",
        ChaosFault.Freeze => $"{region.Name} is frozen",
        ChaosFault.CutLink => $"{region.Name} and {other.Name} are cut off",
        ChaosFault.DelayLink => string.Create(CultureInfo.InvariantCulture, $"{region.Name} speaks {fault.Strength * 800:0} ms later to {other.Name}"),
        ChaosFault.LosePackets => string.Create(CultureInfo.InvariantCulture, $"{2 + (fault.Strength * 30):0} % of the packets to {region.Name} are lost"),
        ChaosFault.Deafen => $"{region.Name} is deaf",
        ChaosFault.FillDisk => $"the disk of {region.Name} is full",
        _ => string.Create(CultureInfo.InvariantCulture, $"the clock of {region.Name} jumps by {ClockOffset(fault).TotalSeconds:+0.0;-0.0} s"),
    };

    /// <summary>Mostly what time services do; sometimes what only a broken one does.</summary>
    private static TimeSpan ClockOffset(PlannedFault fault) =>
        TimeSpan.FromSeconds(fault.Strength < 0.8 ? (fault.Strength - 0.4) * 4 : (fault.Strength - 0.9) * 200);

    private async Task WithProcessAsync(RegionProcess region, Func<Task> action)
    {
        await _gates[region].WaitAsync(CancellationToken.None);
        try
        {
            await action();
        }
        finally
        {
            _gates[region].Release();
        }
    }

    /// <summary>A region that is down or frozen cannot be told; at its next start its links are whole anyway.</summary>
    private async Task TrySetLinkAsync(RegionProcess region, RegionProcess other, int delayMilliseconds, bool isCut, CancellationToken cancellationToken)
    {
        try
        {
            await cluster.SetLinkAsync(region, other, delayMilliseconds, isCut, cancellationToken);
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
        {
            log($"         {region.Name} could not be told: {failure.Message}");
        }
    }
}
