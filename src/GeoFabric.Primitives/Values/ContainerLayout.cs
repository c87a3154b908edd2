using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace GeoFabric.Primitives.Values;

/// <summary>Reads the fields of encoded containers, whose width the tag gives.</summary>
internal static class ContainerLayout
{
    /// <summary>Bytes per field: 1, 2 or 4.</summary>
    public static int Width(byte tag) => 1 << (tag & 3);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int Read(ref byte field, int width) => width switch
    {
        1 => field,
        2 => Unsafe.ReadUnaligned<ushort>(ref field),
        _ => Unsafe.ReadUnaligned<int>(ref field),
    };

    public static void Write(Span<byte> field, int value, int width)
    {
        switch (width)
        {
            case 1: field[0] = (byte)value; break;
            case 2: System.Buffers.Binary.BinaryPrimitives.WriteUInt16LittleEndian(field, (ushort)value); break;
            default: System.Buffers.Binary.BinaryPrimitives.WriteInt32LittleEndian(field, value); break;
        }
    }

    /// <summary>Encoded size of the value that starts at <paramref name="first"/>, tag included.</summary>
    public static int SizeOf(ref byte first) => first switch
    {
        >= ValueTag.ShortString => 1 + first - ValueTag.ShortString,
        ValueTag.Null or ValueTag.False or ValueTag.True => 1,
        ValueTag.Int8 => 2,
        ValueTag.Int16 => 3,
        ValueTag.Int32 => 5,
        ValueTag.Int64 or ValueTag.Double => 9,
        ValueTag.String8 => 2 + Unsafe.Add(ref first, 1),
        ValueTag.String32 => 5 + Unsafe.ReadUnaligned<int>(ref Unsafe.Add(ref first, 1)),
        _ => Read(ref Unsafe.Add(ref first, 1), Width(first)),
    };

    /// <summary>Where the items or entries of a container begin, counted from its tag.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int ContentOffset(ref byte first, out int count)
    {
        var width = Width(first);
        count = Read(ref Unsafe.Add(ref first, 1 + width), width);
        return 1 + (width * (2 + count));
    }

    /// <summary>The name of an entry of an object.</summary>
    /// <param name="valueOffset">Where its value begins, counted from the entry.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Name(ref byte entry, out int valueOffset)
    {
        int length = entry;
        var start = 1;
        if (length == 0xFF)
        {
            length = Read(ref Unsafe.Add(ref entry, 1), 4);
            start = 5;
        }
        valueOffset = start + length;
        return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref entry, start), length);
    }

    /// <summary>The bytes of an encoded string.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ReadOnlySpan<byte> Text(ref byte first)
    {
        var start = first switch
        {
            >= ValueTag.ShortString => 1,
            ValueTag.String8 => 2,
            _ => 5,
        };
        return MemoryMarshal.CreateReadOnlySpan(ref Unsafe.Add(ref first, start), SizeOf(ref first) - start);
    }
}
