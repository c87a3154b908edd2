using GeoFabric.Database.Layout;
using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Shipping;

/// <summary>
/// Removes from a record what its receiver may not see. The header stays, so sequences, vectors and gap detection are the same everywhere.
/// </summary>
/// <remarks>
/// In place of what was removed stands, once for each scope, an entry of collection 0 with that scope and without documents. It says
/// nothing of the collection, but tells whoever holds the reduced record that it cannot serve it to a region of that scope.
/// </remarks>
internal sealed class RecordFilter(ProtocolRules rules, WholeCopies wholeCopies)
{
    private readonly FrameWriter _operations = new(1024);

    /// <summary>The record as the region may see it: the same bytes when nothing had to be removed.</summary>
    /// <param name="isForAll">Whether every region would get the same.</param>
    /// <returns><see langword="null"/> when this copy lacks operations that the region is entitled to.</returns>
    public ReadOnlyMemory<byte>? Reduce(ReadOnlyMemory<byte> record, ClusterConfiguration configuration, ushort region, out bool isForAll)
    {
        isForAll = true;
        var header = ChangeRecordHeader.ReadUnchecked(record.Span);
        var reader = new FrameReader(record[header.OperationsOffset..]);
        var runs = ReadRuns(ref reader);
        var removed = new SortedSet<ulong>();
        foreach (var run in runs)
        {
            isForAll &= run.Scope == 0;
            if (run.IsRemoved && !rules.MayServeReduced(configuration.Allows(run.Scope, region), wholeCopies.MayExist(run.Scope, header.Origin, header.Sequence, region)))
                return null;
            if (run.IsRemoved || !rules.MaySee(configuration, run.Scope, region))
                removed.Add(run.Scope);
        }
        if (removed.Count == 0)
            return record;
        return Rebuild(record.Span, header, runs, removed);
    }

    private byte[] Rebuild(ReadOnlySpan<byte> record, in ChangeRecordHeader header, List<Run> runs, SortedSet<ulong> removed)
    {
        var operations = record[header.OperationsOffset..];
        var kept = runs.Where(run => !removed.Contains(run.Scope)).ToList();
        _operations.Clear();
        _operations.Number((ulong)(kept.Count + removed.Count));
        foreach (var scope in removed)
        {
            _operations.Number(0);
            _operations.Number(scope);
            _operations.Number(0);
        }
        foreach (var run in kept)
            _operations.Raw(operations[run.Start..run.End]);
        return ChangeRecordHeader.Assemble(header, record[header.ContextOffset..header.OperationsOffset], _operations.Written);
    }

    private static List<Run> ReadRuns(ref FrameReader reader)
    {
        var all = reader.Remaining;
        var runs = new List<Run>();
        for (var count = reader.Count(all); count > 0; count--)
        {
            var start = all - reader.Remaining;
            var collection = reader.Number();
            var scope = reader.Number();
            var documents = reader.Count(all);
            for (var i = 0; i < documents; i++)
                SkipDocument(ref reader);
            runs.Add(new Run(start, all - reader.Remaining, scope, collection == 0 && scope != 0 && documents == 0));
        }
        return runs;
    }

    private static void SkipDocument(ref FrameReader reader)
    {
        reader.Bytes();
        for (var operations = reader.Count(reader.Remaining); operations > 0; operations--)
        {
            reader.Byte();
            reader.Bytes();
            reader.Bytes();
        }
    }

    /// <summary>The operations on one collection.</summary>
    private readonly record struct Run(int Start, int End, ulong Scope, bool IsRemoved);
}
