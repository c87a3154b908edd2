namespace GeoFabric.Primitives.Values;

/// <summary>The six types of C8QL. The numbers are the order of the types: every null sorts before every boolean, and so on.</summary>
public enum ValueKind : byte
{
    Null = 0,
    Boolean = 1,
    Number = 2,
    String = 3,
    Array = 4,
    Object = 5,
}
