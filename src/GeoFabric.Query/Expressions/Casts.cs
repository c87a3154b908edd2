using GeoFabric.Primitives.Values;

namespace GeoFabric.Query.Expressions;

/// <summary>The silent casts of C8QL (specification, section 2). None of them warns or throws.</summary>
public static class Casts
{
    /// <summary>null, false and unreadable text become 0; one-element arrays their element's number; longer arrays and objects 0.</summary>
    public static Value ToNumber(Value value) => throw new NotImplementedException();

    public static double ToDouble(Value value) => ToNumber(value).Number;

    /// <summary>Truncated toward zero and clamped to 64 bits.</summary>
    public static long ToInteger(Value value) => throw new NotImplementedException();

    /// <summary>null becomes "", containers compact JSON, numbers their shortest round-trip form as in JavaScript. A string comes back as it is.</summary>
    public static Value ToText(Value value) => throw new NotImplementedException();

    /// <summary>null becomes [], a scalar [x], an object the array of its values.</summary>
    public static Value ToArray(Value value) => throw new NotImplementedException();
}
