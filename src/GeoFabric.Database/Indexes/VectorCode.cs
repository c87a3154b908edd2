using System.Buffers.Binary;
using System.Runtime.Intrinsics;

namespace GeoFabric.Database.Indexes;

/// <summary>
/// A vector in short, as vector indexes keep it: each number as one of 2^bits steps between the smallest and the greatest number of this vector, and how far all
/// of it is from the vector itself. So it needs nothing to be learned, and whoever reads it knows how wrong it can be.
/// </summary>
/// <remarks>Smallest number f32 | step f32 | distance f32 | numbers, bits each, from the lowest bit of the first byte on. Persisted: see docs/storage-format.md.</remarks>
internal static class VectorCode
{
    private const int StepOffset = 4;
    private const int DistanceOffset = 8;
    private const int NumbersOffset = 12;

    public static int SizeOf(int dimension, int bits) => NumbersOffset + (((dimension * bits) + 7) / 8);

    /// <returns>Nothing for a vector with numbers that no 32-bit float holds.</returns>
    public static byte[] Write(ReadOnlySpan<double> vector, int bits)
    {
        var (least, most) = (vector[0], vector[0]);
        foreach (var number in vector)
            (least, most) = (Math.Min(least, number), Math.Max(most, number));
        var steps = (1 << bits) - 1;
        // Of the two zeros always the same one: equal vectors have equal codes.
        var (start, step) = ((float)least + 0f, (float)((most - least) / steps));
        var code = new byte[SizeOf(vector.Length, bits)];
        var squares = 0.0;
        for (var i = 0; i < vector.Length; i++)
        {
            var number = step > 0 ? (int)Math.Clamp(Math.Round((vector[i] - start) / step), 0, steps) : 0;
            WriteNumber(code.AsSpan(NumbersOffset), i * bits, bits, number);
            var missed = vector[i] - (start + (step * number));
            squares += missed * missed;
        }
        // Up, so that it is never said to be nearer than it is.
        var distance = MathF.BitIncrement((float)Math.Sqrt(squares));
        if (!float.IsFinite(start) || !float.IsFinite(start + (step * steps)) || !float.IsFinite(distance))
            return [];
        BinaryPrimitives.WriteSingleLittleEndian(code, start);
        BinaryPrimitives.WriteSingleLittleEndian(code.AsSpan(StepOffset), step);
        BinaryPrimitives.WriteSingleLittleEndian(code.AsSpan(DistanceOffset), distance);
        return code;
    }

    /// <param name="numbers">Takes the vector that the code stands for.</param>
    /// <param name="greatest">None of its numbers is greater, nor smaller than minus this.</param>
    /// <returns>How far that is from the vector it was made of, at most.</returns>
    public static float Read(ReadOnlySpan<byte> code, int bits, Span<float> numbers, out float greatest)
    {
        var start = BinaryPrimitives.ReadSingleLittleEndian(code);
        var step = BinaryPrimitives.ReadSingleLittleEndian(code[StepOffset..]);
        var packed = code[NumbersOffset..];
        greatest = Math.Max(Math.Abs(start), Math.Abs(start + (step * ((1 << bits) - 1))));
        var i = 0;
        for (; bits == 8 && i <= numbers.Length - Vector128<byte>.Count; i += Vector128<byte>.Count)
            ReadBytes(Vector128.Create(packed.Slice(i, Vector128<byte>.Count)), start, step, numbers[i..]);
        for (; i < numbers.Length; i++)
            numbers[i] = start + (step * ReadNumber(packed, i * bits, bits));
        return BinaryPrimitives.ReadSingleLittleEndian(code[DistanceOffset..]);
    }

    /// <summary>Sixteen numbers of 8 bits at a time.</summary>
    private static void ReadBytes(Vector128<byte> bytes, float start, float step, Span<float> numbers)
    {
        var (low, high) = Vector128.Widen(bytes);
        var ((first, second), (third, fourth)) = (Vector128.Widen(low), Vector128.Widen(high));
        Put(first, numbers);
        Put(second, numbers[4..]);
        Put(third, numbers[8..]);
        Put(fourth, numbers[12..]);

        void Put(Vector128<uint> steps, Span<float> target) => (Vector128.Create(start) + (Vector128.Create(step) * Vector128.ConvertToSingle(steps.AsInt32()))).CopyTo(target);
    }

    private static void WriteNumber(Span<byte> packed, int at, int bits, int number)
    {
        for (var shifted = number << (at & 7); shifted != 0; shifted >>= 8, at += 8)
            packed[at >> 3] |= (byte)shifted;
    }

    private static int ReadNumber(ReadOnlySpan<byte> packed, int at, int bits)
    {
        // A number lies in at most two bytes, or in just two: 4, 6, 8 and 16 bits do not cross three.
        var first = at >> 3;
        var whole = packed[first] | (first + 1 < packed.Length ? packed[first + 1] << 8 : 0);
        return (whole >> (at & 7)) & ((1 << bits) - 1);
    }
}
