using GeoFabric.Database;
using GeoFabric.Database.Layout;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Server.Replication;

/// <summary>The logs of a fabric's copy, for its replication core.</summary>
internal sealed class ReplicaLogs(FabricReplica replica) : IChangeSource, ISnapshotSource
{
    public ulong FirstSequence(ChangeOrigin origin) => replica.ReadFirstSequence(origin);

    public IReadOnlyList<ReadOnlyMemory<byte>> Read(ChangeOrigin origin, ulong fromSequence, int bytesMax) => replica.ReadLog(origin, fromSequence, bytesMax);

    /// <exception cref="InvalidOperationException">Always: logs are kept whole, so every region can begin from their start and none needs a snapshot.</exception>
    public SnapshotPiece ReadPiece(ReadOnlyMemory<byte> token, ushort receiver, int bytesMax) =>
        throw new InvalidOperationException($"Region {receiver} asks for a snapshot although no log is ever truncated.");
}
