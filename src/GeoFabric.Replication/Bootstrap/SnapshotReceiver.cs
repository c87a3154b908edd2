using GeoFabric.Replication.Frames;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Bootstrap;

/// <summary>
/// Fetches the state of another region when the logs no longer reach back far enough. Pieces are asked for in turn, so an interrupted snapshot
/// goes on where it was, with the same donor or another.
/// </summary>
internal sealed class SnapshotReceiver(StepContext context, RegionState state)
{
    private readonly KeptState _kept = new(context);
    private readonly DonorChoice _donors = new(context);
    private ReadOnlyMemory<byte> _stored = state.SnapshotToken;
    private ReadOnlyMemory<byte> _expected = state.SnapshotToken;
    private ushort? _donor;

    /// <summary>The scopes that the present snapshot leaves alone; null before there is a donor, and after a restart.</summary>
    private IReadOnlyList<ulong>? _keptScopes;
    private IReadOnlyCollection<OriginPosition> _missing = [];
    private DateTimeOffset _lastPiece;
    private int _storing;
    private int _remaining;

    /// <summary>Whether records have to wait for the snapshot.</summary>
    public bool IsReceiving { get; private set; } = state.SnapshotToken is not null;

    /// <summary>Whether one was found, which may be gone again. Until then the region stays what it was, but for records that wait.</summary>
    public bool HasDonor => IsReceiving && _keptScopes is not null;

    /// <summary>What any piece had applied.</summary>
    public AppliedVector Held { get; private set; } = AppliedVector.Empty;

    /// <summary>Whether a piece holds records that were lost when their origin was closed: they are in no other region.</summary>
    public bool HasToBeginAnew => _storing == 0 && context.Configuration.EndsBefore(Held);

    /// <summary>Whether a region can give what is missing, and has what is here or can fetch it from here.</summary>
    public bool CanBegin(IReadOnlyCollection<OriginPosition> missing)
    {
        if (_donors.Exists(missing))
            return true;
        context.Raise(AlarmKind.NoDonor, $"what follows {string.Join(' ', missing.Select(position => $"{position.Region}.{position.Incarnation}:{position.Sequence}"))} has left all logs that are connected, and no live region has both that and all that is here");
        return false;
    }

    /// <param name="missing">What the donor has to be further than, in one of them at least; empty when any will do, as this region's state has to go.</param>
    public void Begin(IReadOnlyCollection<OriginPosition> missing)
    {
        IsReceiving = true;
        Held = AppliedVector.Empty;
        _donor = null;
        _keptScopes = null;
        _missing = missing;
        _donors.Begin();
    }

    public void Receive(PeerLink link, SnapshotPieceFrame frame)
    {
        // Pieces of an earlier request, or sent twice, do not begin where this one goes on.
        if (!IsReceiving || _donor != link.Peer || _remaining < 0 || !frame.Piece.Token.Span.SequenceEqual(_expected.Span))
            return;
        _storing++;
        Held = Held.Join(frame.Piece.Applied);
        _expected = frame.Piece.NextToken;
        _remaining = frame.Piece.IsLast ? -1 : frame.Remaining;
        _lastPiece = context.Now;
        context.Ask(new StoreSnapshotPiece(frame.Piece));
    }

    public void HasStored(SnapshotPieceStored stored)
    {
        _storing--;
        _stored = stored.NextToken;
        _lastPiece = context.Now;
        if (_storing == 0 && _remaining == 0 && _donor is { } donor && context.Links.FindGreeted(donor) is { } link)
            context.Send(link, new SnapshotRequestFrame(_stored));
    }

    public void HasInstalled()
    {
        IsReceiving = false;
        _storing = 0;
        _donor = null;
    }

    /// <summary>Finds a donor, or another when the present one stopped.</summary>
    public void Pass()
    {
        if (!IsReceiving || _storing > 0)
            return;
        var dueAt = _lastPiece + context.Options.SnapshotTimeout;
        if (_donor is { } donor && context.Links.FindGreeted(donor) is not null && context.Now < dueAt)
        {
            context.WakeAt(dueAt);
            return;
        }
        if (_donors.Choose(_missing, _donor) is not { } link)
        {
            _donor = null;
            context.Raise(AlarmKind.NoDonor, "no live region is connected that holds all collections of this one and has applied all that this one has");
            // Records that could be applied wait meanwhile, and who has the missing ones may be back.
            if (!HasDonor && _missing.Count > 0 && _donors.IsExhausted)
                IsReceiving = false;
            return;
        }
        context.Calm(AlarmKind.NoDonor);
        Ask(link);
    }

    private void Ask(PeerLink link)
    {
        var begun = _kept.Of(link.Peer);
        // Pieces of donors that hold different collections do not make one state.
        if (_keptScopes is null || !_keptScopes.SequenceEqual(begun.KeptScopes))
        {
            _keptScopes = begun.KeptScopes;
            _stored = default;
            Held = AppliedVector.Empty;
            context.Ask(begun);
        }
        _donor = link.Peer;
        _expected = _stored;
        _remaining = 0;
        _lastPiece = context.Now;
        context.WakeAt(context.Now + context.Options.SnapshotTimeout);
        context.Send(link, new SnapshotRequestFrame(_stored));
    }
}
