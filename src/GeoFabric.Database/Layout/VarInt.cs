using System.Buffers;

namespace GeoFabric.Database.Layout;

/// <summary>Unsigned integers of seven bits a byte, least significant first; the top bit says that more follow.</summary>
internal static class VarInt
{
    public const int SizeMax = 10;

    public static int SizeOf(ulong value)
    {
        var size = 1;
        for (; value >= 0x80; value >>= 7)
            size++;
        return size;
    }

    /// <returns>The number of bytes written.</returns>
    public static int Write(Span<byte> destination, ulong value)
    {
        var size = 0;
        for (; value >= 0x80; value >>= 7)
            destination[size++] = (byte)(value | 0x80);
        destination[size++] = (byte)value;
        return size;
    }

    public static void Write(IBufferWriter<byte> destination, ulong value) => destination.Advance(Write(destination.GetSpan(SizeMax), value));

    /// <summary>Reads a number and moves <paramref name="offset"/> behind it.</summary>
    /// <exception cref="InvalidDataException">The bytes end early, or the number does not fit.</exception>
    public static ulong Read(ReadOnlySpan<byte> source, ref int offset)
    {
        ulong value = 0;
        for (var shift = 0; shift < 64; shift += 7)
        {
            if (offset >= source.Length)
                throw new InvalidDataException("a number ends early");
            var next = source[offset++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
        throw new InvalidDataException("a number is too long");
    }
}
