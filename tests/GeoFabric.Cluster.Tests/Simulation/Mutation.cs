using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>Mistakes of a server or storage around the core.</summary>
[Flags]
internal enum HostFault
{
    None = 0,

    /// <summary>The applied vector is written after the data, so a crash in between applies records twice.</summary>
    VectorAfterData = 1,

    /// <summary>A region restored from a backup goes on under its old incarnation.</summary>
    ReusesSequences = 2,

    /// <summary>A promised watermark is forgotten by a crash.</summary>
    ForgetsWatermarks = 4,

    /// <summary>Writes are acknowledged before they are durable.</summary>
    AcknowledgesTooEarly = 8,

    /// <summary>Operations that a snapshot holds already are applied on it again.</summary>
    AppliesOverSnapshot = 16,

    /// <summary>Records do not say what their writer had seen.</summary>
    OmitsDependencies = 32,

    /// <summary>The clock is not moved past what is applied.</summary>
    IgnoresRemoteClocks = 64,

    /// <summary>Truncation drops own records that nobody else has.</summary>
    DropsOwnRecords = 128,
}

/// <summary>A mistake in the protocol or around it, made on purpose: the checks have to notice.</summary>
internal sealed record Mutation(string Name, ProtocolRules Rules, HostFault Host = HostFault.None)
{
    public static Mutation None { get; } = new("none", ProtocolRules.Default);

    public static IReadOnlyList<Mutation> All { get; } =
    [
        new("takes records twice", new TakesTwice()),
        new("skips gaps", new SkipsGaps()),
        new("ignores dependencies", new IgnoresDependencies()),
        new("counts watermarks before what they cover is applied", new CountsWatermarksEarly()),
        new("takes what it has itself for stable", new OwnStability()),
        new("counts a member's vector before the member's records", new CountsVectorsEarly()),
        new("ignores incarnations", new IgnoresIncarnations()),
        new("drops from the log what others lack", new DropsEarly()),
        new("never pulls from third parties", new NeverPullsFromOthers()),
        new("accepts damaged frames", new AcceptsDamage()),
        new("sends everything to everybody", new SendsEverything()),
        new("serves reduced records as whole ones", new ServesReduced()),
        new("writes before it has caught up", new WritesEarly()),
        new("writes the vector after the data", ProtocolRules.Default, HostFault.VectorAfterData),
        new("uses sequences again after a restore", ProtocolRules.Default, HostFault.ReusesSequences),
        new("forgets promised watermarks", ProtocolRules.Default, HostFault.ForgetsWatermarks),
        new("acknowledges before it is durable", ProtocolRules.Default, HostFault.AcknowledgesTooEarly),
        new("applies operations over a snapshot that has them", ProtocolRules.Default, HostFault.AppliesOverSnapshot),
        new("writes records without dependencies", ProtocolRules.Default, HostFault.OmitsDependencies),
        new("ignores the clocks of others", ProtocolRules.Default, HostFault.IgnoresRemoteClocks),
        new("drops own records that nobody has", ProtocolRules.Default, HostFault.DropsOwnRecords),
    ];

    public ISimulatedReplica Wrap(ISimulatedReplica replica)
    {
        if (replica is ModelReplica model)
            model.Faults = Host;
        return replica;
    }

    public override string ToString() => Name;

    private sealed class TakesTwice : ProtocolRules
    {
        public override bool IsDuplicate(ulong lastSequence, ulong receivedThrough) => false;

        public override bool Follows(ulong sequence, ulong receivedThrough) => sequence <= receivedThrough + 1;

        public override bool ComesAfter(HybridTimestamp timestamp, HybridTimestamp previous) => true;
    }

    private sealed class SkipsGaps : ProtocolRules
    {
        public override bool Follows(ulong sequence, ulong receivedThrough) => sequence > receivedThrough;
    }

    private sealed class IgnoresDependencies : ProtocolRules
    {
        public override bool IsMet(HybridTimestamp dependency, HybridTimestamp applied) => true;
    }

    private sealed class CountsWatermarksEarly : ProtocolRules
    {
        public override bool CountsWatermark(ulong watermarkSequence, ulong appliedSequence) => true;
    }

    private sealed class OwnStability : ProtocolRules
    {
        public override bool HoldsStability(ushort member, ushort self) => member == self;
    }

    private sealed class CountsVectorsEarly : ProtocolRules
    {
        public override bool CountsMemberVector(OriginPosition memberWasAt, OriginPosition memberIsAtHere) => true;
    }

    private sealed class IgnoresIncarnations : ProtocolRules
    {
        public override bool IsOfIncarnation(byte incarnation, byte current) => true;
    }

    private sealed class DropsEarly : ProtocolRules
    {
        public override ulong DroppableThrough(ulong leastAppliedByMembers, ulong appliedHere) => appliedHere;
    }

    private sealed class NeverPullsFromOthers : ProtocolRules
    {
        public override bool PullsFromOthers => false;
    }

    private sealed class AcceptsDamage : ProtocolRules
    {
        public override bool IsIntact(uint expected, uint computed) => true;
    }

    private sealed class SendsEverything : ProtocolRules
    {
        public override bool MaySee(ClusterConfiguration configuration, ulong scopeId, ushort region) => true;
    }

    private sealed class ServesReduced : ProtocolRules
    {
        public override bool MayServeReduced(bool isOfScope, bool mayWholeCopyExist) => true;
    }

    private sealed class WritesEarly : ProtocolRules
    {
        public override bool HasCaughtUp(AppliedVector applied, AppliedVector target) => true;
    }
}
