namespace GeoFabric.Query.Builtins;

/// <summary>Positions in arrays as the editing functions take them: negative ones count from the end.</summary>
internal static class ArrayPositions
{
    /// <summary>The position from the start, at least 0 and at most <paramref name="maximum"/>.</summary>
    public static long Clamp(long position, int count, int maximum) => Math.Clamp(position < 0 ? position + count : position, 0, Math.Max(0, maximum));
}
