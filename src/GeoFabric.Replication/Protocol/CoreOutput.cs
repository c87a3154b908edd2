using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Replication.Protocol;

/// <summary>What a region is to do, in the order given.</summary>
public abstract record CoreOutput;

public sealed record SendFrame(ushort Peer, ReadOnlyMemory<byte> Frame, FrameLane Lane) : CoreOutput;

/// <summary>
/// Apply these records in this order, behind those handed over before. Parts of one transaction are never torn apart by two of these outputs.
/// Answered by <see cref="RecordsApplied"/>.
/// </summary>
public sealed record ApplyRecords(IReadOnlyList<ReadOnlyMemory<byte>> Records) : CoreOutput;

/// <summary>Everything up to here has been applied everywhere, and all that is still to come has observed it. Never goes back.</summary>
public sealed record StableAdvanced(HybridTimestamp Stable) : CoreOutput;

/// <summary>Promise a timestamp below which nothing more will be written. Answered by <see cref="WatermarkTaken"/>.</summary>
public sealed record RequestWatermark : CoreOutput
{
    public static RequestWatermark Instance { get; } = new();
}

/// <summary>Close the link, after what was sent on it. The host may connect again.</summary>
public sealed record CloseLink(ushort Peer, CloseReason Reason) : CoreOutput;

public sealed record AlarmRaised(AlarmKind Kind, string Detail) : CoreOutput;

/// <summary>A peer knows a newer configuration: fetch it from there and hand it in.</summary>
public sealed record ConfigurationWanted(ushort Peer, ulong Epoch) : CoreOutput;

/// <summary>Records may leave the logs, own and others', through these positions.</summary>
/// <param name="ByAll">Every member has applied them.</param>
/// <param name="ByMajority">More than half have. Dropping them makes the others take a snapshot; for when the log is larger than its limit.</param>
public sealed record LogDroppable(AppliedVector ByAll, AppliedVector ByMajority) : CoreOutput;

/// <summary>What the region may do has changed. The host persists that it was <see cref="RegionStanding.Live"/> before it takes the first write.</summary>
/// <param name="ClockFloor">The clock has to be past this before anything is written: others may have forgotten stamps up to here.</param>
public sealed record StandingChanged(RegionStanding Standing, HybridTimestamp ClockFloor) : CoreOutput;

/// <summary>
/// A snapshot begins, or begins anew: pieces kept so far are worth nothing. It will replace the state but for some scopes. Own log and applied
/// vector are kept until it is installed; the region counts as not established.
/// </summary>
/// <param name="KeptScopes">Collections of these scopes stay as they are, at the vector applied now, because the donor does not hold them.</param>
/// <param name="KeptRegions">Regions that write to those collections: their logs go on from what is applied now, if that is less than what the pieces had applied.</param>
/// <param name="LostOrigins">
/// Logs of those regions that have ended, and of which nobody has more of what is kept: they go on from what the pieces had applied, as no record of them comes any more.
/// </param>
public sealed record SnapshotBegun(IReadOnlyList<ulong> KeptScopes, IReadOnlyList<ushort> KeptRegions, IReadOnlyList<ChangeOrigin> LostOrigins) : CoreOutput;

/// <summary>Keep this piece. Answered by <see cref="SnapshotPieceStored"/>, for the last one by <see cref="SnapshotInstalled"/>.</summary>
public sealed record StoreSnapshotPiece(SnapshotPiece Piece) : CoreOutput;
