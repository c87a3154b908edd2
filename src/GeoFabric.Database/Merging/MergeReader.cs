using System.Buffers.Binary;
using System.Text;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Merging;

/// <summary>Reads what <see cref="MergeBytes"/> wrote: paths and payloads of operations, metadata beside documents.</summary>
/// <exception cref="InvalidDataException">All methods: the bytes end early or make no sense.</exception>
internal struct MergeReader(byte[] source, int start = 0)
{
    /// <summary>Levels of attributes and elements; as many as documents may have, and some for those that merged.</summary>
    public const int DepthMax = 256;

    private int _offset = start;

    public readonly bool IsAtEnd => _offset >= source.Length;

    public byte ReadByte() => _offset < source.Length ? source[_offset++] : throw new InvalidDataException("merge data ends early");

    public ulong ReadNumber() => VarInt.Read(source, ref _offset);

    /// <summary>A count of things that take at least a byte each.</summary>
    public int ReadCount()
    {
        var count = ReadNumber();
        return count <= (ulong)(source.Length - _offset) ? (int)count : throw new InvalidDataException("merge data holds an impossible count");
    }

    public RevisionStamp ReadStamp()
    {
        var timestamp = ReadNumber();
        if (timestamp == 0)
            return default;
        var origin = ReadNumber();
        return origin <= ushort.MaxValue
            ? new RevisionStamp(new HybridTimestamp(timestamp), (ushort)origin)
            : throw new InvalidDataException("merge data holds an impossible region");
    }

    public string ReadText()
    {
        var length = ReadCount();
        var text = Encoding.UTF8.GetString(source, _offset, length);
        _offset += length;
        return text;
    }

    /// <summary>Bytes; they point into the source.</summary>
    public ReadOnlySpan<byte> ReadBytes()
    {
        var length = ReadCount();
        _offset += length;
        return source.AsSpan(_offset - length, length);
    }

    /// <summary>A value; it points into the source.</summary>
    public Value ReadValue()
    {
        var length = ReadCount();
        if (length == 0)
            throw new InvalidDataException("merge data holds an empty value");
        var value = Value.Decode(source, _offset);
        _offset += length;
        return value;
    }

    public Value ReadAmount()
    {
        switch (ReadByte())
        {
            case 0:
                var zigzag = ReadNumber();
                return Value.FromInteger((long)(zigzag >> 1) ^ -(long)(zigzag & 1));
            case 1 when source.Length - _offset >= 8:
                _offset += 8;
                return Value.FromDouble(BinaryPrimitives.ReadDoubleLittleEndian(source.AsSpan(_offset - 8)));
            default:
                throw new InvalidDataException("merge data holds an impossible amount");
        }
    }

    public CounterShares ReadShares()
    {
        var shares = CounterShares.Empty.Shares.ToBuilder();
        for (var count = ReadCount(); count > 0; count--)
        {
            var stamp = ReadStamp();
            var amount = ReadAmount();
            if (!amount.IsNumber)
                throw new InvalidDataException("merge data holds an impossible amount");
            shares[stamp.Origin] = new CounterShare(amount, stamp.Timestamp);
        }
        return shares.Count == 0 ? CounterShares.Empty : new CounterShares(shares.ToImmutable());
    }

    public ElementId ReadElement()
    {
        var stamp = ReadStamp();
        return new ElementId(stamp, checked((uint)ReadNumber()));
    }

    public ElementPlace ReadPlace()
    {
        var kind = ReadByte();
        return new ElementPlace((kind & 2) != 0 ? ReadElement() : null, (kind & 1) != 0);
    }
}
