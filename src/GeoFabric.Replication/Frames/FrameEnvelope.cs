using System.Buffers.Binary;
using GeoFabric.Primitives.Hashing;
using GeoFabric.Replication.Protocol;

namespace GeoFabric.Replication.Frames;

/// <summary>What is around every frame: length u32 (of the whole frame) | CRC-32C u32 over all that follows | kind u8 | body. Little-endian.</summary>
public static class FrameEnvelope
{
    /// <summary>Bytes before the body.</summary>
    public const int HeaderSize = 9;

    /// <summary>Room for the largest record with all that is around it.</summary>
    public const int SizeMax = 24 << 20;

    /// <summary>Reads the length of the frame that begins here, for a transport that reads frames from a stream.</summary>
    /// <returns><see langword="false"/> when there are too few bytes to tell.</returns>
    /// <exception cref="InvalidDataException">The length is out of bounds: nothing more can be read from this stream.</exception>
    public static bool TryReadLength(ReadOnlySpan<byte> bytes, out int length)
    {
        length = 0;
        if (bytes.Length < 4)
            return false;
        var claimed = BinaryPrimitives.ReadUInt32LittleEndian(bytes);
        if (claimed is < HeaderSize or > SizeMax)
            throw new InvalidDataException($"a frame cannot have {claimed} bytes");
        length = (int)claimed;
        return true;
    }

    internal static byte[] Wrap(FrameKind kind, ReadOnlySpan<byte> body)
    {
        var frame = new byte[HeaderSize + body.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length);
        frame[8] = (byte)kind;
        body.CopyTo(frame.AsSpan(HeaderSize));
        BinaryPrimitives.WriteUInt32LittleEndian(frame.AsSpan(4), Crc32C.Compute(frame.AsSpan(8)));
        return frame;
    }

    /// <summary>Whether length and checksum of a frame are right.</summary>
    internal static bool IsSound(ReadOnlySpan<byte> frame, ProtocolRules rules) =>
        frame.Length is >= HeaderSize and <= SizeMax
        && BinaryPrimitives.ReadUInt32LittleEndian(frame) == frame.Length
        && rules.IsIntact(BinaryPrimitives.ReadUInt32LittleEndian(frame[4..]), Crc32C.Compute(frame[8..]));
}
