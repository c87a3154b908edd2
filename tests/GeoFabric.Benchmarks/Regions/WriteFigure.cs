namespace GeoFabric.Benchmarks.Regions;

/// <summary>What a local, durable write costs where documents merge with other regions', against a server on its own.</summary>
internal static class WriteFigure
{
    private const int Documents = 20_000;
    private const int WarmUps = 3;
    private const int Rounds = 5;

    /// <summary>With one writer the latency is what a client feels; with many, commits are shared.</summary>
    private static readonly (int Writers, int Writes)[] s_loads = [(1, 2_000), (16, 6_000)];

    public static async Task PrintAsync(TextWriter output)
    {
        await using var alone = await FigureFabric.OpenAsync(0, onDisk: true);
        await using var region = await FigureFabric.OpenAsync(1, onDisk: true);
        await alone.FillAsync(Documents);
        await region.FillAsync(Documents);
        var turn = 0;
        foreach (var (writers, writes) in s_loads)
        {
            var ratios = new List<(double Latency, double Processor)>();
            for (var round = 1 - WarmUps; round <= Rounds; round++, turn += writes)
            {
                var (single, merged) = (await MeasureAsync(alone, turn, writes, writers), await MeasureAsync(region, turn, writes, writers));
                // As a cluster that keeps up does all the time.
                await region.Database.Replica.AdvanceStableAsync(region.Database.LastTimestamp);
                if (round <= 0)
                    continue;
                ratios.Add((merged.Latency / single.Latency, merged.Processor / single.Processor));
                await output.WriteLineAsync(
                    $"write {round}, {writers} at a time: alone p50 {single.Latency:0} µs, {single.Processor:0.0} µs of processor time; in a region p50 {merged.Latency:0} µs, {merged.Processor:0.0} µs");
            }
            await output.WriteLineAsync(
                $"  in a region to alone, {writers} at a time, median of {Rounds} rounds: latency {Medians.Of(ratios.Select(ratio => ratio.Latency)):0.00}, "
                + $"processor time {Medians.Of(ratios.Select(ratio => ratio.Processor)):0.00}");
        }
    }

    private static async Task<(double Latency, double Processor)> MeasureAsync(FigureFabric fabric, int firstTurn, int writes, int writers)
    {
        var time = new ProcessorTime();
        var latencies = await fabric.ChangeAllAsync(Documents, firstTurn, writes, writers);
        return (Medians.Of(latencies), time.PerOperation(writes));
    }
}
