namespace GeoFabric.Primitives.Values;

/// <summary>A 64-bit hash that is equal for values that are equal by <see cref="ValueComparer.Equal"/>.</summary>
public static class ValueHasher
{
    public static ulong Hash(Value value) => throw new NotImplementedException();
}
