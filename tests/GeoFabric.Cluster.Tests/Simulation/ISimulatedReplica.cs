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

    /// <summary>Writes what has to be there before anything else, in the one region that is asked to.</summary>
    /// <returns>Null when there is nothing.</returns>
    CommitOutcome? SetUp(DateTimeOffset wall) => null;

    /// <summary>Writes one transaction.</summary>
    /// <returns>Null when none of the changes could be made and so nothing was written.</returns>
    CommitOutcome? Commit(DateTimeOffset wall, IReadOnlyList<ModelChange> changes);

    /// <summary>Applies whole transactions in the order given, each with its part of the vector.</summary>
    /// <returns>What the region wrote to its own log in the same commit, such as notes of what was lost; mostly nothing.</returns>
    CommitOutcome? Apply(IReadOnlyList<ReadOnlyMemory<byte>> records);

    (ulong LastSequence, HybridTimestamp Timestamp) TakeWatermark(DateTimeOffset wall);

    void AdvanceStable(HybridTimestamp stable);

    void DropLog(AppliedVector through);

    /// <summary>The region is live: a snapshot's traces go, and the clock is moved past the floor.</summary>
    void BecomeEstablished(HybridTimestamp clockFloor);

    void BeginSnapshot(SnapshotBegun begun);

    void StorePiece(SnapshotPiece piece);

    (AppliedVector Applied, AppliedVector Target) InstallSnapshot();

    ModelValue Read(ModelKey key);

    /// <summary>The documents that a record changes.</summary>
    IEnumerable<ModelKey> KeysOf(ReadOnlyMemory<byte> record);

    /// <summary>A hash of what the model's documents in a scope show, the same for every kind of replica.</summary>
    ulong Digest(ulong scope);

    /// <summary>A hash of everything that can be read, for replicas that hold more than the model knows.</summary>
    ulong ContentDigest => 0;

    /// <summary>Checks, once everything is at rest, what the model knows nothing of.</summary>
    /// <param name="surviving">The transactions that count.</param>
    /// <returns>Sentences about what is wrong.</returns>
    IEnumerable<string> CheckAtRest(IReadOnlyList<Acknowledged> surviving) => [];

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
/// <param name="Changes">Those that had something to change.</param>
internal sealed record CommitOutcome(ulong FirstSequence, ulong LastSequence, HybridTimestamp Timestamp, int Bytes, IReadOnlyList<ModelChange> Changes);

/// <summary>What a read of a document finds.</summary>
/// <param name="Register">0 when there is none.</param>
internal sealed record ModelValue(long Register, long Sum, IReadOnlyList<long> Elements);
