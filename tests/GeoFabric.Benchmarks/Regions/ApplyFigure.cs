namespace GeoFabric.Benchmarks.Regions;

/// <summary>How fast a region on LMDB applies real records of small operations, each a transaction of its own where it was written.</summary>
internal static class ApplyFigure
{
    private const int Documents = 10_000;
    private const int Operations = 40_000;
    private const int RecordsPerCommit = 1000;
    private const int Rounds = 5;

    public static async Task PrintAsync(TextWriter output)
    {
        await using var writer = await FigureFabric.OpenAsync(1, onDisk: false);
        await writer.FillAsync(Documents);
        var filled = writer.Database.Replica.ReadState().Own.Sequence;
        await writer.ChangeAllAsync(Documents, firstTurn: 0, Operations);
        var records = writer.Database.Replica.ReadLog(writer.Database.Replica.Origin, 1, int.MaxValue);
        var figures = new List<Figure>();
        for (var round = 0; round <= Rounds; round++)
        {
            var figure = await ApplyAsync(records, (int)filled);
            // The first round warms up.
            if (round == 0)
                continue;
            figures.Add(figure);
            await output.WriteLineAsync($"apply {round}: {figure}");
        }
        await output.WriteLineAsync($"  median of {Rounds} rounds: {new Figure(Median(figure => figure.PerSecond), Median(figure => figure.Processor), Median(figure => figure.Forgetting))}");

        double Median(Func<Figure, double> part) => Medians.Of(figures.Select(part));
    }

    private static async Task<Figure> ApplyAsync(IReadOnlyList<ReadOnlyMemory<byte>> records, int filled)
    {
        await using var reader = await FigureFabric.OpenAsync(2, onDisk: true);
        var replica = reader.Database.Replica;
        await replica.ApplyAsync([.. records.Take(filled)]);
        var time = new ProcessorTime();
        for (var i = filled; i < records.Count; i += RecordsPerCommit)
            await replica.ApplyAsync([.. records.Skip(i).Take(RecordsPerCommit)]);
        var count = records.Count - filled;
        var (perSecond, processor) = (count / time.Elapsed.TotalSeconds, time.PerOperation(count));
        time = new ProcessorTime();
        await replica.AdvanceStableAsync(replica.ReadState().Vector.Regions[1]);
        return new Figure(perSecond, processor, time.PerOperation(count));
    }

    /// <param name="Processor">Microseconds of processor time for each operation.</param>
    /// <param name="Forgetting">The same for forgetting what is stable afterwards.</param>
    private readonly record struct Figure(double PerSecond, double Processor, double Forgetting)
    {
        public override string ToString() =>
            $"{PerSecond,9:0} operations a second, {Processor:0.0} µs of processor time each ({1_000_000 / Processor:0} a second of it); forgetting what is stable {Forgetting:0.0} µs";
    }
}
