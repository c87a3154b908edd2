using System.Buffers.Binary;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Primitives.Keys;

/// <summary>
/// Points of several dimensions as one key: the bits of their coordinates in turn, the first dimension's highest bit first. What is close together in
/// all dimensions is close together in the order of the keys, and a walk through a box can jump over what lies outside.
/// </summary>
/// <remarks>
/// A coordinate is 64 bits that never order two values the wrong way round, though different values may share one: 0 is null, 1 and 2 are the
/// booleans, then come the numbers as doubles with their bits arranged to sort, and all ones for texts, arrays and objects. Persisted: see
/// docs/storage-format.md.
/// </remarks>
public static class ZOrder
{
    public const int BytesPerDimension = 8;

    public const int DimensionsMax = 16;

    /// <summary>The coordinate of texts, arrays and objects.</summary>
    public const ulong Highest = ulong.MaxValue;

    private const int Bits = 64;
    private const ulong SignBit = 1UL << 63;

    /// <summary>From here on doubles are more than one apart, so integers share them.</summary>
    private const double ExactMax = 9007199254740992;

    public static ulong Coordinate(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Null:
                return 0;
            case ValueKind.Boolean:
                return value.IsTruthy ? 2UL : 1UL;
            case ValueKind.Number:
                // Zero has two signs, and is one number.
                var bits = BitConverter.DoubleToUInt64Bits(value.Number == 0 ? 0 : value.Number);
                return (bits & SignBit) != 0 ? ~bits : bits | SignBit;
            default:
                return Highest;
        }
    }

    /// <summary>Whether a value's coordinate is that of no other one.</summary>
    public static bool IsExact(Value value) => value.Kind switch
    {
        ValueKind.Null or ValueKind.Boolean => true,
        ValueKind.Number => Math.Abs(value.Number) < ExactMax,
        _ => false,
    };

    /// <param name="key">Takes <see cref="BytesPerDimension"/> bytes for each coordinate.</param>
    public static void Write(ReadOnlySpan<ulong> coordinates, Span<byte> key)
    {
        ulong word = 0;
        var filled = 0;
        var at = 0;
        for (var bit = Bits - 1; bit >= 0; bit--)
        {
            foreach (var coordinate in coordinates)
            {
                word = (word << 1) | ((coordinate >> bit) & 1);
                if (++filled % Bits != 0)
                    continue;
                BinaryPrimitives.WriteUInt64BigEndian(key[at..], word);
                at += sizeof(ulong);
            }
        }
    }

    public static void Read(ReadOnlySpan<byte> key, Span<ulong> coordinates)
    {
        ulong word = 0;
        var left = 0;
        var at = 0;
        for (var bit = 0; bit < Bits; bit++)
        {
            for (var dimension = 0; dimension < coordinates.Length; dimension++)
            {
                if (left == 0)
                {
                    word = BinaryPrimitives.ReadUInt64BigEndian(key[at..]);
                    at += sizeof(ulong);
                    left = Bits;
                }
                left--;
                coordinates[dimension] = (coordinates[dimension] << 1) | ((word >> left) & 1);
            }
        }
    }

    /// <summary>Finds the first point of a box that comes after a point outside of it.</summary>
    /// <param name="point">Outside of the box.</param>
    /// <param name="lower">The least coordinates of the box.</param>
    /// <param name="upper">The greatest ones, none less than in <paramref name="lower"/>.</param>
    /// <param name="next">Set to the coordinates of what was found.</param>
    /// <returns><see langword="false"/> when no point of the box comes after it.</returns>
    /// <remarks>The search of H. Tropf and H. Herzog: where the box is cut in two by a bit, what is needed lies in the half of the point, or begins the other one.</remarks>
    public static bool TryFindNext(ReadOnlySpan<ulong> point, ReadOnlySpan<ulong> lower, ReadOnlySpan<ulong> upper, Span<ulong> next)
    {
        Span<ulong> least = stackalloc ulong[point.Length];
        Span<ulong> greatest = stackalloc ulong[point.Length];
        lower.CopyTo(least);
        upper.CopyTo(greatest);
        var isFound = false;
        for (var bit = Bits - 1; bit >= 0; bit--)
        {
            var one = 1UL << bit;
            for (var dimension = 0; dimension < point.Length; dimension++)
            {
                var isSet = (point[dimension] & one) != 0;
                var isLeastSet = (least[dimension] & one) != 0;
                var isGreatestSet = (greatest[dimension] & one) != 0;
                if (!isSet && isLeastSet)
                {
                    // All that is left of the box comes after the point.
                    least.CopyTo(next);
                    return true;
                }
                if (isSet && !isGreatestSet)
                    return isFound;
                if (isLeastSet == isGreatestSet)
                    continue;
                var upperHalf = (least[dimension] & ~(one | (one - 1))) | one;
                if (isSet)
                {
                    least[dimension] = upperHalf;
                    continue;
                }
                least.CopyTo(next);
                next[dimension] = upperHalf;
                isFound = true;
                greatest[dimension] = (greatest[dimension] & ~(one | (one - 1))) | (one - 1);
            }
        }
        return isFound;
    }
}
