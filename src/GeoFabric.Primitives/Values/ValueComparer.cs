namespace GeoFabric.Primitives.Values;

/// <summary>The total order of C8QL over all values: null, booleans, numbers, strings, arrays, objects.</summary>
public static class ValueComparer
{
    /// <summary>Negative, zero or positive. Never throws; zero means <see cref="Equal"/>.</summary>
    public static int Compare(Value left, Value right) => throw new NotImplementedException();

    /// <summary>C8QL equality: 1 == 1.0, missing array items and attributes count as null, the order of attributes does not matter.</summary>
    public static bool Equal(Value left, Value right) => throw new NotImplementedException();
}
