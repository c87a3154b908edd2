namespace GeoFabric.Benchmarks.Regions;

/// <summary>What reading a document costs where documents merge, just after they were changed and when that is stable, against a server on its own.</summary>
internal static class ReadFigure
{
    private const int Documents = 20_000;
    private const int Reads = 1_000_000;
    private const int Rounds = 5;

    public static async Task PrintAsync(TextWriter output)
    {
        await using var alone = await FigureFabric.OpenAsync(0, onDisk: true);
        await using var fresh = await FigureFabric.OpenAsync(1, onDisk: true);
        await using var stable = await FigureFabric.OpenAsync(2, onDisk: true);
        foreach (var fabric in (FigureFabric[])[alone, fresh, stable])
        {
            await fabric.FillAsync(Documents);
            await fabric.Database.WriteAsync(fabric.Scope, transaction =>
            {
                for (var i = 0; i < Documents; i++)
                    FigureFabric.Change(transaction, fabric.Collection, i, 1);
                return 0;
            });
        }
        await stable.Database.Replica.AdvanceStableAsync(stable.Database.LastTimestamp);
        var rounds = Enumerable.Range(0, Rounds + 1).Select(_ => (Alone: Measure(alone), Fresh: Measure(fresh), Stable: Measure(stable))).Skip(1).ToList();
        await output.WriteLineAsync(
            $"read: alone {Medians.Of(rounds.Select(round => round.Alone)):0} ns; in a region {Medians.Of(rounds.Select(round => round.Fresh)):0} ns just changed ({Medians.Of(rounds.Select(round => round.Fresh / round.Alone)):0.00}), " +
            $"{Medians.Of(rounds.Select(round => round.Stable)):0} ns when stable ({Medians.Of(rounds.Select(round => round.Stable / round.Alone)):0.00}); processor time, medians of {Rounds} rounds");
    }

    /// <returns>Nanoseconds of processor time for reading a document and one of its attributes.</returns>
    private static double Measure(FigureFabric fabric)
    {
        using var snapshot = fabric.Database.OpenSnapshot(fabric.Scope);
        var collection = fabric.Collection;
        var keys = Enumerable.Range(0, Documents).Select(FigureFabric.KeyOf).ToArray();
        var time = new ProcessorTime();
        var sum = 0.0;
        for (var i = 0; i < Reads; i++)
        {
            if (snapshot.TryGetDocument(collection, keys[i * 7919L % Documents], out var document))
                sum += document.GetAttribute("age"u8).Number;
        }
        return sum > 0 ? time.PerOperation(Reads) * 1000 : throw new InvalidOperationException("No document was read.");
    }
}
