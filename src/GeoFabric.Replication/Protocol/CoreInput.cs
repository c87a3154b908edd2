using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Replication.Protocol;

/// <summary>What happens to a region.</summary>
public abstract record CoreInput;

/// <summary>Own transactions are durable through this record. One that comes after a later one changes nothing.</summary>
/// <param name="Bytes">Size of the records that no other of these inputs has counted.</param>
public sealed record LocalCommitted(ulong LastSequence, HybridTimestamp Timestamp, int Bytes) : CoreInput;

/// <summary>Answers <see cref="RequestWatermark"/>: no record behind this one will have a timestamp at or before <paramref name="Timestamp"/>, not even after a crash.</summary>
public sealed record WatermarkTaken(ulong LastSequence, HybridTimestamp Timestamp) : CoreInput;

/// <summary>Records handed over by <see cref="ApplyRecords"/> are durable up to here.</summary>
/// <param name="Vector">The whole persisted vector, or the part of it that moved.</param>
public sealed record RecordsApplied(AppliedVector Vector) : CoreInput;

/// <summary>A whole frame as the peer sent it.</summary>
public sealed record FrameReceived(ushort Peer, ReadOnlyMemory<byte> Frame) : CoreInput;

/// <summary>A link to an authenticated peer is up. Replaces an earlier one to the same peer.</summary>
public sealed record PeerConnected(ushort Peer) : CoreInput;

public sealed record PeerDisconnected(ushort Peer) : CoreInput;

/// <summary>Time has passed. Due at the core's next wake time; harmless at any other time.</summary>
public sealed record TimePassed : CoreInput
{
    public static TimePassed Instance { get; } = new();
}

/// <summary>A newer configuration has been persisted; older ones are ignored.</summary>
public sealed record ConfigurationChanged(ClusterConfiguration Configuration) : CoreInput;

/// <summary>A piece handed over by <see cref="StoreSnapshotPiece"/> is durable, together with the token of the next.</summary>
public sealed record SnapshotPieceStored(ReadOnlyMemory<byte> NextToken) : CoreInput;

/// <summary>The last piece is stored and the region's state is the snapshot's.</summary>
/// <param name="Applied">For each region the least of what the pieces had applied: the logs go on from there.</param>
/// <param name="Target">For each region the most of it, joined with what this region had applied before.</param>
/// <param name="LastSequence">Of the own log as the snapshot took the state's place: what was committed up to there and is not in <paramref name="Applied"/> has to come again.</param>
public sealed record SnapshotInstalled(AppliedVector Applied, AppliedVector Target, ulong LastSequence) : CoreInput;
