using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Frames;

/// <summary>Frames to bytes and back. Numbers are variable-length unless said otherwise; layout in the order of the fields of each frame.</summary>
internal static class FrameCodec
{
    public static byte[] Encode(Frame frame)
    {
        var writer = new FrameWriter(128);
        var kind = Write(frame, writer);
        return FrameEnvelope.Wrap(kind, writer.Written);
    }

    /// <returns><see langword="null"/> for a kind that this version does not know.</returns>
    /// <exception cref="InvalidDataException">The body is not what its kind says.</exception>
    public static Frame? Decode(ReadOnlyMemory<byte> frame)
    {
        var reader = new FrameReader(frame[FrameEnvelope.HeaderSize..]);
        Frame? decoded = (FrameKind)frame.Span[8] switch
        {
            FrameKind.Hello => ReadHello(ref reader),
            FrameKind.Batch => ReadBatch(ref reader),
            FrameKind.Acknowledgement => new AcknowledgementFrame(reader.Byte(), (long)reader.Number(), reader.Vector()),
            FrameKind.Beat => new BeatFrame(
                reader.Byte(), reader.Number(), reader.Boolean(), reader.Signed(), reader.Signed(), reader.Signed(), reader.Timestamp(),
                reader.Number(), reader.Timestamp(), reader.Vector()),
            FrameKind.Pull => new PullFrame(reader.Origin(), reader.Number(), reader.Count(int.MaxValue)),
            FrameKind.Unavailable => new UnavailableFrame(reader.Origin(), reader.Number(), reader.Boolean()),
            FrameKind.SnapshotRequest => new SnapshotRequestFrame(reader.Bytes()),
            FrameKind.SnapshotPiece => new SnapshotPieceFrame(
                new SnapshotPiece(reader.Bytes(), reader.Bytes(), reader.Vector(), reader.Timestamp(), reader.Bytes()), reader.Count(int.MaxValue)),
            FrameKind.Goodbye => new GoodbyeFrame((CloseReason)reader.Byte()),
            _ => null,
        };
        if (decoded is not null)
            reader.End();
        return decoded;
    }

    private static FrameKind Write(Frame frame, FrameWriter writer)
    {
        switch (frame)
        {
            case HelloFrame hello:
                WriteHello(hello, writer);
                return FrameKind.Hello;
            case BatchFrame batch:
                WriteBatch(batch, writer);
                return FrameKind.Batch;
            case AcknowledgementFrame acknowledgement:
                writer.Byte(acknowledgement.Incarnation);
                writer.Number((ulong)acknowledgement.ConsumedBytes);
                writer.Vector(acknowledgement.Changes);
                return FrameKind.Acknowledgement;
            case BeatFrame beat:
                WriteBeat(beat, writer);
                return FrameKind.Beat;
            case PullFrame pull:
                writer.Origin(pull.Origin);
                writer.Number(pull.FromSequence);
                writer.Number((ulong)pull.BytesMax);
                return FrameKind.Pull;
            case UnavailableFrame unavailable:
                writer.Origin(unavailable.Origin);
                writer.Number(unavailable.FromSequence);
                writer.Boolean(unavailable.IsDropped);
                return FrameKind.Unavailable;
            case SnapshotRequestFrame request:
                writer.Bytes(request.Token.Span);
                return FrameKind.SnapshotRequest;
            case SnapshotPieceFrame snapshot:
                WriteSnapshotPiece(snapshot, writer);
                return FrameKind.SnapshotPiece;
            case GoodbyeFrame goodbye:
                writer.Byte((byte)goodbye.Reason);
                return FrameKind.Goodbye;
            default:
                throw new ArgumentOutOfRangeException(nameof(frame), frame.GetType().Name);
        }
    }

    private static void WriteHello(HelloFrame hello, FrameWriter writer)
    {
        writer.Byte(hello.Version);
        writer.Origin(hello.Origin);
        writer.Number(hello.Epoch);
        writer.Boolean(hello.IsLive);
        writer.Signed(hello.WallMilliseconds);
        writer.Number(hello.LastSequence);
        writer.Position(hello.Received);
        writer.Number((ulong)hello.WindowBytes);
        writer.Vector(hello.Applied);
    }

    private static HelloFrame ReadHello(ref FrameReader reader) => new(
        reader.Byte(), reader.Origin(), reader.Number(), reader.Boolean(), reader.Signed(), reader.Number(),
        reader.Position(), reader.Count(int.MaxValue), reader.Vector());

    private static void WriteBatch(BatchFrame batch, FrameWriter writer)
    {
        writer.Byte(batch.Incarnation);
        writer.Origin(batch.Origin);
        writer.Number(batch.FirstSequence);
        writer.Number((ulong)batch.Count);
        writer.Boolean(batch.IsPulled);
        writer.Fixed32(batch.Checksum);
        writer.Number((ulong)batch.RawLength);
        writer.Boolean(batch.IsCompressed);
        writer.Raw(batch.Content.Span);
    }

    private static BatchFrame ReadBatch(ref FrameReader reader) => new(
        reader.Byte(), reader.Origin(), reader.Number(), reader.Count(int.MaxValue), reader.Boolean(), reader.Fixed32(), reader.Count(FrameEnvelope.SizeMax), reader.Boolean(), reader.Rest());

    private static void WriteBeat(BeatFrame beat, FrameWriter writer)
    {
        writer.Byte(beat.Incarnation);
        writer.Number(beat.Epoch);
        writer.Boolean(beat.IsLive);
        writer.Signed(beat.WallMilliseconds);
        writer.Signed(beat.EchoMilliseconds);
        writer.Signed(beat.EchoAge);
        writer.Timestamp(beat.Stable);
        writer.Number(beat.LastSequence);
        writer.Timestamp(beat.Watermark);
        writer.Vector(beat.Changes);
    }

    private static void WriteSnapshotPiece(SnapshotPieceFrame frame, FrameWriter writer)
    {
        writer.Bytes(frame.Piece.Token.Span);
        writer.Bytes(frame.Piece.NextToken.Span);
        writer.Vector(frame.Piece.Applied);
        writer.Timestamp(frame.Piece.Stable);
        writer.Bytes(frame.Piece.Content.Span);
        writer.Number((ulong)frame.Remaining);
    }
}
