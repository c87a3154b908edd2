using System.Buffers.Text;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Evaluation;

/// <summary>The silent casts of C8QL (specification, section 2). None of them warns or throws.</summary>
public static class Casts
{
    private static readonly Value TrueText = Value.FromUtf8("true"u8);
    private static readonly Value FalseText = Value.FromUtf8("false"u8);

    /// <summary>null, false and unreadable text become 0; one-element arrays their element's number; longer arrays and objects 0.</summary>
    public static Value ToNumber(Value value)
    {
        while (true)
        {
            switch (value.Kind)
            {
                case ValueKind.Number:
                    return value;
                case ValueKind.Boolean:
                    return Value.FromInteger(value.IsTruthy ? 1 : 0);
                case ValueKind.String:
                    return ParseNumber(value.Utf8);
                case ValueKind.Array:
                    var items = value.Items;
                    if (items.Count != 1)
                        return Value.FromInteger(0);
                    value = items[0];
                    break;
                default:
                    return Value.FromInteger(0);
            }
        }
    }

    public static double ToDouble(Value value) => ToNumber(value).Number;

    /// <summary>Truncated toward zero and clamped to 64 bits.</summary>
    public static long ToInteger(Value value)
    {
        var number = ToNumber(value);
        return number.IsInteger ? number.Integer : Truncate(number.Number);
    }

    /// <summary>null becomes "", containers compact JSON, numbers their shortest round-trip form as in JavaScript. A string comes back as it is.</summary>
    public static Value ToText(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.String:
                return value;
            case ValueKind.Null:
                return Value.EmptyString;
            case ValueKind.Boolean:
                return value.IsTruthy ? TrueText : FalseText;
            default:
                using (var json = new PooledBuffer(value.IsNumber ? 48 : 256))
                {
                    JsonValueWriter.Write(json, value);
                    return Value.FromUtf8(json.WrittenSpan);
                }
        }
    }

    /// <summary>null becomes [], a scalar [x], an object the array of its values.</summary>
    public static Value ToArray(Value value)
    {
        switch (value.Kind)
        {
            case ValueKind.Array:
                return value;
            case ValueKind.Null:
                return Value.EmptyArray;
            case ValueKind.Object:
                var attributes = value.Attributes;
                var values = new Value[attributes.Count];
                var count = 0;
                foreach (var (_, attribute) in attributes)
                    values[count++] = attribute;
                return Value.FromList(values, count);
            default:
                return Value.FromList([value], 1);
        }
    }

    private static long Truncate(double number) => number switch
    {
        >= 9223372036854775807.0 => long.MaxValue,
        <= -9223372036854775808.0 => long.MinValue,
        _ => (long)number,
    };

    /// <summary>The number that the trimmed text is as a whole, or 0. Numbers beyond the range of a double are 0 as well: a cast never yields null.</summary>
    private static Value ParseNumber(ReadOnlySpan<byte> text)
    {
        text = text.Trim(" \t\r\n\f\v"u8);
        if (!IsDecimalNumber(text, out var isInteger))
            return Value.FromInteger(0);
        if (text[0] == '+')
            text = text[1..];
        if (isInteger && Utf8Parser.TryParse(text, out long integer, out var consumed) && consumed == text.Length)
            return Value.FromInteger(integer);
        return double.TryParse(text, System.Globalization.NumberStyles.Float, System.Globalization.CultureInfo.InvariantCulture, out var number)
            && double.IsFinite(number)
            ? Value.FromDouble(number)
            : Value.FromInteger(0);
    }

    private static bool IsDecimalNumber(ReadOnlySpan<byte> text, out bool isInteger)
    {
        isInteger = true;
        var position = text.Length > 0 && text[0] is (byte)'+' or (byte)'-' ? 1 : 0;
        var digits = CountDigits(text, ref position);
        if (position < text.Length && text[position] == '.')
        {
            isInteger = false;
            position++;
            digits += CountDigits(text, ref position);
        }
        if (digits == 0)
            return false;
        if (position < text.Length && text[position] is (byte)'e' or (byte)'E')
        {
            isInteger = false;
            position++;
            if (position < text.Length && text[position] is (byte)'+' or (byte)'-')
                position++;
            if (CountDigits(text, ref position) == 0)
                return false;
        }
        return position == text.Length;
    }

    private static int CountDigits(ReadOnlySpan<byte> text, ref int position)
    {
        var start = position;
        while (position < text.Length && text[position] is >= (byte)'0' and <= (byte)'9')
            position++;
        return position - start;
    }
}
