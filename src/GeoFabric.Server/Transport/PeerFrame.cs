using System.Buffers;
using System.Buffers.Binary;
using GeoFabric.Primitives.Hashing;

namespace GeoFabric.Server.Transport;

/// <summary>
/// The frames of a lane: length u32 of the payload | CRC-32C u32 over all that follows | fabric u32, its top bit set when the message goes on in the next
/// frame | payload. Little-endian. A message of any length is cut into frames that are small enough to be received into a buffer of fixed size.
/// </summary>
internal static class PeerFrame
{
    public const int HeaderSize = 12;

    public const int PayloadSizeMax = 64 << 10;

    /// <summary>Above the largest thing regions send each other.</summary>
    public const int MessageSizeMax = 32 << 20;

    private const uint GoesOn = 1u << 31;

    /// <summary>Appends the next frame of a message.</summary>
    /// <returns>What is left of the message; empty when that was its last frame.</returns>
    public static ReadOnlyMemory<byte> WriteNext(IBufferWriter<byte> target, uint fabric, ReadOnlyMemory<byte> message)
    {
        var payload = message[..Math.Min(message.Length, PayloadSizeMax)];
        var rest = message[payload.Length..];
        var frame = target.GetSpan(HeaderSize + payload.Length)[..(HeaderSize + payload.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(frame, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[8..], rest.IsEmpty ? fabric : fabric | GoesOn);
        payload.Span.CopyTo(frame[HeaderSize..]);
        BinaryPrimitives.WriteUInt32LittleEndian(frame[4..], Crc32C.Compute(frame[8..]));
        target.Advance(frame.Length);
        return rest;
    }

    /// <summary>Size of the frame that begins here, header included; 0 when there are too few bytes to tell.</summary>
    /// <exception cref="PeerFrameException">It is too long.</exception>
    public static int ReadSize(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length < HeaderSize)
            return 0;
        var length = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        return length <= PayloadSizeMax
            ? HeaderSize + (int)length
            : throw new PeerFrameException(PeerCloseReason.OversizeFrame, $"a frame of {length} bytes was announced, {PayloadSizeMax} is the most");
    }

    /// <summary>Reads a whole frame.</summary>
    /// <returns>Its fabric, and whether the message goes on.</returns>
    /// <exception cref="PeerFrameException">It is damaged.</exception>
    public static (uint Fabric, bool GoesOn) Read(ReadOnlySpan<byte> frame)
    {
        if (BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]) != Crc32C.Compute(frame[8..]))
            throw new PeerFrameException(PeerCloseReason.DamagedFrame, "a frame fails its checksum");
        var fabric = BinaryPrimitives.ReadUInt32LittleEndian(frame[8..]);
        return (fabric & ~GoesOn, (fabric & GoesOn) != 0);
    }
}

/// <summary>A lane cannot be read on.</summary>
internal sealed class PeerFrameException(PeerCloseReason reason, string message) : Exception(message)
{
    public PeerCloseReason Reason => reason;
}
