using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Membership;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Frames;

/// <summary>What peers say to each other.</summary>
internal abstract record Frame;

/// <summary>First on both lanes of a link, so that nothing overtakes it; the second one is ignored.</summary>
/// <param name="LastSequence">Of the sender's own log.</param>
/// <param name="Received">How far the sender holds the receiver's log without a gap, applied or not: the receiver goes on from there.</param>
/// <param name="WindowBytes">What the receiver may have on its way without its having been applied.</param>
internal sealed record HelloFrame(
    byte Version, ChangeOrigin Origin, ulong Epoch, bool IsLive, long WallMilliseconds, ulong LastSequence,
    OriginPosition Received, int WindowBytes, AppliedVector Applied) : Frame
{
    public const byte CurrentVersion = 2;
}

/// <summary>Records of one origin without a gap.</summary>
/// <param name="Incarnation">The sender's: what an earlier one had is lost, and who counts on that must not be given it after all.</param>
/// <param name="IsPulled">Answers a pull: it was asked for, so it takes no room in the window.</param>
/// <param name="Content">The records in the form of <see cref="BatchCodec"/>.</param>
internal sealed record BatchFrame(byte Incarnation, ChangeOrigin Origin, ulong FirstSequence, int Count, bool IsPulled, uint Checksum, int RawLength, bool IsCompressed, ReadOnlyMemory<byte> Content) : Frame;

/// <summary>What has been applied since the last frame that said so, and how many bytes of batches are done with since the link began.</summary>
/// <param name="Incarnation">The sender's: what an earlier one had applied may be lost.</param>
internal sealed record AcknowledgementFrame(byte Incarnation, long ConsumedBytes, AppliedVector Changes) : Frame;

/// <summary>Regular sign of life with what stability, staleness and clock guard need.</summary>
/// <param name="Incarnation">The sender's: an earlier one's promises and positions say nothing of this one's log.</param>
/// <param name="EchoMilliseconds">The wall clock of the receiver's last beat; 0 when none came.</param>
/// <param name="EchoAge">How many milliseconds ago that one came.</param>
/// <param name="LastSequence">Of the sender's own log when <paramref name="Watermark"/> and vector were taken.</param>
/// <param name="Watermark">No record of the sender behind <paramref name="LastSequence"/> has a timestamp at or before this.</param>
internal sealed record BeatFrame(
    byte Incarnation, ulong Epoch, bool IsLive, long WallMilliseconds, long EchoMilliseconds, long EchoAge, HybridTimestamp Stable,
    ulong LastSequence, HybridTimestamp Watermark, AppliedVector Changes) : Frame;

/// <summary>Send me records of an origin, whoever's it is.</summary>
internal sealed record PullFrame(ChangeOrigin Origin, ulong FromSequence, int BytesMax) : Frame;

/// <summary>A pull cannot be served.</summary>
/// <param name="IsDropped">The records have left the log. Otherwise they are not held, or not as a whole.</param>
internal sealed record UnavailableFrame(ChangeOrigin Origin, ulong FromSequence, bool IsDropped) : Frame;

internal sealed record SnapshotRequestFrame(ReadOnlyMemory<byte> Token) : Frame;

/// <param name="Remaining">Pieces that follow without another request.</param>
internal sealed record SnapshotPieceFrame(SnapshotPiece Piece, int Remaining) : Frame;

internal sealed record GoodbyeFrame(CloseReason Reason) : Frame;
