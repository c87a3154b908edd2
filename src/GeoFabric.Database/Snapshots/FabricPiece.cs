using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;

namespace GeoFabric.Database.Snapshots;

/// <summary>A stretch of a fabric's state as of one commit.</summary>
/// <param name="Token">Where the piece before ended; empty for the first.</param>
/// <param name="NextToken">Where the next one begins; empty when this is the last.</param>
/// <param name="Applied">What had been applied when it was read, the own log included; every incarnation of each region.</param>
/// <param name="Stable">Stamps up to here may be missing from it.</param>
/// <param name="Content">For <see cref="FabricReplica.StorePieceAsync"/> of another region.</param>
public sealed record FabricPiece(
    ReadOnlyMemory<byte> Token, ReadOnlyMemory<byte> NextToken, IReadOnlyList<AppliedPosition> Applied, HybridTimestamp Stable, ReadOnlyMemory<byte> Content);
