using GeoFabric.Primitives.Keys;
using GeoFabric.Primitives.Values;

namespace GeoFabric.Database.Inverted;

/// <summary>The terms of values that are no strings, and the names of fields that hold them.</summary>
public static class SearchTerms
{
    /// <summary>In the place of an analyzer: values that are no strings.</summary>
    public const string Values = InvertedKeys.ValuesAnalyzer;

    /// <summary>In the place of an analyzer: the types an attribute exists with.</summary>
    public const string Existence = InvertedKeys.ExistenceAnalyzer;

    /// <summary>The term of null, a boolean or a number. The order of the bytes is that of the values.</summary>
    public static byte[] Of(Value value)
    {
        using var key = new KeyWriter();
        key.Write(value);
        return key.Written.ToArray();
    }

    /// <summary>Where the terms of this value's type begin and end, the end excluded.</summary>
    public static (byte[] Start, byte[] End) RangeOf(Value value)
    {
        var first = value.IsBoolean ? Of(Value.False)[0] : Of(value)[0];
        var last = value.IsBoolean ? Of(Value.True)[0] : first;
        return ([first], [(byte)(last + 1)]);
    }

    /// <summary>The term for the type an attribute exists with.</summary>
    public static byte[] TypeOf(ValueKind kind) => [kind switch
    {
        ValueKind.Null => (byte)'n',
        ValueKind.Boolean => (byte)'b',
        ValueKind.Number => (byte)'d',
        ValueKind.String => (byte)'s',
        ValueKind.Array => (byte)'a',
        _ => (byte)'o',
    }];
}
