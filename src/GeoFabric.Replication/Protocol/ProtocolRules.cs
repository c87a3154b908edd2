using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Replication.Protocol;

/// <summary>
/// The rules that correctness hangs on, each in one line. They can be overridden so that tests can break one at a time and see that
/// the simulator notices; servers use them as they are.
/// </summary>
public class ProtocolRules
{
    public static ProtocolRules Default { get; } = new();

    /// <summary>A frame or batch is what the sender made.</summary>
    public virtual bool IsIntact(uint expected, uint computed) => expected == computed;

    /// <summary>A record that has been received before.</summary>
    public virtual bool IsDuplicate(ulong lastSequence, ulong receivedThrough) => lastSequence <= receivedThrough;

    /// <summary>A record that follows what was received without a gap.</summary>
    public virtual bool Follows(ulong sequence, ulong receivedThrough) => sequence == receivedThrough + 1;

    /// <summary>Timestamps of one region grow from record to record.</summary>
    public virtual bool ComesAfter(HybridTimestamp timestamp, HybridTimestamp previous) => timestamp > previous;

    /// <summary>A dependency is met by what has been applied of its region.</summary>
    public virtual bool IsMet(HybridTimestamp dependency, HybridTimestamp applied) => applied >= dependency;

    /// <summary>A record of an incarnation that is not the current one of its region here.</summary>
    public virtual bool IsOfIncarnation(byte incarnation, byte current) => incarnation == current;

    /// <summary>A record within the end that the configuration gives its origin.</summary>
    public virtual bool IsWithinEnd(ulong sequence, ulong end) => sequence <= end;

    /// <summary>A watermark says something only about an origin whose records before it have all been applied.</summary>
    public virtual bool CountsWatermark(ulong watermarkSequence, ulong appliedSequence) => appliedSequence >= watermarkSequence;

    /// <summary>
    /// What a member says to have applied counts only once its own records from before it said so have been applied here: they may have been
    /// written when the member had applied less.
    /// </summary>
    public virtual bool CountsMemberVector(OriginPosition memberWasAt, OriginPosition memberIsAtHere) => !memberIsAtHere.IsBehind(memberWasAt);

    /// <summary>Every member holds back stability, not only those that can be reached.</summary>
    public virtual bool HoldsStability(ushort member, ushort self) => true;

    /// <summary>Vectors of a configuration that is not known here say nothing about the members this region knows.</summary>
    public virtual bool CountsEpoch(ulong epoch, ulong known) => epoch <= known;

    /// <summary>A record may leave the log when all members have applied it.</summary>
    public virtual ulong DroppableThrough(ulong leastAppliedByMembers, ulong appliedHere) => leastAppliedByMembers;

    /// <summary>Origins that are silent are pulled from whoever has more of them.</summary>
    public virtual bool PullsFromOthers => true;

    /// <summary>Whether a region may see operations of a scope.</summary>
    public virtual bool MaySee(ClusterConfiguration configuration, ulong scopeId, ushort region) => configuration.Allows(scopeId, region);

    /// <summary>A record that lacks a scope's operations may be served to a region of that scope only when no whole copy can be left anywhere.</summary>
    public virtual bool MayServeReduced(bool isOfScope, bool mayWholeCopyExist) => !isOfScope || !mayWholeCopyExist;

    /// <summary>A region may write when it has seen all that others may have forgotten the stamps of.</summary>
    public virtual bool HasCaughtUp(AppliedVector applied, AppliedVector target) => applied.Covers(target);
}
