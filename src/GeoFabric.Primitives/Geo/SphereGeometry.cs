namespace GeoFabric.Primitives.Geo;

/// <summary>How places and arcs of great circles lie to each other on the sphere of radius 1.</summary>
public static class SphereGeometry
{
    // Rounding of coordinates moves a place by about 1e-16; this is a hundred millionth of a metre on the globe.
    private const double Tolerance = 2e-15;

    public static bool AreSame(UnitVector a, UnitVector b) => (a - b).Length <= Tolerance;

    /// <summary>Whether a place is on the shorter arc between two others, ends included.</summary>
    public static bool IsOnArc(UnitVector place, UnitVector from, UnitVector to)
    {
        if (AreSame(place, from) || AreSame(place, to))
            return true;
        var normal = Normal(from, to);
        var length = normal.Length;
        return length > 0
            && Math.Abs(normal.Dot(place - from)) <= Tolerance * length
            && from.Cross(place).Dot(normal) >= 0
            && place.Cross(to).Dot(normal) >= 0;
    }

    /// <summary>Whether two arcs cross between their ends. Touching is no crossing.</summary>
    public static bool ArcsCross(UnitVector a, UnitVector b, UnitVector c, UnitVector d)
    {
        var first = Normal(a, b);
        var second = Normal(c, d);
        var (toC, toD) = (Side(first, a, c), Side(first, a, d));
        var (toA, toB) = (Side(second, c, a), Side(second, c, b));
        // Each arc's ends lie on different sides of the other, and both turn the same way, so it is not the opposite side of the globe.
        return toC * toD < 0 && toA * toB < 0 && toC * toB > 0;
    }

    /// <summary>On which side of an arc a place is: 1 left, -1 right, 0 on its great circle.</summary>
    private static int Side(UnitVector normal, UnitVector from, UnitVector place)
    {
        var height = normal.Dot(place - from);
        return Math.Abs(height) <= Tolerance * normal.Length ? 0 : Math.Sign(height);
    }

    /// <summary>The direction of the cross product, without the digits that it loses for short arcs.</summary>
    private static UnitVector Normal(UnitVector from, UnitVector to) => (from - to).Cross(from + to);

    public static UnitVector Middle(UnitVector a, UnitVector b) => (a + b).Normalize();
}
