namespace GeoFabric.Benchmarks.Regions;

/// <summary>What a local, durable write costs where documents merge with other regions', against a server on its own.</summary>
internal static class WriteFigure
{
    private const int Documents = 20_000;
    private const int Writes = 6_000;
    private const int Writers = 16;
    private const int Rounds = 5;

    public static async Task PrintAsync(TextWriter output)
    {
        await using var alone = await FigureFabric.OpenAsync(0, onDisk: true);
        await using var region = await FigureFabric.OpenAsync(1, onDisk: true);
        await alone.FillAsync(Documents);
        await region.FillAsync(Documents);
        var ratios = new List<(double Median, double Processor)>();
        for (var round = 0; round <= Rounds; round++)
        {
            var (single, merged) = (await MeasureAsync(alone, round), await MeasureAsync(region, round));
            // The first round warms up.
            if (round == 0)
                continue;
            ratios.Add((merged.Median / single.Median, merged.Processor / single.Processor));
            await output.WriteLineAsync(
                $"write {round}: alone p50 {single.Median:0} µs, {single.Processor:0.0} µs of processor time; in a region p50 {merged.Median:0} µs, {merged.Processor:0.0} µs");
            // As a cluster that keeps up does all the time.
            await region.Database.Replica.AdvanceStableAsync(region.Database.LastTimestamp);
        }
        await output.WriteLineAsync(
            $"  in a region to alone, median of {Rounds} rounds: latency {Median(ratios.Select(ratio => ratio.Median)):0.00}, processor time {Median(ratios.Select(ratio => ratio.Processor)):0.00}");
    }

    private static async Task<(double Median, double Processor)> MeasureAsync(FigureFabric fabric, int round)
    {
        var latencies = new double[Writes];
        var time = new ProcessorTime();
        await Task.WhenAll(Enumerable.Range(0, Writers).Select(writer => Task.Run(async () =>
        {
            for (var i = writer; i < Writes; i += Writers)
            {
                var turn = (round * Writes) + i;
                var one = new ProcessorTime();
                await fabric.Database.WriteAsync(fabric.Scope, transaction =>
                {
                    FigureFabric.Change(transaction, fabric.Collection, turn * 7919 % Documents, turn);
                    return 0;
                });
                latencies[i] = one.Elapsed.TotalMicroseconds;
            }
        })));
        return (Median(latencies), time.PerOperation(Writes));
    }

    private static double Median(IEnumerable<double> values) => values.Order().ElementAt(values.Count() / 2);
}
