using GeoFabric.Database.Layout;
using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Delivery;

/// <summary>Takes batches apart, refuses what cannot be, and puts the rest into the causal buffer.</summary>
internal sealed class RecordReceiver(StepContext context, CausalBuffer buffer)
{
    /// <summary>Takes the records of a batch in.</summary>
    /// <param name="frameBytes">Room the batch takes in the link's window.</param>
    public void Receive(PeerLink link, BatchFrame batch, int frameBytes)
    {
        if (!Accepts(link, batch))
            return;
        var records = BatchCodec.Decode(batch, out var checksum);
        if (!context.Rules.IsIntact(batch.Checksum, checksum))
            throw new InvalidDataException("a batch does not restore to the sender's records");
        link.Counters.RecordsReceived += records.Count;
        context.LastActivity = context.Now;
        // An answer to a pull was asked for and takes no room.
        var ticket = new CreditTicket(link, batch.IsPulled ? 0 : frameBytes);
        for (var i = 0; i < records.Count; i++)
        {
            var isLast = i == records.Count - 1;
            var result = buffer.Offer(new PendingRecord(records[i].Header, records[i].Record, isLast ? ticket : null));
            if (result.Outcome == OfferOutcome.Duplicate)
                link.Counters.Duplicates++;
            if (result.Outcome != OfferOutcome.Refused)
                continue;
            link.Counters.Refuse(result.Reason, records.Count - i);
            ticket.Return();
            HasRefused(link, result.Reason, records[i].Header);
            return;
        }
    }

    /// <summary>Whether the origin is one that the peer may have records of.</summary>
    private bool Accepts(PeerLink link, BatchFrame batch)
    {
        if (!context.Configuration.Knows(batch.Origin))
        {
            var isNews = link.Epoch > context.Configuration.Epoch;
            link.Counters.Refuse(isNews ? RefusalReason.UnknownEpoch : RefusalReason.UnknownOrigin);
            context.Close(link, isNews ? CloseReason.EpochUnknown : CloseReason.Forged);
            return false;
        }
        if (batch.Origin == context.Self && batch.FirstSequence + (ulong)batch.Count - 1 > context.LastSequence)
        {
            link.Counters.Refuse(RefusalReason.ForgedOwnRecord);
            context.Raise(AlarmKind.ForgedRecords, $"region {link.Peer} served records of this region behind {context.LastSequence}, which it has not written");
            context.Close(link, CloseReason.Forged);
            return false;
        }
        return true;
    }

    private void HasRefused(PeerLink link, RefusalReason reason, in ChangeRecordHeader header)
    {
        switch (reason)
        {
            case RefusalReason.BelowStable or RefusalReason.OutOfOrder:
                context.Raise(AlarmKind.ForgedRecords, $"region {link.Peer} served record {header.Sequence} of {header.Origin} with a timestamp that cannot be");
                context.Close(link, CloseReason.Forged);
                break;
            case RefusalReason.ClockAhead:
                context.Raise(AlarmKind.ClockQuarantine, $"record {header.Sequence} of {header.Origin} is more than {context.Options.ClockAheadMax} ahead of this region's clock");
                context.Close(link, CloseReason.ClockAhead);
                break;
        }
    }
}
