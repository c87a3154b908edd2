using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;

namespace GeoFabric.Primitives.Hashing;

/// <summary>CRC-32C (Castagnoli, polynomial 0x1EDC6F41, initial and final value all ones) with the processor's instruction where it has one.</summary>
public static class Crc32C
{
    /// <summary>Start value for <see cref="Append"/>.</summary>
    public const uint Initial = 0xFFFFFFFF;

    public static uint Compute(ReadOnlySpan<byte> data) => Finish(Append(Initial, data));

    /// <summary>Most words of a lane between two joins.</summary>
    private const int LaneWordsMax = 64;

    /// <summary>At n the factor that moves a state over n words of zeros: x^(64n - 33) modulo the polynomial, in the order of the instruction's bits.</summary>
    private static readonly ulong[] s_overWords = OverWords();

    /// <summary>Takes more bytes into a running checksum.</summary>
    public static uint Append(uint state, ReadOnlySpan<byte> data)
    {
        if (data.Length >= 96 && Pclmulqdq.IsSupported)
            state = AppendLanes(state, ref data);
        for (; data.Length >= 8; data = data[8..])
            state = BitOperations.Crc32C(state, BinaryPrimitives.ReadUInt64LittleEndian(data));
        foreach (var b in data)
            state = BitOperations.Crc32C(state, b);
        return state;
    }

    /// <summary>
    /// Thirds side by side: the instruction takes three cycles, but a new one can begin in each. A checksum is linear, so that of the whole is the sum of
    /// the thirds', each moved over what follows it (Gopal and others, "Fast CRC computation for iSCSI polynomial using CRC32 instruction", 2011).
    /// </summary>
    private static uint AppendLanes(uint state, ref ReadOnlySpan<byte> data)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(data);
        data = data[(words.Length / 3 * 24)..];
        while (words.Length >= 3)
        {
            var lane = Math.Min(words.Length / 3, LaneWordsMax);
            ref var word = ref MemoryMarshal.GetReference(words);
            uint second = 0;
            uint third = 0;
            for (var i = 0; i < lane; i++)
            {
                state = BitOperations.Crc32C(state, Unsafe.Add(ref word, i));
                second = BitOperations.Crc32C(second, Unsafe.Add(ref word, lane + i));
                third = BitOperations.Crc32C(third, Unsafe.Add(ref word, (2 * lane) + i));
            }
            var moved = Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar((ulong)state), Vector128.CreateScalar(s_overWords[2 * lane]), 0)
                ^ Pclmulqdq.CarrylessMultiply(Vector128.CreateScalar((ulong)second), Vector128.CreateScalar(s_overWords[lane]), 0);
            state = BitOperations.Crc32C(0, moved.ToScalar()) ^ third;
            words = words[(3 * lane)..];
        }
        return state;
    }

    private static ulong[] OverWords()
    {
        var factors = new ulong[(2 * LaneWordsMax) + 1];
        var factor = 1U;
        for (var words = 1; words < factors.Length; words++)
        {
            factors[words] = factor;
            factor = BitOperations.Crc32C(factor, 0UL);
        }
        return factors;
    }

    public static uint Finish(uint state) => ~state;
}
