using GeoFabric.Replication.Links;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Shipping;

/// <summary>
/// Sends the own log to one peer. With nothing on its way a record leaves at once; otherwise records gather until the batch is full, what is on
/// its way has arrived, or a few milliseconds have passed. So an idle link adds no delay and a busy one sends full batches.
/// </summary>
internal sealed class LogShipper(PeerLink link, ulong nextSequence)
{
    private ulong _nextSequence = nextSequence;
    private long _sentBytes;
    private long _gatheredBytes;
    private DateTimeOffset? _gatheringSince;

    /// <summary>Bytes sent that the peer is not done with.</summary>
    public long BytesOnTheirWay => Math.Max(0, _sentBytes - AcknowledgedBytes);

    /// <summary>What the peer is done with of what was sent on this link.</summary>
    public long AcknowledgedBytes { get; set; }

    public void HasCommitted(int bytes, DateTimeOffset now)
    {
        _gatheredBytes += bytes;
        _gatheringSince ??= now;
    }

    /// <summary>Sends what is due.</summary>
    public void Ship(StepContext context, BatchReader reader)
    {
        while (link.IsOpen && _nextSequence <= context.LastSequence && BytesOnTheirWay < link.WindowBytes)
        {
            if (!IsDue(context))
                return;
            if (reader.Read(context.Self, _nextSequence, context.Options.BatchBytes, link.Peer, isPulled: false) is not { } batch || batch.Batch.FirstSequence != _nextSequence)
            {
                // The log begins later than the peer needs: it finds the gap and asks others, or takes a snapshot.
                _nextSequence = Math.Max(context.Source.FirstSequence(context.Self), _nextSequence + 1);
                continue;
            }
            context.Send(link, batch.Frame, FrameLane.Bulk);
            link.Counters.RecordsSent += batch.Batch.Count;
            _sentBytes += batch.Frame.Length;
            _nextSequence = batch.ThroughSequence + 1;
            _gatheredBytes = Math.Max(0, _gatheredBytes - batch.Batch.RawLength);
            _gatheringSince = _nextSequence <= context.LastSequence ? context.Now : null;
        }
        if (_nextSequence > context.LastSequence)
            _gatheredBytes = 0;
    }

    private bool IsDue(StepContext context)
    {
        if (BytesOnTheirWay == 0 || _gatheredBytes >= context.Options.BatchBytes)
            return true;
        var due = (_gatheringSince ?? context.Now) + context.Options.GatherTime;
        context.WakeAt(due);
        return context.Now >= due;
    }
}
