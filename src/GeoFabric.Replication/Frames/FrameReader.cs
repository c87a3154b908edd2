using System.Buffers.Binary;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Replication.Membership;

namespace GeoFabric.Replication.Frames;

/// <summary>Takes frames apart. Trusts no length: nothing is allocated that the bytes at hand cannot fill.</summary>
internal struct FrameReader(ReadOnlyMemory<byte> bytes)
{
    private int _offset;

    public readonly int Remaining => bytes.Length - _offset;

    public byte Byte() => Take(1).Span[0];

    public bool Boolean() => Byte() switch
    {
        0 => false,
        1 => true,
        var other => throw new InvalidDataException($"{other} is neither yes nor no"),
    };

    public uint Fixed32() => BinaryPrimitives.ReadUInt32LittleEndian(Take(4).Span);

    public ulong Number() => VarInt.Read(bytes.Span, ref _offset);

    public int Count(int max)
    {
        var number = Number();
        return number <= (ulong)max ? (int)number : throw new InvalidDataException($"{number} is more than {max}");
    }

    public long Signed()
    {
        var number = Number();
        return (long)(number >> 1) ^ -(long)(number & 1);
    }

    public HybridTimestamp Timestamp() => new(Number());

    public ChangeOrigin Origin()
    {
        var region = Count(ushort.MaxValue);
        return new ChangeOrigin((ushort)region, Byte());
    }

    public OriginPosition Position()
    {
        var origin = Origin();
        var sequence = Number();
        return new OriginPosition(origin.Region, origin.Incarnation, sequence, Timestamp());
    }

    /// <exception cref="InvalidDataException">It ends early, or its regions are not in their order.</exception>
    public AppliedVector Vector()
    {
        const int positionSizeMin = 4;
        var positions = new OriginPosition[Count(Remaining / positionSizeMin)];
        ulong timestamp = 0;
        for (var i = 0; i < positions.Length; i++)
        {
            var origin = Origin();
            var sequence = Number();
            timestamp += (ulong)Signed();
            positions[i] = new OriginPosition(origin.Region, origin.Incarnation, sequence, new HybridTimestamp(timestamp));
            if (i > 0 && positions[i].Region <= positions[i - 1].Region)
                throw new InvalidDataException("the regions of a vector are not in order");
        }
        return AppliedVector.Of(positions);
    }

    public ReadOnlyMemory<byte> Bytes() => Take(Count(Remaining));

    public ReadOnlyMemory<byte> Rest() => Take(Remaining);

    public readonly void End()
    {
        if (Remaining != 0)
            throw new InvalidDataException("bytes follow the end");
    }

    private ReadOnlyMemory<byte> Take(int length)
    {
        if (length > Remaining)
            throw new InvalidDataException("it ends early");
        var taken = bytes.Slice(_offset, length);
        _offset += length;
        return taken;
    }
}
