using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>What replication between cities of the world costs, and how it gets over a continent's being cut off for half a minute.</summary>
/// <param name="Extra">Beyond the one-way delay between the two cities.</param>
/// <param name="BytesPerOperation">Of batches, sent to one region.</param>
/// <param name="ControlBytesPerSecond">Of beats and acknowledgements, sent from one region to another.</param>
/// <param name="MetadataPerDocument">Bytes at the end of the cut, and when everything has come to rest.</param>
internal sealed record CityFigures(
    int Regions, ulong Seed, int Operations, Percentiles Visibility, Percentiles Extra, double BytesPerOperation, double ControlBytesPerSecond, double FramesPerSecond,
    (double AtCut, double AtRest) MetadataPerDocument, TimeSpan Convergence)
{
    private static readonly TimeSpan CutAt = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan End = TimeSpan.FromSeconds(40);

    public static CityFigures Measure(int regions, ulong seed)
    {
        var plan = Plan(regions, seed);
        var run = new SimulationRun(plan);
        (long Bulk, long Control, long Frames, int Operations) before = default;
        var metadata = 0.0;
        run.Events.At(CutAt, () => before =
            (run.Network.BulkBytesSent, run.Network.BytesSent - run.Network.BulkBytesSent, run.Network.FramesSent, run.History.Transactions.Count));
        run.Events.At(End, () => metadata = MetadataOf(run));
        run.Execute();
        // Only what arrived before the cut: what had to wait for its end says nothing about the way.
        var visible = run.History.Visibility.Where(entry => entry.Transaction.Time + entry.Delay < CutAt).ToList();
        var delays = visible.Select(entry => entry.Delay);
        var extras = visible.Select(entry => entry.Delay - CityOf(entry.Transaction.Origin.Region).DelayTo(CityOf(entry.Region)));
        return new CityFigures(
            regions, seed, run.History.Transactions.Count, Percentiles.Of(delays), Percentiles.Of(extras),
            before.Bulk / (double)before.Operations / (regions - 1), before.Control / CutAt.TotalSeconds / regions / (regions - 1), before.Frames / CutAt.TotalSeconds, (metadata, MetadataOf(run)), run.ConvergenceTime);
    }

    public override string ToString() => $"""
        {Regions} regions, seed {Seed}, {Operations} operations, Europe cut off for {(End - CutAt).TotalSeconds} s
        visibility           {Visibility}
        beyond one-way delay {Extra}
        bytes sent to each region for an operation {BytesPerOperation:0.0}; beside them {ControlBytesPerSecond:0} bytes a second from each to each
        frames a second {FramesPerSecond:0}
        metadata for a document: {MetadataPerDocument.AtCut:0.0} bytes at the end of the cut, {MetadataPerDocument.AtRest:0.0} at rest
        everything everywhere and forgotten {Convergence.TotalSeconds:0.0} s after the cut
        """;

    private static SimulationPlan Plan(int regions, ulong seed)
    {
        var random = new SeededRandom(seed);
        var ids = Enumerable.Range(1, regions).Select(number => (ushort)number).ToList();
        var isLarge = regions > 25;
        var pairs = from left in ids
                    from right in ids
                    where left < right && (CityOf(left).Continent == Continent.Europe) != (CityOf(right).Continent == Continent.Europe)
                    select (left, right);
        var operations = new List<ClientOperation>();
        for (var i = 0; i < (isLarge ? 2000 : 4000); i++)
        {
            var key = new ModelKey(random.Chance(0.5) ? ModelKind.Register : ModelKind.Counter, random.Below(2000), 0);
            var change = new ModelChange(key, key.Kind == ModelKind.Counter ? ChangeVerb.Add : ChangeVerb.Set, i + 1);
            operations.Add(new ClientOperation(random.Time(TimeSpan.FromSeconds(1), End), random.Pick(ids), [change], [], -1));
        }
        var network = new NetworkSettings(
            TimeSpan.Zero, TimeSpan.Zero, TimeSpan.FromMilliseconds(1), 1e8, 0, 0, 0, TimeSpan.Zero, (from, to) => CityOf(from).DelayTo(CityOf(to)));
        // Beats grow with the square of the regions; a large mesh sends fewer.
        var options = isLarge ? new ReplicationOptions { ActiveBeat = TimeSpan.FromSeconds(1) } : new ReplicationOptions();
        return new SimulationPlan(
            seed, network, new ReplicaSettings(TimeSpan.FromMilliseconds(3), 100, 100), options, ids, [],
            [new Partition(CutAt, "Europe", [.. pairs], End - CutAt)], [.. operations.OrderBy(operation => operation.Time)], End);
    }

    private static double MetadataOf(SimulationRun run)
    {
        var documents = run.History.Transactions.SelectMany(transaction => transaction.Changes).Select(change => change.Key).Distinct().Count();
        return run.Regions.Average(region => (double)region.Replica.MetadataBytes) / documents;
    }

    private static City CityOf(ushort region) => City.All[region - 1];
}

internal sealed record Percentiles(TimeSpan Median, TimeSpan Ninety, TimeSpan NinetyNine, TimeSpan Most)
{
    public static Percentiles Of(IEnumerable<TimeSpan> values)
    {
        var sorted = values.Order().ToList();
        return new Percentiles(sorted[sorted.Count / 2], sorted[sorted.Count * 90 / 100], sorted[sorted.Count * 99 / 100], sorted[^1]);
    }

    public override string ToString() => $"p50 {Text(Median)}, p90 {Text(Ninety)}, p99 {Text(NinetyNine)}, most {Text(Most)} ms";

    private static string Text(TimeSpan time) => time.TotalMilliseconds.ToString("0.0", System.Globalization.CultureInfo.InvariantCulture);
}
