using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Delivery;
using GeoFabric.Replication.Links;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;
using GeoFabric.Replication.Stability;

namespace GeoFabric.Replication.Bootstrap;

/// <summary>
/// Decides when a region may be relied on. Others forget stamps that all members have seen; a region that was just admitted, restored or given a
/// snapshot must first see all that may have been forgotten before it joined.
/// </summary>
/// <remarks>
/// What a live member has applied, said in the epoch that admitted this region or later, bounds that: whoever does not know the epoch yet cannot
/// count anything the member said after it learned of it, and whoever knows it waits for this region.
/// </remarks>
internal sealed class CatchUp(StepContext context, CausalBuffer buffer, WatermarkTable watermarks, RegionState state)
{
    private bool _isEstablished = state.IsEstablished;
    private AppliedVector? _target = state.Target;

    /// <summary>What the documents may hold beyond what is applied: of pieces of a snapshot, some had more than others.</summary>
    private AppliedVector _held = state.Target ?? AppliedVector.Empty;

    /// <summary>Takes what a peer has applied as what to catch up with, if there is nothing else yet.</summary>
    public void Hear(PeerLink link)
    {
        if (_isEstablished || _target is not null || !link.IsLive || context.Configuration.Member(context.Self.Region) is not { } self)
            return;
        if (link.Epoch >= self.AdmittedIn)
            _target = link.Applied;
    }

    /// <summary>Whether a region that nobody relies on yet holds records that were lost when their origin was closed: they are in no other region.</summary>
    public bool HasToBeginAnew => !_isEstablished && (context.Configuration.EndsBefore(_held) || context.Configuration.EndsBefore(context.Applied));

    /// <summary>A snapshot takes the place of the state.</summary>
    public void BeginAnew() => _isEstablished = false;

    /// <param name="target">What the snapshot and this region's earlier state had seen, together.</param>
    /// <param name="held">What any piece of the snapshot had applied.</param>
    public void Install(AppliedVector target, AppliedVector held)
    {
        _target = _target?.Join(target) ?? target;
        _held = held;
    }

    /// <summary>Replays own records that the snapshot did not have, as if they came from elsewhere.</summary>
    public void ReplayOwnLog()
    {
        var stream = buffer.Find(context.Self.Region);
        if (stream is null || stream.Delivered.Origin != context.Self || stream.ReceivedThrough >= context.LastSequence)
            return;
        // What has left the own log comes from others, as any region's would.
        if (context.Source.FirstSequence(context.Self) > stream.ReceivedThrough + 1)
            return;
        foreach (var record in context.Source.Read(context.Self, stream.ReceivedThrough + 1, context.Options.PullBytes))
            buffer.Offer(new PendingRecord(ChangeRecordHeader.ReadUnchecked(record.Span), record, null));
    }

    /// <summary>What the region may do now.</summary>
    public RegionStanding Judge(bool isClockAway, bool isInstalling)
    {
        if (context.Configuration.Member(context.Self.Region) is not { } self || self.Origin != context.Self)
            return RegionStanding.Frozen;
        if (!_isEstablished && !isInstalling && IsThrough(self))
        {
            _isEstablished = true;
            ClockFloor = _target is null ? default : _target.Positions.Select(position => position.Timestamp).Append(default).Max();
            _target = null;
        }
        if (!_isEstablished)
            return RegionStanding.CatchingUp;
        return self.IsFrozen ? RegionStanding.Frozen : isClockAway ? RegionStanding.ClockAway : RegionStanding.Live;
    }

    /// <summary>The clock has to be past this before the region writes.</summary>
    public HybridTimestamp ClockFloor { get; private set; }

    private bool IsThrough(RegionMember self)
    {
        var own = watermarks.Vector[context.Self.Region];
        if (own.Origin != context.Self || own.Sequence < context.LastSequence)
            return false;
        var isFounding = self.AdmittedIn == 0 || context.Configuration.Members.Length == 1;
        return _target is null ? isFounding : context.Rules.HasCaughtUp(watermarks.Vector, context.Configuration.WithinEnds(_target));
    }
}
