using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using GeoFabric.Database.Layout;
using GeoFabric.Primitives.Clocks;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Merging;

/// <summary>Writes paths and payloads of operations and metadata beside documents. Persisted: see docs/storage-format.md, "Merging".</summary>
internal sealed class MergeBytes
{
    private readonly ArrayBufferWriter<byte> _target = new();

    public ReadOnlySpan<byte> Written => _target.WrittenSpan;

    public byte[] ToArray() => _target.WrittenSpan.ToArray();

    public MergeBytes Byte(byte value)
    {
        _target.GetSpan(1)[0] = value;
        _target.Advance(1);
        return this;
    }

    public MergeBytes Number(ulong value)
    {
        VarInt.Write(_target, value);
        return this;
    }

    public MergeBytes Stamp(RevisionStamp stamp)
    {
        Number(stamp.Timestamp.Bits);
        return stamp.Timestamp.Bits == 0 ? this : Number(stamp.Origin);
    }

    public MergeBytes Text(string text)
    {
        var utf8 = Encoding.UTF8.GetBytes(text);
        Number((ulong)utf8.Length);
        _target.Write(utf8);
        return this;
    }

    public MergeBytes Bytes(ReadOnlySpan<byte> bytes)
    {
        Number((ulong)bytes.Length);
        _target.Write(bytes);
        return this;
    }

    public MergeBytes Value(Value value)
    {
        using var builder = new ValueBuilder();
        builder.Write(value);
        Number((ulong)builder.Written.Length);
        _target.Write(builder.Written);
        return this;
    }

    public MergeBytes Amount(Value amount)
    {
        if (amount.IsInteger)
            return Byte(0).Number((ulong)((amount.Integer << 1) ^ (amount.Integer >> 63)));
        Byte(1);
        BinaryPrimitives.WriteDoubleLittleEndian(_target.GetSpan(8), amount.Number);
        _target.Advance(8);
        return this;
    }

    public MergeBytes Shares(CounterShares shares)
    {
        Number((ulong)shares.Shares.Count);
        foreach (var (region, share) in shares.Shares)
            Stamp(new RevisionStamp(share.Last, region)).Amount(share.Amount);
        return this;
    }

    public MergeBytes Element(ElementId id) => Stamp(id.Stamp).Number(id.Index);

    public MergeBytes Place(ElementPlace place)
    {
        Byte((byte)((place.IsLeft ? 1 : 0) | (place.Parent is null ? 0 : 2)));
        return place.Parent is { } parent ? Element(parent) : this;
    }
}
