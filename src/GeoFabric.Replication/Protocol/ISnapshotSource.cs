using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Replication.Protocol;

/// <summary>The state of a region in pieces, for a region that is new or too late for the log.</summary>
public interface ISnapshotSource
{
    /// <summary>Reads the piece that begins at <paramref name="token"/>, in a short read of its own.</summary>
    /// <param name="token">Where the piece before ended; empty for the first.</param>
    /// <param name="receiver">Only collections whose scope includes this region are read.</param>
    SnapshotPiece ReadPiece(ReadOnlyMemory<byte> token, ushort receiver, int bytesMax);
}

/// <summary>A range of keys as it was at a vector.</summary>
/// <param name="NextToken">Where the next piece begins; empty when this is the last.</param>
/// <param name="Applied">What the donor had applied when it read the piece: older operations on its keys are skipped by the receiver.</param>
/// <param name="Stable">Stamps up to here may be missing from the piece.</param>
/// <param name="Content">What the storage wrote, read by the receiver's storage alone.</param>
public sealed record SnapshotPiece(ReadOnlyMemory<byte> Token, ReadOnlyMemory<byte> NextToken, AppliedVector Applied, HybridTimestamp Stable, ReadOnlyMemory<byte> Content)
{
    public bool IsLast => NextToken.IsEmpty;
}
