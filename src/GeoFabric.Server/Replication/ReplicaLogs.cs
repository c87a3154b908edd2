using GeoFabric.Database;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Errors;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Server.Replication;

/// <summary>The logs of a fabric's copy, for its replication core.</summary>
internal sealed class ReplicaLogs(FabricReplica replica) : IChangeSource, ISnapshotSource
{
    public ulong FirstSequence(ChangeOrigin origin) => replica.ReadFirstSequence(origin);

    public IReadOnlyList<ReadOnlyMemory<byte>> Read(ChangeOrigin origin, ulong fromSequence, int bytesMax) => replica.ReadLog(origin, fromSequence, bytesMax);

    /// <exception cref="InvalidDataException">The token makes no sense, or what it leads to is damaged here.</exception>
    public SnapshotPiece ReadPiece(ReadOnlyMemory<byte> token, ushort receiver, int bytesMax)
    {
        try
        {
            var piece = replica.ReadPiece(token, receiver, bytesMax);
            return new SnapshotPiece(piece.Token, piece.NextToken, ReplicationMapping.ToVector(piece.Applied), piece.Stable, piece.Content);
        }
        catch (GeoFabricException damaged)
        {
            throw new InvalidDataException($"the state here cannot be read: {damaged.Message}", damaged);
        }
    }
}
