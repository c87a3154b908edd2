using System.Buffers;

namespace GeoFabric.Primitives.Names;

/// <summary>The rule for <c>_key</c>: 1 to 254 bytes of letters, digits and <c>_ - : . @ ( ) + , = ; $ ! * ' %</c>.</summary>
public static class DocumentKey
{
    public const int LengthMax = 254;

    private static readonly SearchValues<byte> Allowed =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-:.@()+,=;$!*'%"u8);

    public static bool IsValid(ReadOnlySpan<byte> utf8) =>
        utf8.Length is >= 1 and <= LengthMax && !utf8.ContainsAnyExcept(Allowed);
}
