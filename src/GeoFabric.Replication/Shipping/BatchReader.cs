using GeoFabric.Database.Layout;
using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Links;

namespace GeoFabric.Replication.Shipping;

/// <summary>Makes the batch that begins at a sequence of a log, as one region may see it. Regions that may see the same share it.</summary>
internal sealed class BatchReader(StepContext context)
{
    private readonly RecordFilter _filter = new(context.Rules, new WholeCopies(context));
    private ReadyBatch? _last;

    /// <summary>Reads a batch for a region.</summary>
    /// <returns><see langword="null"/> when no record from there on is held that may be served to it.</returns>
    public ReadyBatch? Read(ChangeOrigin origin, ulong fromSequence, int bytesMax, ushort region, bool isPulled)
    {
        // A commit is shipped to all peers in one step; what they all may see is read and compressed once.
        if (!isPulled && _last is { } last && last.Batch.Origin == origin && last.Batch.FirstSequence == fromSequence && last.ReadWhenLogEndedAt == context.LastSequence)
            return last;
        var records = context.Source.Read(origin, fromSequence, bytesMax);
        var served = new List<ReadOnlyMemory<byte>>(records.Count);
        var isForAll = true;
        foreach (var record in records)
        {
            if (_filter.Reduce(record, context.Configuration, region, out var isOneForAll) is not { } reduced)
                break;
            isForAll &= isOneForAll;
            served.Add(reduced);
        }
        if (served.Count == 0)
            return null;
        var batch = BatchCodec.Encode(served, context.Options.CompressionBytesMin, isPulled, context.Self.Incarnation);
        var through = ChangeRecordHeader.ReadUnchecked(served[^1].Span).LastSequence;
        var ready = new ReadyBatch(batch, FrameCodec.Encode(batch), through, context.LastSequence);
        if (isForAll && !isPulled)
            _last = ready;
        return ready;
    }
}

/// <param name="ThroughSequence">Of its last record.</param>
/// <param name="ReadWhenLogEndedAt">Last sequence of the own log when it was read: a longer log may give a longer batch.</param>
internal sealed record ReadyBatch(BatchFrame Batch, ReadOnlyMemory<byte> Frame, ulong ThroughSequence, ulong ReadWhenLogEndedAt);
