using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;
using static GeoFabric.Query.Builtins.FunctionPurity;

namespace GeoFabric.Query.Builtins;

/// <summary>The casts as functions.</summary>
public static class TypeCastFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("TO_BOOL", 1, 1, Pure, "Tells whether the value counts as true in a condition.", "TO_BOOL([])", "true", ToBool),
        new("TO_NUMBER", 1, 1, Pure, "Turns the value into a number; what has no number becomes 0.", "TO_NUMBER(\" 12.5 \")", "12.5", ToNumber),
        new("TO_STRING", 1, 1, Pure, "Turns the value into text.", "TO_STRING([1, \"a\"])", "\"[1,\\\"a\\\"]\"", ToText),
        new("TO_ARRAY", 1, 1, Pure, "Turns the value into an array.", "TO_ARRAY(\"a\")", "[\"a\"]", ToArray),
        new("TO_LIST", 1, 1, Pure, "Another name of TO_ARRAY.", "TO_LIST({ a: 1, b: 2 })", "[1,2]", ToArray),
    ];

    private static Value ToBool(in FunctionCall call) => Value.FromBoolean(call[0].IsTruthy);

    private static Value ToNumber(in FunctionCall call) => Casts.ToNumber(call[0]);

    private static Value ToText(in FunctionCall call) => Casts.ToText(call[0]);

    private static Value ToArray(in FunctionCall call) => Casts.ToArray(call[0]);
}
