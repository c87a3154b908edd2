using System.Numerics;
using GeoFabric.Primitives.Values;
using static GeoFabric.Query.Builtins.FunctionPurity;

namespace GeoFabric.Query.Builtins;

/// <summary>Bit operations on integers of 0 to 2^32 - 1. Anything else is warning 1542.</summary>
public static class BitFunctions
{
    private const int BitsMax = 32;

    private delegate uint Combination(uint left, uint right);

    public static readonly FunctionDefinition[] Table =
    [
        new("BIT_AND", 1, 2, Pure, "Bits that are set in all numbers: of an array, or two of them.", "BIT_AND(12, 10)", "8", BitAnd),
        new("BIT_OR", 1, 2, Pure, "Bits that are set in any number: of an array, or two of them.", "BIT_OR([1, 4, null])", "5", BitOr),
        new("BIT_XOR", 1, 2, Pure, "Bits that are set in an odd count of numbers: of an array, or two of them.", "BIT_XOR(12, 10)", "6", BitXor),
        new("BIT_NEGATE", 2, 2, Pure, "Turns every one of the lowest bits over.", "BIT_NEGATE(5, 4)", "10", BitNegate),
        new("BIT_SHIFT_LEFT", 3, 3, Pure, "Moves the bits up and keeps the lowest ones.", "BIT_SHIFT_LEFT(9, 2, 4)", "4", BitShiftLeft),
        new("BIT_SHIFT_RIGHT", 3, 3, Pure, "Moves the bits down and keeps the lowest ones.", "BIT_SHIFT_RIGHT(12, 2, 8)", "3", BitShiftRight),
        new("BIT_TEST", 2, 2, Pure, "Tells whether the bit at a position, counted from 0, is set.", "BIT_TEST(4, 2)", "true", BitTest),
        new("BIT_POPCOUNT", 1, 1, Pure, "Number of set bits.", "BIT_POPCOUNT(255)", "8", BitPopCount),
        new("BIT_CONSTRUCT", 1, 1, Pure, "The number whose set bits have the positions of an array.", "BIT_CONSTRUCT([0, 2, 3])", "13", BitConstruct),
        new("BIT_DECONSTRUCT", 1, 1, Pure, "Positions of the set bits, ascending.", "BIT_DECONSTRUCT(13)", "[0,2,3]", BitDeconstruct),
        new("BIT_TO_STRING", 2, 2, Pure, "The lowest bits as text of 0 and 1.", "BIT_TO_STRING(5, 4)", "\"0101\"", BitToText),
        new("BIT_FROM_STRING", 1, 1, Pure, "The number that a text of 0 and 1 writes.", "BIT_FROM_STRING(\"0101\")", "5", BitFromText),
    ];

    private static Value BitAnd(in FunctionCall call) => Combine(call, static (left, right) => left & right);

    private static Value BitOr(in FunctionCall call) => Combine(call, static (left, right) => left | right);

    private static Value BitXor(in FunctionCall call) => Combine(call, static (left, right) => left ^ right);

    private static Value Combine(in FunctionCall call, Combination combine)
    {
        if (call.Count == 2)
            return TryReadBits(call[0], out var first) && TryReadBits(call[1], out var second) ? Value.FromInteger(combine(first, second)) : call.WrongType();
        if (!call[0].IsArray)
            return call.WrongType();
        uint? result = null;
        foreach (var item in call[0].Items)
        {
            if (item.IsNull)
                continue;
            if (!TryReadBits(item, out var bits))
                return call.WrongType();
            result = result is { } earlier ? combine(earlier, bits) : bits;
        }
        return result is { } number ? Value.FromInteger(number) : default;
    }

    private static Value BitNegate(in FunctionCall call) =>
        TryReadBits(call[0], out var bits) && TryReadCount(call[1], BitsMax, out var width) ? Value.FromInteger(~bits & Mask(width)) : call.WrongType();

    private static Value BitShiftLeft(in FunctionCall call) =>
        TryReadBits(call[0], out var bits) && TryReadCount(call[1], BitsMax, out var shift) && TryReadCount(call[2], BitsMax, out var width)
            ? Value.FromInteger((long)((ulong)bits << shift) & Mask(width))
            : call.WrongType();

    private static Value BitShiftRight(in FunctionCall call) =>
        TryReadBits(call[0], out var bits) && TryReadCount(call[1], BitsMax, out var shift) && TryReadCount(call[2], BitsMax, out var width)
            ? Value.FromInteger((long)((ulong)bits >> shift) & Mask(width))
            : call.WrongType();

    private static Value BitTest(in FunctionCall call) =>
        TryReadBits(call[0], out var bits) && TryReadCount(call[1], BitsMax - 1, out var position)
            ? Value.FromBoolean((bits >> position & 1) != 0)
            : call.WrongType();

    private static Value BitPopCount(in FunctionCall call) =>
        TryReadBits(call[0], out var bits) ? Value.FromInteger(BitOperations.PopCount(bits)) : call.WrongType();

    private static Value BitConstruct(in FunctionCall call)
    {
        if (!call[0].IsArray)
            return call.WrongType();
        var bits = 0u;
        foreach (var item in call[0].Items)
        {
            if (!TryReadCount(item, BitsMax - 1, out var position))
                return call.WrongType();
            bits |= 1u << position;
        }
        return Value.FromInteger(bits);
    }

    private static Value BitDeconstruct(in FunctionCall call)
    {
        if (!TryReadBits(call[0], out var bits))
            return call.WrongType();
        var positions = new ValueListWriter(call.Context, BitOperations.PopCount(bits));
        for (; bits != 0; bits &= bits - 1)
            positions.Add(Value.FromInteger(BitOperations.TrailingZeroCount(bits)));
        return positions.ToValue();
    }

    private static Value BitToText(in FunctionCall call)
    {
        if (!TryReadBits(call[0], out var bits) || !TryReadCount(call[1], BitsMax, out var width))
            return call.WrongType();
        Span<byte> text = stackalloc byte[width];
        for (var i = 0; i < width; i++)
            text[width - 1 - i] = (byte)('0' + (bits >> i & 1));
        return Value.FromUtf8(text);
    }

    private static Value BitFromText(in FunctionCall call)
    {
        if (!call[0].IsString || call[0].Utf8.Length > BitsMax)
            return call.WrongType();
        var bits = 0u;
        foreach (var digit in call[0].Utf8)
        {
            if (digit is not ((byte)'0' or (byte)'1'))
                return call.WrongType();
            bits = bits << 1 | (uint)(digit - '0');
        }
        return Value.FromInteger(bits);
    }

    private static long Mask(int width) => (1L << width) - 1;

    private static bool TryReadBits(Value value, out uint bits)
    {
        bits = 0;
        if (!value.IsNumber || !(value.Number is >= 0 and <= uint.MaxValue) || value.Number != Math.Floor(value.Number))
            return false;
        bits = (uint)value.Number;
        return true;
    }

    private static bool TryReadCount(Value value, int max, out int count)
    {
        var isRead = TryReadBits(value, out var bits) && bits <= max;
        count = isRead ? (int)bits : 0;
        return isRead;
    }
}
