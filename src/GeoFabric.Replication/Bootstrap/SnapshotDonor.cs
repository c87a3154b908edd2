using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Bootstrap;

/// <summary>Gives pieces of this region's state to those that ask, and keeps the log from where their first piece stood until they have followed.</summary>
internal sealed class SnapshotDonor(StepContext context, ISnapshotSource snapshots)
{
    private readonly SortedDictionary<ushort, (AppliedVector From, DateTimeOffset Until)> _pins = [];

    /// <summary>Positions from which the logs have to be kept.</summary>
    public IReadOnlyCollection<AppliedVector> Pins
    {
        get
        {
            foreach (var (peer, pin) in _pins.ToList())
            {
                if (pin.Until < context.Now)
                    _pins.Remove(peer);
            }
            return [.. _pins.Values.Select(pin => pin.From)];
        }
    }

    public void Serve(PeerLink link, SnapshotRequestFrame request)
    {
        // A region that is catching up itself has nothing that could be relied on; the asker tries another.
        if (!context.HasCaughtUp)
            return;
        if (request.Token.IsEmpty)
            _pins.Remove(link.Peer);
        var token = request.Token;
        for (var remaining = context.Options.SnapshotPiecesPerRequest - 1; remaining >= 0; remaining--)
        {
            var piece = snapshots.ReadPiece(token, link.Peer, context.Options.SnapshotPieceBytes);
            var from = _pins.TryGetValue(link.Peer, out var pin) ? pin.From : piece.Applied;
            _pins[link.Peer] = (from, context.Now + context.Options.SnapshotPin);
            context.Send(link, new SnapshotPieceFrame(piece, piece.IsLast ? 0 : remaining), FrameLane.Bulk);
            if (piece.IsLast)
                return;
            token = piece.NextToken;
        }
    }
}
