using GeoFabric.Database.Layout;

namespace GeoFabric.Replication.Delivery;

/// <summary>A record that has been received and waits for its turn, or has been handed over and is not durable yet.</summary>
internal sealed class PendingRecord(ChangeRecordHeader header, ReadOnlyMemory<byte> record, CreditTicket? ticket)
{
    public ChangeRecordHeader Header => header;

    public ReadOnlyMemory<byte> Record => record;

    /// <summary>Given with the last record of a batch.</summary>
    public CreditTicket? Ticket => ticket;

    public bool EndsTransaction => !header.Flags.HasFlag(ChangeFlags.MoreFollows);
}
