using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Cluster.Tests.Simulation;

/// <summary>A region's database as the simulator drives it. Everything it does is durable when it returns; <see cref="Crash"/> loses the rest.</summary>
internal interface ISimulatedReplica : IChangeSource, ISnapshotSource
{
    RegionState State { get; }

    /// <summary>The configuration the region has persisted; scopes are read from it.</summary>
    ClusterConfiguration Configuration { get; set; }

    /// <summary>Writes one transaction.</summary>
    CommitOutcome Commit(DateTimeOffset wall, IReadOnlyList<ModelChange> changes);

    /// <summary>Applies whole transactions in the order given, each with its part of the vector.</summary>
    void Apply(IReadOnlyList<ReadOnlyMemory<byte>> records);

    (ulong LastSequence, HybridTimestamp Timestamp) TakeWatermark(DateTimeOffset wall);

    void AdvanceStable(HybridTimestamp stable);

    void DropLog(AppliedVector through);

    /// <summary>The region is live: a snapshot's traces go, and the clock is moved past the floor.</summary>
    void BecomeEstablished(HybridTimestamp clockFloor);

    void BeginSnapshot(SnapshotBegun begun);

    void StorePiece(SnapshotPiece piece);

    (AppliedVector Applied, AppliedVector Target) InstallSnapshot();

    ModelValue Read(ModelKey key);

    /// <summary>A hash of all that can be read in the collections of a scope.</summary>
    ulong Digest(ulong scope);

    /// <summary>Documents that still carry stamps or tombstones.</summary>
    int UnstableDocuments { get; }

    /// <summary>Bytes of metadata beside all documents.</summary>
    long MetadataBytes { get; }

    /// <summary>The process died.</summary>
    void Crash();

    /// <summary>A backup.</summary>
    ISimulatedReplica Copy();

    /// <summary>What has been restored goes on under another incarnation.</summary>
    void BecomeIncarnation(byte incarnation);
}

/// <param name="FirstSequence">Of the transaction's first record.</param>
/// <param name="LastSequence">Of its last.</param>
/// <param name="Bytes">Of all its records.</param>
internal sealed record CommitOutcome(ulong FirstSequence, ulong LastSequence, HybridTimestamp Timestamp, int Bytes);

/// <summary>What a read of a document finds.</summary>
/// <param name="Register">0 when there is none.</param>
internal sealed record ModelValue(long Register, long Sum, IReadOnlyList<long> Elements);
