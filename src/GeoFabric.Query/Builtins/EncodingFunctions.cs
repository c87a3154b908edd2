using System.Buffers.Text;
using System.Text;
using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Functions that turn values into other notations and back.</summary>
public static class EncodingFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("ENCODE_URI_COMPONENT", 1, 1, FunctionPurity.Pure, "The text with everything percent-encoded that is special in a part of a URI.", "ENCODE_URI_COMPONENT(\"a b/ü\")", "\"a%20b%2F%C3%BC\"", EncodeUriComponent),
        new("IPV4_FROM_NUMBER", 1, 1, FunctionPurity.Pure, "The dotted form of an IPv4 address given as a number.", "IPV4_FROM_NUMBER(167772161)", "\"10.0.0.1\"", Ipv4FromNumber),
        new("IPV4_TO_NUMBER", 1, 1, FunctionPurity.Pure, "The number of an IPv4 address given in dotted form.", "IPV4_TO_NUMBER(\"10.0.0.1\")", "167772161", Ipv4ToNumber),
        new("JSON_PARSE", 1, 1, FunctionPurity.Pure, "The value that a JSON text describes.", "JSON_PARSE(\"[1, {\\\"a\\\": null}]\")", "[1,{\"a\":null}]", JsonParse),
        new("JSON_STRINGIFY", 1, 1, FunctionPurity.Pure, "The value as compact JSON text.", "JSON_STRINGIFY({a: [1, null]})", "\"{\\\"a\\\":[1,null]}\"", JsonStringify),
        new("TO_BASE64", 1, 1, FunctionPurity.Pure, "The bytes of the text in Base64.", "TO_BASE64(\"ABC.\")", "\"QUJDLg==\"", ToBase64),
        new("TO_HEX", 1, 1, FunctionPurity.Pure, "The bytes of the text in hexadecimal.", "TO_HEX(\"ABC.\")", "\"4142432e\"", ToHex),
        new("TO_CHAR", 1, 1, FunctionPurity.Pure, "The character with the given Unicode number.", "TO_CHAR(129418)", "\"🦊\"", ToChar),
    ];

    private static Value EncodeUriComponent(in FunctionCall call)
    {
        var utf8 = Casts.ToText(call[0]).Utf8;
        var result = new TextBuffer(call.Context, utf8.Length);
        foreach (var character in utf8)
        {
            if (char.IsAsciiLetterOrDigit((char)character) || "-_.!~*'()"u8.Contains(character))
            {
                result.Append(character);
                continue;
            }
            result.Append((byte)'%');
            result.Append("0123456789ABCDEF"u8[character >> 4]);
            result.Append("0123456789ABCDEF"u8[character & 15]);
        }
        return result.ToValue();
    }

    private static Value Ipv4FromNumber(in FunctionCall call)
    {
        if (!call[0].IsNumber)
            return call.WrongType();
        var number = call[0].Number;
        if (number is < 0 or > uint.MaxValue)
            return call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, $"{call[0]} is no IPv4 address, it must be between 0 and {uint.MaxValue}");
        var address = (uint)number;
        return Value.FromString(string.Create(
            System.Globalization.CultureInfo.InvariantCulture,
            $"{address >> 24}.{(address >> 16) & 0xFF}.{(address >> 8) & 0xFF}.{address & 0xFF}"));
    }

    private static Value Ipv4ToNumber(in FunctionCall call)
    {
        if (!call[0].IsString)
            return call.WrongType();
        return TryParseIpv4(call[0].Utf8, out var address)
            ? Value.FromInteger(address)
            : call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, $"{call[0]} is no IPv4 address of four numbers from 0 to 255");
    }

    /// <summary>Four decimal numbers from 0 to 255 without leading zeros, with dots between them.</summary>
    internal static bool TryParseIpv4(ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        var position = 0;
        for (var part = 0; part < 4; part++)
        {
            if (part > 0 && (position == text.Length || text[position++] != '.'))
                return false;
            var start = position;
            var number = 0u;
            while (position < text.Length && position - start < 3 && text[position] is >= (byte)'0' and <= (byte)'9')
                number = (number * 10) + text[position++] - '0';
            var digits = position - start;
            if (digits == 0 || number > 255 || (digits > 1 && text[start] == '0'))
                return false;
            address = (address << 8) | number;
        }
        return position == text.Length;
    }

    private static Value JsonParse(in FunctionCall call)
    {
        if (!call[0].IsString)
            return call.WrongType();
        call.Context.ReserveMemory(call[0].Utf8.Length);
        try
        {
            return JsonValueReader.Parse(call[0].Utf8);
        }
        catch (GeoFabricException error) when (error.ErrorNumber == ErrorCodes.CorruptedJson.Number)
        {
            return call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, error.Message);
        }
    }

    private static Value JsonStringify(in FunctionCall call)
    {
        var result = new TextBuffer(call.Context, 64);
        JsonValueWriter.Write(result, call[0]);
        return result.ToValue();
    }

    private static Value ToBase64(in FunctionCall call)
    {
        var utf8 = Casts.ToText(call[0]).Utf8;
        var length = 4L * ((utf8.Length + 2L) / 3);
        call.Context.ReserveMemory(length);
        var encoded = new byte[checked((int)length)];
        Base64.EncodeToUtf8(utf8, encoded, out _, out var written);
        return Value.FromUtf8(encoded, 0, written);
    }

    private static Value ToHex(in FunctionCall call)
    {
        var utf8 = Casts.ToText(call[0]).Utf8;
        call.Context.ReserveMemory(2L * utf8.Length);
        var encoded = new byte[checked(2 * utf8.Length)];
        Convert.TryToHexStringLower(utf8, encoded, out _);
        return Value.FromUtf8(encoded, 0, encoded.Length);
    }

    private static Value ToChar(in FunctionCall call)
    {
        if (!call[0].IsNumber)
            return call.WrongType();
        var number = Casts.ToInteger(call[0]);
        if (number is < 0 or > 0x10FFFF || !Rune.TryCreate((int)number, out var character))
            return call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, $"{number} is the number of no Unicode character");
        Span<byte> utf8 = stackalloc byte[4];
        return Value.FromUtf8(utf8[..character.EncodeToUtf8(utf8)]);
    }
}
