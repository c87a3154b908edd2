using System.Buffers.Binary;
using System.Numerics;

namespace GeoFabric.Primitives.Hashing;

/// <summary>CRC-32C (Castagnoli, polynomial 0x1EDC6F41, initial and final value all ones) with the processor's instruction where it has one.</summary>
public static class Crc32C
{
    /// <summary>Start value for <see cref="Append"/>.</summary>
    public const uint Initial = 0xFFFFFFFF;

    public static uint Compute(ReadOnlySpan<byte> data) => Finish(Append(Initial, data));

    /// <summary>Takes more bytes into a running checksum.</summary>
    public static uint Append(uint state, ReadOnlySpan<byte> data)
    {
        for (; data.Length >= 8; data = data[8..])
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (var b in data)
            state = BitOperations.Crc32C(state, b);
        return state;
    }

    public static uint Finish(uint state) => ~state;
}
