using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>A transaction that was acknowledged to its client.</summary>
/// <param name="Observed">What its region had applied when it was written.</param>
internal sealed record Acknowledged(
    ChangeOrigin Origin, ulong FirstSequence, ulong LastSequence, RevisionStamp Stamp, TimeSpan Time, IReadOnlyList<ModelChange> Changes, AppliedVector Observed);

/// <summary>What really happened, kept by nobody who takes part: every acknowledged write with its true causes, and what each region has applied.</summary>
internal sealed class History
{
    private readonly Dictionary<(ChangeOrigin Origin, ulong Sequence), Acknowledged> _records = [];
    private readonly Dictionary<ushort, AppliedVector> _applied = [];
    private readonly Dictionary<long, Acknowledged> _writers = [];
    private readonly Dictionary<ChangeOrigin, ulong> _ends = [];

    /// <summary>What the documents of a region stand at that were taken from elsewhere, although its logs go on from earlier.</summary>
    private readonly Dictionary<ushort, AppliedVector> _held = [];

    public List<Acknowledged> Transactions { get; } = [];

    /// <summary>How long it took from a commit to its being applied in another region, in true time.</summary>
    public List<(Acknowledged Transaction, ushort Region, TimeSpan Delay)> Visibility { get; } = [];

    public AppliedVector AppliedBy(ushort region) => _applied.GetValueOrDefault(region, AppliedVector.Empty);

    /// <summary>The stamp under which a value was written; zero for no value, and for one that was lost with its region's disk.</summary>
    public RevisionStamp StampOf(long value) => _writers.TryGetValue(value, out var writer) && Survives(writer) ? writer.Stamp : default;

    /// <summary>The transactions that count: not those that only a lost disk or a removed region had.</summary>
    public IEnumerable<Acknowledged> Surviving => Transactions.Where(Survives);

    public void Commit(ChangeOrigin origin, CommitOutcome outcome, TimeSpan now)
    {
        var before = AppliedBy(origin.Region);
        var stamp = new RevisionStamp(outcome.Timestamp, origin.Region);
        var transaction = new Acknowledged(origin, outcome.FirstSequence, outcome.LastSequence, stamp, now, outcome.Changes, before);
        for (var sequence = outcome.FirstSequence; sequence <= outcome.LastSequence; sequence++)
        {
            if (!_records.TryAdd((origin, sequence), transaction))
                throw new SimulationFailure("sequences", $"{origin} wrote record {sequence} twice");
        }
        foreach (var position in before)
        {
            if (position.Timestamp >= outcome.Timestamp)
                throw new SimulationFailure("clock", $"{origin} wrote {outcome.Timestamp} after it had applied {position}");
        }
        foreach (var change in outcome.Changes)
        {
            if (change.Verb == ChangeVerb.Set)
                _writers[change.Value] = transaction;
        }
        Transactions.Add(transaction);
        _applied[origin.Region] = before.With(new OriginPosition(origin.Region, origin.Incarnation, outcome.LastSequence, outcome.Timestamp));
    }

    /// <summary>Checks that a region may apply a record now (P3), and notes that it did.</summary>
    public void Apply(ushort region, ReadOnlyMemory<byte> record, TimeSpan now)
    {
        var header = ChangeRecordHeader.Read(record.Span);
        if (!_records.TryGetValue((header.Origin, header.Sequence), out var transaction) || transaction.Stamp.Timestamp != header.Timestamp)
            throw new SimulationFailure("P3", $"region {region} applies record {header.Sequence} of {header.Origin}, which was never written so");
        var applied = AppliedBy(region);
        var position = applied[header.Origin.Region];
        var expected = position.Incarnation == header.Origin.Incarnation ? position.Sequence + 1 : 1;
        if (header.Sequence != expected)
            throw new SimulationFailure("P3", $"region {region} applies record {header.Sequence} of {header.Origin} behind {position.Incarnation}:{position.Sequence}");
        foreach (var cause in transaction.Observed)
        {
            if (cause.Region != header.Origin.Region && applied[cause.Region].IsBehind(cause) && _held.GetValueOrDefault(region, AppliedVector.Empty)[cause.Region].IsBehind(cause))
                throw new SimulationFailure("P3", $"region {region} applies record {header.Sequence} of {header.Origin} before {cause}, which its writer had seen");
        }
        if (header.LastSequence == transaction.LastSequence)
            Visibility.Add((transaction, region, now - transaction.Time));
        _applied[region] = applied.With(new OriginPosition(header.Origin.Region, header.Origin.Incarnation, header.LastSequence, header.Timestamp));
    }

    /// <summary>A region's state was replaced by a snapshot or a backup.</summary>
    /// <param name="held">What its documents hold already, if that is more than where its logs go on.</param>
    public void Replace(ushort region, AppliedVector applied, AppliedVector? held = null)
    {
        _applied[region] = applied;
        _held[region] = held ?? AppliedVector.Empty;
    }

    /// <summary>What was written behind this is lost, and the operator knows.</summary>
    public void End(ChangeOrigin origin, ulong lastSequence) => _ends[origin] = lastSequence;

    private bool Survives(Acknowledged transaction) => transaction.LastSequence <= _ends.GetValueOrDefault(transaction.Origin, ulong.MaxValue);
}
