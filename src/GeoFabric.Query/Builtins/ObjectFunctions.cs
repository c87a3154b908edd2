using GeoFabric.Primitives.Errors;
using GeoFabric.Primitives.Values;
using GeoFabric.Query.Evaluation;

namespace GeoFabric.Query.Builtins;

/// <summary>Functions that look into objects.</summary>
public static class ObjectFunctions
{
    public static readonly FunctionDefinition[] Table =
    [
        new("ATTRIBUTES", 1, 3, FunctionPurity.Pure, "The attribute names of an object, optionally without system ones and sorted.", "ATTRIBUTES({_key: \"1\", b: 2, a: 3}, true, true)", "[\"a\",\"b\"]", Names),
        new("KEYS", 1, 3, FunctionPurity.Pure, "The same as ATTRIBUTES.", "KEYS({b: 2, a: 3})", "[\"b\",\"a\"]", Names),
        new("VALUES", 1, 2, FunctionPurity.Pure, "The attribute values of an object, optionally without those of system attributes.", "VALUES({_key: \"1\", b: 2, a: [3]}, true)", "[2,[3]]", Values),
        new("ENTRIES", 1, 1, FunctionPurity.Pure, "The attributes of an object as pairs of name and value.", "ENTRIES({a: 1, b: null})", "[[\"a\",1],[\"b\",null]]", Entries),
        new("HAS", 2, 2, FunctionPurity.Pure, "Whether an object has an attribute, even if it is null.", "HAS({a: null}, \"a\")", "true", Has),
        new("MATCHES", 2, 3, FunctionPurity.Pure, "Whether an object has all attributes of an example or of one of several; or which.", "MATCHES({a: 1, b: 2}, [{a: 2}, {b: 2}], true)", "1", Matches),
        new("TRANSLATE", 2, 3, FunctionPurity.Pure, "What an object maps the value to, or else the default or the value itself.", "TRANSLATE(\"no\", {no: \"Norway\"})", "\"Norway\"", Translate),
        new("VALUE", 2, 2, FunctionPurity.Pure, "The value at the end of a path of attribute names and positions, or null.", "VALUE({a: [{b: 7}]}, [\"a\", 0, \"b\"])", "7", AtPath),
        new("ZIP", 2, 2, FunctionPurity.Pure, "An object from an array of names and one of values.", "ZIP([\"a\", 2], [1, null])", "{\"a\":1,\"2\":null}", Zip),
        new("CHECK_DOCUMENT", 1, 1, FunctionPurity.Pure, "Whether the value is an object without repeated attribute names.", "CHECK_DOCUMENT({a: 1})", "true", CheckDocument),
    ];

    private static bool IsSystem(ReadOnlySpan<byte> name) => name.Length > 0 && name[0] == '_';

    private static Value Names(in FunctionCall call)
    {
        if (!call[0].IsObject)
            return call.WrongType();
        var withoutSystem = call[1].IsTruthy;
        var names = new ValueListWriter(call.Context, call[0].Attributes.Count);
        foreach (var (name, _) in call[0].Attributes)
        {
            if (!withoutSystem || !IsSystem(name))
                names.Add(Value.FromUtf8(name));
        }
        if (call[2].IsTruthy)
            names.Items.Sort(ValueComparer.Compare);
        return names.ToValue();
    }

    private static Value Values(in FunctionCall call)
    {
        if (!call[0].IsObject)
            return call.WrongType();
        var withoutSystem = call[1].IsTruthy;
        var values = new ValueListWriter(call.Context, call[0].Attributes.Count);
        foreach (var (name, value) in call[0].Attributes)
        {
            if (!withoutSystem || !IsSystem(name))
                values.Add(value);
        }
        return values.ToValue();
    }

    private static Value Entries(in FunctionCall call)
    {
        if (!call[0].IsObject)
            return call.WrongType();
        var entries = new ValueListWriter(call.Context, call[0].Attributes.Count);
        foreach (var (name, value) in call[0].Attributes)
        {
            call.Context.ReserveMemory(name.Length + 48);
            entries.Add(Value.FromList([Value.FromUtf8(name), value], 2));
        }
        return entries.ToValue();
    }

    private static Value Has(in FunctionCall call) =>
        Value.FromBoolean(call[0].TryGetAttribute(Casts.ToText(call[1]).Utf8, out _));

    private static Value Matches(in FunctionCall call)
    {
        var wantsIndex = call[2].IsTruthy;
        if (!call[0].IsObject)
            return wantsIndex ? Value.FromInteger(-1) : Value.False;
        if (call[1].IsObject)
            return Answer(MatchesExample(call[0], call[1]) ? 0 : -1, wantsIndex);
        if (!call[1].IsArray || call[1].Items.Count == 0)
        {
            call.WrongType();
            return Value.False;
        }
        var index = -1;
        foreach (var example in call[1].Items)
        {
            index++;
            if (!example.IsObject)
                call.WrongType();
            else if (MatchesExample(call[0], example))
                return Answer(index, wantsIndex);
        }
        return Answer(-1, wantsIndex);
    }

    private static Value Answer(int index, bool wantsIndex) =>
        wantsIndex ? Value.FromInteger(index) : Value.FromBoolean(index >= 0);

    private static bool MatchesExample(Value document, Value example)
    {
        foreach (var (name, value) in example.Attributes)
        {
            if (!ValueComparer.Equal(document.GetAttribute(name), value))
                return false;
        }
        return true;
    }

    private static Value Translate(in FunctionCall call)
    {
        if (!call[1].IsObject)
            return call.WrongType();
        if (call[1].TryGetAttribute(Casts.ToText(call[0]).Utf8, out var translated))
            return translated;
        return call.Count > 2 ? call[2] : call[0];
    }

    private static Value AtPath(in FunctionCall call)
    {
        if (!call[0].IsObject || !call[1].IsArray)
            return call.WrongType();
        // A path of no steps leads nowhere, not to the object itself.
        var value = call[1].Items.Count == 0 ? default : call[0];
        foreach (var step in call[1].Items)
        {
            if (!step.IsString && !step.IsNumber)
                return call.WrongType();
            if (value.IsArray && step.IsNumber)
            {
                var items = value.Items;
                var index = Casts.ToInteger(step);
                index = index < 0 ? index + items.Count : index;
                value = index >= 0 && index < items.Count ? items[(int)index] : default;
            }
            else
            {
                value = value.GetAttribute(Casts.ToText(step).Utf8);
            }
        }
        return value;
    }

    private static Value Zip(in FunctionCall call)
    {
        if (!call[0].IsArray || !call[1].IsArray)
            return call.WrongType();
        var names = call[0].Items;
        var values = call[1].Items;
        if (names.Count != values.Count)
            return call.Warn(ErrorCodes.FunctionArgumentTypeMismatch, $"{names.Count} names and {values.Count} values, there must be as many of each");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        using var result = new ValueBuilder();
        result.BeginObject();
        for (var i = 0; i < names.Count; i++)
        {
            var name = Casts.ToText(names[i]);
            if (seen.Add(name.Text))
                result.WriteAttribute(name.Utf8, values[i]);
        }
        result.EndObject();
        return ObjectShapeFunctions.Finish(call, result);
    }

    private static Value CheckDocument(in FunctionCall call) => Value.FromBoolean(call[0].IsObject);
}
