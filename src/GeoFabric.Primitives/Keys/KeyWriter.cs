using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using GeoFabric.Primitives.Hashing;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Primitives.Keys;

/// <summary>
/// Writes values so that comparing the bytes orders them as <see cref="ValueComparer"/> does: the form of index entries.
/// </summary>
/// <remarks>
/// A number is its double with the bits arranged to sort, then, because not every 64-bit integer is a double, what rounding took away. A string is
/// its collation sort key, a zero byte, and its own bytes, so that ties sort by code point and the string can be read back. Arrays lose trailing
/// nulls, objects attributes that are null, because equality does not see them. Names inside objects are written inverted: of two objects the one
/// that lacks the earlier name is the smaller, since a missing attribute counts as null. Layout: docs/storage-format.md.
/// Not thread-safe; dispose to give the buffer back.
/// </remarks>
public sealed class KeyWriter : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(512);
    private byte[] _sortKey = new byte[256];

    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, Length);

    public void Clear() => Length = 0;

    /// <summary>Cuts what was written back to an earlier <see cref="Length"/>.</summary>
    public void Truncate(int length) => Length = length;

    public void Dispose()
    {
        if (_buffer.Length > 0)
            ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    public void WriteByte(byte value) => Extend(1)[0] = value;

    public void WriteUInt32(uint value) => BinaryPrimitives.WriteUInt32BigEndian(Extend(4), value);

    public void WriteUInt64(ulong value) => BinaryPrimitives.WriteUInt64BigEndian(Extend(8), value);

    public void WriteRaw(ReadOnlySpan<byte> bytes) => bytes.CopyTo(Extend(bytes.Length));

    /// <summary>Writes one value.</summary>
    public void Write(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                WriteByte(KeyTag.Null);
                break;
            case ValueKind.Boolean:
                WriteByte(value.IsTruthy ? KeyTag.True : KeyTag.False);
                break;
            case ValueKind.Number:
                WriteNumber(value);
                break;
            case ValueKind.String:
                WriteByte(KeyTag.String);
                WriteString(value.Utf8);
                break;
            case ValueKind.Array:
                WriteArray(value.Items);
                break;
            default:
                WriteObject(value.Attributes);
                break;
        }
    }

    /// <summary>Writes a text that is only ever looked up whole: without a sort key, so these sort by code point. Read like any other string.</summary>
    public void WriteExact(ReadOnlySpan<byte> utf8)
    {
        WriteByte(KeyTag.String);
        WriteByte(0);
        WriteEscaped(utf8, 0);
        WriteByte(0);
        WriteByte(1);
    }

    /// <summary>
    /// Writes one value in at most <paramref name="bytesMax"/> bytes: a longer one is cut and ends in a 64-bit hash of its whole encoding. Cut values
    /// still sort right against values that differ before the cut; among those that agree up to it the order is the hash's, and equal bytes have to
    /// be confirmed on the document.
    /// </summary>
    /// <returns>Whether the value was cut.</returns>
    public bool WriteBounded(Value value, int bytesMax)
    {
        var start = Length;
        Write(value);
        if (Length - start <= bytesMax)
            return false;
        var hash = XxHash64.Hash(_buffer.AsSpan(start, Length - start));
        Length = start + bytesMax - 8;
        WriteUInt64(hash);
        return true;
    }

    private void WriteNumber(Value value)
    {
        WriteByte(KeyTag.Number);
        double rounded;
        var residue = 0;
        if (value.IsInteger)
        {
            rounded = value.Integer;
            // 2^63 itself does not fit a long; the largest integers round up to it.
            residue = rounded >= 9223372036854775808.0 ? (int)(value.Integer - long.MaxValue) - 1 : (int)(value.Integer - (long)rounded);
        }
        else
        {
            rounded = value.Number;
        }
        var bits = BitConverter.DoubleToUInt64Bits(rounded);
        WriteUInt64((bits & (1UL << 63)) != 0 ? ~bits : bits | (1UL << 63));
        BinaryPrimitives.WriteUInt16BigEndian(Extend(2), (ushort)(residue + 0x8000));
    }

    private void WriteString(ReadOnlySpan<byte> utf8)
    {
        var length = StringCollation.WriteSortKey(utf8, ref _sortKey);
        WriteRaw(_sortKey.AsSpan(0, length));
        WriteByte(0);
        WriteEscaped(utf8, 0);
        WriteByte(0);
        WriteByte(1);
    }

    /// <summary>Bytes in which a zero is followed by 0xFF, so that the end mark 00 01 sorts before any longer text.</summary>
    private void WriteEscaped(ReadOnlySpan<byte> bytes, byte invert)
    {
        foreach (var b in bytes)
        {
            WriteByte((byte)(b ^ invert));
            if (b == 0)
                WriteByte((byte)(0xFF ^ invert));
        }
    }

    private void WriteArray(ArrayView items)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        WriteByte(KeyTag.Array);
        var count = items.Count;
        while (count > 0 && items[count - 1].IsNull)
            count--;
        for (var i = 0; i < count; i++)
            Write(items[i]);
        WriteByte(KeyTag.End);
    }

    private void WriteObject(ObjectView attributes)
    {
        RuntimeHelpers.EnsureSufficientExecutionStack();
        WriteByte(KeyTag.Object);
        foreach (var (name, value) in attributes.Sorted())
        {
            if (value.IsNull)
                continue;
            // At the first name in which two objects differ, the one with the smaller name has an attribute where the other has null, so it is the
            // greater: names sort inverted. The byte 0x02 keeps an attribute above the end mark.
            WriteByte(0x02);
            WriteEscaped(name, 0xFF);
            WriteByte(0xFF);
            WriteByte(0xFE);
            Write(value);
        }
        WriteByte(KeyTag.End);
    }

    private Span<byte> Extend(int size)
    {
        var needed = Length + size;
        if (needed > _buffer.Length)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 2 * _buffer.Length));
            Written.CopyTo(larger);
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = larger;
        }
        var target = _buffer.AsSpan(Length, size);
        Length = needed;
        return target;
    }
}
