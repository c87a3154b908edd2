namespace GeoFabric.Primitives.Keys;

/// <summary>First byte of each encoded key field. Persisted: append only; the numbers are the order of the types.</summary>
internal static class KeyTag
{
    /// <summary>Ends an array or object; smaller than every value so that a prefix sorts first.</summary>
    public const byte End = 0x01;
    public const byte Null = 0x10;
    public const byte False = 0x20;
    public const byte True = 0x21;
    public const byte Number = 0x30;
    public const byte String = 0x40;
    public const byte Array = 0x50;
    public const byte Object = 0x60;
}
