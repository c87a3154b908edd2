using System.Buffers;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Builtins.Dates;
using static GeoFabric.Query.Builtins.FunctionPurity;

namespace GeoFabric.Query.Builtins;

/// <summary>Tests of a value's type and form. None of them warns.</summary>
public static class TypeCheckFunctions
{
    private const int KeyBytesMax = 254;

    private static readonly SearchValues<byte> KeyBytes =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_:.@()+,=;$!*'%-"u8);

    private static readonly Value NullName = Value.FromUtf8("null"u8);
    private static readonly Value BooleanName = Value.FromUtf8("bool"u8);
    private static readonly Value NumberName = Value.FromUtf8("number"u8);
    private static readonly Value StringName = Value.FromUtf8("string"u8);
    private static readonly Value ArrayName = Value.FromUtf8("array"u8);
    private static readonly Value ObjectName = Value.FromUtf8("object"u8);

    public static readonly FunctionDefinition[] Table =
    [
        new("IS_NULL", 1, 1, Pure, "Tells whether the value is null.", "IS_NULL(null)", "true", IsNull),
        new("IS_BOOL", 1, 1, Pure, "Tells whether the value is true or false.", "IS_BOOL(0)", "false", IsBool),
        new("IS_NUMBER", 1, 1, Pure, "Tells whether the value is a number.", "IS_NUMBER(1.5)", "true", IsNumber),
        new("IS_STRING", 1, 1, Pure, "Tells whether the value is a string.", "IS_STRING(\"\")", "true", IsString),
        new("IS_ARRAY", 1, 1, Pure, "Tells whether the value is an array.", "IS_ARRAY([1, 2])", "true", IsArray),
        new("IS_LIST", 1, 1, Pure, "Another name of IS_ARRAY.", "IS_LIST({})", "false", IsArray),
        new("IS_OBJECT", 1, 1, Pure, "Tells whether the value is an object.", "IS_OBJECT({ a: 1 })", "true", IsObject),
        new("IS_DOCUMENT", 1, 1, Pure, "Another name of IS_OBJECT.", "IS_DOCUMENT([])", "false", IsObject),
        new("IS_DATESTRING", 1, 1, Pure, "Tells whether the value is text in one of the accepted date formats.", "IS_DATESTRING(\"2015-02\")", "true", IsDateString),
        new("IS_IPV4", 1, 1, Pure, "Tells whether the value is text of an IPv4 address with four decimal parts.", "IS_IPV4(\"127.0.0.1\")", "true", IsIPv4),
        new("IS_KEY", 1, 1, Pure, "Tells whether the value could be the _key of a document.", "IS_KEY(\"a/b\")", "false", IsKey),
        new("TYPENAME", 1, 1, Pure, "Names the type of the value.", "TYPENAME([1])", "\"array\"", TypeName),
    ];

    private static Value IsNull(in FunctionCall call) => Value.FromBoolean(call[0].IsNull);

    private static Value IsBool(in FunctionCall call) => Value.FromBoolean(call[0].IsBoolean);

    private static Value IsNumber(in FunctionCall call) => Value.FromBoolean(call[0].IsNumber);

    private static Value IsString(in FunctionCall call) => Value.FromBoolean(call[0].IsString);

    private static Value IsArray(in FunctionCall call) => Value.FromBoolean(call[0].IsArray);

    private static Value IsObject(in FunctionCall call) => Value.FromBoolean(call[0].IsObject);

    private static Value IsDateString(in FunctionCall call) => Value.FromBoolean(call[0].IsString && DateText.TryParse(call[0].Utf8, out _));

    private static Value IsIPv4(in FunctionCall call) => Value.FromBoolean(call[0].IsString && EncodingFunctions.TryParseIpv4(call[0].Utf8, out _));

    private static Value IsKey(in FunctionCall call)
    {
        if (!call[0].IsString)
            return Value.False;
        var key = call[0].Utf8;
        return Value.FromBoolean(key.Length is > 0 and <= KeyBytesMax && !key.ContainsAnyExcept(KeyBytes));
    }

    private static Value TypeName(in FunctionCall call) => call[0].Kind switch
    {
        ValueKind.Null => NullName,
        ValueKind.Boolean => BooleanName,
        ValueKind.Number => NumberName,
        ValueKind.String => StringName,
        ValueKind.Array => ArrayName,
        _ => ObjectName,
    };
}
