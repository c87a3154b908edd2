using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Shipping;

/// <summary>Everything that leaves: the own log to each peer, any log to whoever pulls it, and acknowledgements.</summary>
internal sealed class ShippingDesk(StepContext context)
{
    private readonly SortedDictionary<ushort, LogShipper> _shippers = [];
    private readonly BatchReader _reader = new(context);

    /// <summary>Begins to send the own log behind what the peer holds of it.</summary>
    public void Begin(PeerLink link, OriginPosition received)
    {
        var isOfThisIncarnation = received.Origin == context.Self;
        _shippers[link.Peer] = new LogShipper(link, isOfThisIncarnation ? received.Sequence + 1 : 1);
    }

    public void End(ushort peer) => _shippers.Remove(peer);

    public void HasCommitted(int bytes)
    {
        foreach (var shipper in _shippers.Values)
            shipper.HasCommitted(bytes, context.Now);
    }

    public void IsAcknowledged(PeerLink link, AcknowledgementFrame acknowledgement)
    {
        link.Learn(acknowledgement.Changes);
        if (_shippers.TryGetValue(link.Peer, out var shipper))
            shipper.AcknowledgedBytes = Math.Max(shipper.AcknowledgedBytes, acknowledgement.ConsumedBytes);
    }

    /// <summary>Serves a pull, from whatever log.</summary>
    public void Serve(PeerLink link, PullFrame pull)
    {
        var bytesMax = Math.Min(pull.BytesMax, context.Options.PullBytes);
        var isDropped = pull.FromSequence < context.Source.FirstSequence(pull.Origin);
        if (isDropped || _reader.Read(pull.Origin, pull.FromSequence, bytesMax, link.Peer, isPulled: true) is not { } batch)
        {
            context.Send(link, new UnavailableFrame(pull.Origin, pull.FromSequence, isDropped));
            return;
        }
        link.Counters.RecordsSent += batch.Batch.Count;
        context.Send(link, batch.Frame, FrameLane.Bulk);
    }

    /// <summary>Sends all records that are due.</summary>
    public void Ship()
    {
        foreach (var shipper in _shippers.Values)
            shipper.Ship(context, _reader);
    }

    /// <summary>Tells peers that their records have been applied, and how many bytes are done with, as soon as it is so.</summary>
    public void Acknowledge(AppliedVector own)
    {
        foreach (var link in context.Links.All)
        {
            // What moved of other regions can wait for the next beat.
            var hasMoved = link.Told[link.Peer].IsBehind(own[link.Peer]);
            if (!link.IsGreeted || (!hasMoved && link.ConsumedBytes == link.ToldConsumedBytes))
                continue;
            link.ToldConsumedBytes = link.ConsumedBytes;
            context.Send(link, new AcknowledgementFrame(context.Self.Incarnation, link.ConsumedBytes, link.TellChanges(own)));
        }
    }
}
