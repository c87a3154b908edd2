namespace GeoFabric.Benchmarks.Regions;

/// <summary>How fast a region on LMDB applies real records of small operations, each a transaction of its own where it was written.</summary>
internal static class ApplyFigure
{
    private const int Documents = 10_000;
    private const int Operations = 40_000;
    private const int RecordsPerCommit = 1000;
    private const int Rounds = 3;

    public static async Task PrintAsync(TextWriter output)
    {
        await using var writer = await FigureFabric.OpenAsync(1, onDisk: false);
        await writer.FillAsync(Documents);
        var filled = writer.Database.Replica.ReadState().Own.Sequence;
        for (var i = 0; i < Operations; i++)
        {
            var turn = i;
            await writer.Database.WriteAsync(writer.Scope, transaction =>
            {
                FigureFabric.Change(transaction, writer.Collection, turn * 7919 % Documents, turn);
                return 0;
            });
        }
        var records = writer.Database.Replica.ReadLog(writer.Database.Replica.Origin, 1, int.MaxValue);
        for (var round = 1; round <= Rounds; round++)
            await ApplyAsync(output, records, (int)filled, round);
    }

    private static async Task ApplyAsync(TextWriter output, IReadOnlyList<ReadOnlyMemory<byte>> records, int filled, int round)
    {
        await using var reader = await FigureFabric.OpenAsync(2, onDisk: true);
        var replica = reader.Database.Replica;
        await replica.ApplyAsync([.. records.Take(filled)]);
        var time = new ProcessorTime();
        for (var i = filled; i < records.Count; i += RecordsPerCommit)
            await replica.ApplyAsync([.. records.Skip(i).Take(RecordsPerCommit)]);
        var count = records.Count - filled;
        await output.WriteLineAsync(
            $"apply {round}: {count / time.Elapsed.TotalSeconds,9:0} operations a second, {time.PerOperation(count):0.0} µs of processor time each, {count / time.Used.TotalSeconds:0} a second of it");
        time = new ProcessorTime();
        await replica.AdvanceStableAsync(replica.ReadState().Vector.Regions[1]);
        await output.WriteLineAsync($"  forgetting what is stable afterwards: {time.PerOperation(count):0.0} µs of processor time for each operation");
    }
}
