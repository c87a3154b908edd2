using System.Buffers;
using System.Buffers.Binary;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Replication.Frames;

/// <summary>Appends the parts that frames are made of.</summary>
internal sealed class FrameWriter(int capacity)
{
    private readonly ArrayBufferWriter<byte> _buffer = new(capacity);

    public int Length => _buffer.WrittenCount;

    public ReadOnlySpan<byte> Written => _buffer.WrittenSpan;

    public void Clear() => _buffer.ResetWrittenCount();

    public void Byte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    public void Boolean(bool value) => Byte(value ? (byte)1 : (byte)0);

    public void Fixed32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    public void Number(ulong value) => VarInt.Write(_buffer, value);

    /// <summary>A number that may be negative; small ones of either sign are short.</summary>
    public void Signed(long value) => Number((ulong)((value << 1) ^ (value >> 63)));

    public void Timestamp(HybridTimestamp value) => Number(value.Bits);

    public void Origin(ChangeOrigin origin)
    {
        Number(origin.Region);
        Byte(origin.Incarnation);
    }

    public void Position(OriginPosition position)
    {
        Origin(position.Origin);
        Number(position.Sequence);
        Timestamp(position.Timestamp);
    }

    /// <summary>Positions in the order of their regions; a timestamp as its distance from that before, for they lie close together.</summary>
    public void Vector(AppliedVector vector)
    {
        Number((ulong)vector.Count);
        ulong previous = 0;
        foreach (var position in vector)
        {
            Origin(position.Origin);
            Number(position.Sequence);
            Signed((long)(position.Timestamp.Bits - previous));
            previous = position.Timestamp.Bits;
        }
    }

    public void Raw(ReadOnlySpan<byte> bytes) => _buffer.Write(bytes);

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Number((ulong)bytes.Length);
        Raw(bytes);
    }
}
